// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;

namespace Peregrine.Cli.Commands;

/// <summary>Options of one topic.</summary>
/// <param name="Title">The topic.</param>
/// <param name="Options">The options.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
