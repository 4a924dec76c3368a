// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Cli.Calls;

/// <summary>Where requests come from.</summary>
/// <param name="Data">The values of <c>--data</c>: text, <c>@FILE</c>, or <c>@</c> for standard input; none for what suits the method.</param>
/// <param name="Format">How they are written.</param>
/// <param name="AreLines">Whether JSON is what <c>call --json</c> prints; else this is recognized where it can be nothing else.</param>
internal sealed record RequestSettings(IReadOnlyList<string> Data, MessageText Format, bool AreLines = false);
