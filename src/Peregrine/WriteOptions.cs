// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>Options of message writes. Immutable.</summary>
public class WriteOptions
{
    /// <summary>Options without any flag.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>Makes write options.</summary>
    /// <param name="flags">The flags; none by default.</param>
    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    /// <summary>The flags.</summary>
    public WriteFlags Flags { get; }
}
