// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Calls;

/// <summary>What editors of Windows write before UTF-8, and means nothing.</summary>
internal static class ByteOrderMark
{
    /// <summary>Its bytes.</summary>
    public static ReadOnlySpan<byte> Bytes => [0xEF, 0xBB, 0xBF];

    /// <summary>An input without it.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> input) => input.Span.StartsWith(Bytes) ? input[Bytes.Length..] : input;
}
