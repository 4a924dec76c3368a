// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Peregrine.Cli.Commands;

/// <summary>A command that <see cref="Program"/> runs itself: here for the help and for completion only.</summary>
internal sealed class ForwardedCommand(string name, string description) : Command(name, description);
