// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type sint32 (zigzag).</summary>
public readonly struct SInt32Codec : IValueCodec<int>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static int Default => default;

    /// <inheritdoc/>
    public static int Read(ref WireReader reader) => reader.ReadSInt32();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, int value) => writer.WriteSInt32Value(value);

    /// <inheritdoc/>
    public static long Size(int value) => WireSize.SInt32(value);

    /// <inheritdoc/>
    public static int FromVarint(ulong varint) => Varint.UnZigZag((uint)varint);

    /// <inheritdoc/>
    public static ulong ToVarint(int value) => Varint.ZigZag(value);

    /// <inheritdoc/>
    public static long KnownSize(int value) => Size(value);
}
