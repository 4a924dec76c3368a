// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type sint64 (zigzag).</summary>
public readonly struct SInt64Codec : IValueCodec<long>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static long Default => default;

    /// <inheritdoc/>
    public static long Read(ref WireReader reader) => reader.ReadSInt64();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, long value) => writer.WriteSInt64Value(value);

    /// <inheritdoc/>
    public static long Size(long value) => WireSize.SInt64(value);

    /// <inheritdoc/>
    public static long FromVarint(ulong varint) => Varint.UnZigZag(varint);

    /// <inheritdoc/>
    public static ulong ToVarint(long value) => Varint.ZigZag(value);

    /// <inheritdoc/>
    public static long KnownSize(long value) => Size(value);
}
