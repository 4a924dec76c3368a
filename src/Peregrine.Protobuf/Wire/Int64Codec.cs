// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type int64.</summary>
public readonly struct Int64Codec : IValueCodec<long>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static long Default => default;

    /// <inheritdoc/>
    public static long Read(ref WireReader reader) => reader.ReadInt64();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, long value) => writer.WriteInt64Value(value);

    /// <inheritdoc/>
    public static long Size(long value) => WireSize.Int64(value);

    /// <inheritdoc/>
    public static long FromVarint(ulong varint) => (long)varint;

    /// <inheritdoc/>
    public static ulong ToVarint(long value) => (ulong)value;

    /// <inheritdoc/>
    public static long KnownSize(long value) => Size(value);
}
