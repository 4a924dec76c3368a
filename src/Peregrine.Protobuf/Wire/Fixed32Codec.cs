// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type fixed32.</summary>
public readonly struct Fixed32Codec : IValueCodec<uint>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed32;

    /// <inheritdoc/>
    public static int FixedSize => 4;

    /// <inheritdoc/>
    public static uint Default => default;

    /// <inheritdoc/>
    public static uint Read(ref WireReader reader) => reader.ReadFixed32();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, uint value) => writer.WriteFixed32Value(value);

    /// <inheritdoc/>
    public static long Size(uint value) => 4;

    /// <inheritdoc/>
    public static long KnownSize(uint value) => Size(value);
}
