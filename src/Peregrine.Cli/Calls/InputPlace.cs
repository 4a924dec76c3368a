// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Calls;

/// <summary>A place in the input.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1: bytes of JSON, characters of text format.</param>
internal readonly record struct InputPlace(int Line, int Column)
{
    /// <summary>Where an input begins.</summary>
    public static InputPlace Start { get; } = new(1, 1);

    /// <summary>The place behind bytes that begin at this one.</summary>
    public InputPlace Behind(ReadOnlySpan<byte> bytes) => bytes.LastIndexOf((byte)'\n') is >= 0 and var last
        ? new InputPlace(Line + bytes.Count((byte)'\n'), bytes.Length - last)
        : new InputPlace(Line, Column + bytes.Length);

    /// <summary>The place of the input that has given line and column counted from this one.</summary>
    public InputPlace Plus(int line, int column) => new(Line + line - 1, line == 1 ? Column + column - 1 : column);
}
