// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type sfixed32.</summary>
public readonly struct SFixed32Codec : IValueCodec<int>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed32;

    /// <inheritdoc/>
    public static int FixedSize => 4;

    /// <inheritdoc/>
    public static int Default => default;

    /// <inheritdoc/>
    public static int Read(ref WireReader reader) => reader.ReadSFixed32();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, int value) => writer.WriteSFixed32Value(value);

    /// <inheritdoc/>
    public static long Size(int value) => 4;

    /// <inheritdoc/>
    public static long KnownSize(int value) => Size(value);
}
