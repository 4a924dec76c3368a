// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type fixed64.</summary>
public readonly struct Fixed64Codec : IValueCodec<ulong>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed64;

    /// <inheritdoc/>
    public static int FixedSize => 8;

    /// <inheritdoc/>
    public static ulong Default => default;

    /// <inheritdoc/>
    public static ulong Read(ref WireReader reader) => reader.ReadFixed64();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, ulong value) => writer.WriteFixed64Value(value);

    /// <inheritdoc/>
    public static long Size(ulong value) => 8;

    /// <inheritdoc/>
    public static long KnownSize(ulong value) => Size(value);
}
