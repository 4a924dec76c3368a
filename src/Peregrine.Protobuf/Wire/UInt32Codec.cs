// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type uint32.</summary>
public readonly struct UInt32Codec : IValueCodec<uint>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static uint Default => default;

    /// <inheritdoc/>
    public static uint Read(ref WireReader reader) => reader.ReadUInt32();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, uint value) => writer.WriteUInt32Value(value);

    /// <inheritdoc/>
    public static long Size(uint value) => WireSize.UInt32(value);

    /// <inheritdoc/>
    public static bool IsPlainInt32 => true;

    /// <inheritdoc/>
    public static uint FromVarint(ulong varint) => (uint)varint;

    /// <inheritdoc/>
    public static ulong ToVarint(uint value) => value;

    /// <inheritdoc/>
    public static long KnownSize(uint value) => Size(value);
}
