// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Mock;

/// <summary>The faults that rules know.</summary>
internal enum RuleFaultKind
{
    /// <summary>The stream is reset (RST_STREAM), without a status.</summary>
    Reset,

    /// <summary>The connection breaks, with all its calls.</summary>
    Drop,

    /// <summary>Nothing comes any more.</summary>
    Hang,

    /// <summary>A message lacks its end.</summary>
    Truncate,

    /// <summary>A message is no message.</summary>
    Corrupt,
}
