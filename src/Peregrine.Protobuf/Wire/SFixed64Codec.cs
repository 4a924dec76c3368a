// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type sfixed64.</summary>
public readonly struct SFixed64Codec : IValueCodec<long>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed64;

    /// <inheritdoc/>
    public static int FixedSize => 8;

    /// <inheritdoc/>
    public static long Default => default;

    /// <inheritdoc/>
    public static long Read(ref WireReader reader) => reader.ReadSFixed64();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, long value) => writer.WriteSFixed64Value(value);

    /// <inheritdoc/>
    public static long Size(long value) => 8;

    /// <inheritdoc/>
    public static long KnownSize(long value) => Size(value);
}
