// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type uint64.</summary>
public readonly struct UInt64Codec : IValueCodec<ulong>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static ulong Default => default;

    /// <inheritdoc/>
    public static ulong Read(ref WireReader reader) => reader.ReadUInt64();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, ulong value) => writer.WriteUInt64Value(value);

    /// <inheritdoc/>
    public static long Size(ulong value) => WireSize.UInt64(value);

    /// <inheritdoc/>
    public static ulong FromVarint(ulong varint) => varint;

    /// <inheritdoc/>
    public static ulong ToVarint(ulong value) => value;

    /// <inheritdoc/>
    public static long KnownSize(ulong value) => Size(value);
}
