// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type int32.</summary>
public readonly struct Int32Codec : IValueCodec<int>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static int Default => default;

    /// <inheritdoc/>
    public static int Read(ref WireReader reader) => reader.ReadInt32();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, int value) => writer.WriteInt32Value(value);

    /// <inheritdoc/>
    public static long Size(int value) => WireSize.Int32(value);

    /// <inheritdoc/>
    public static bool IsPlainInt32 => true;

    /// <inheritdoc/>
    public static int FromVarint(ulong varint) => (int)varint;

    /// <inheritdoc/>
    public static ulong ToVarint(int value) => (ulong)value;

    /// <inheritdoc/>
    public static long KnownSize(int value) => Size(value);
}
