// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>A range of bytes in a <see cref="SourceFile"/>.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Number of bytes; zero for a place between two bytes.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>Offset of the byte behind the last one.</summary>
    public int End => Start + Length;
}
