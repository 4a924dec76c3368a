// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Calls;

/// <summary>What a <see cref="CallLine"/> holds.</summary>
internal enum CallLineKind
{
    /// <summary>A message in JSON.</summary>
    Json,

    /// <summary>A message in text format, which has no JSON.</summary>
    Text,

    /// <summary>The end of a call with status OK: no message.</summary>
    End,
}
