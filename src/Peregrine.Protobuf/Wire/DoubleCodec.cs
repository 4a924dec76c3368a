// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type double.</summary>
public readonly struct DoubleCodec : IValueCodec<double>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed64;

    /// <inheritdoc/>
    public static int FixedSize => 8;

    /// <inheritdoc/>
    public static double Default => default;

    /// <inheritdoc/>
    public static double Read(ref WireReader reader) => reader.ReadDouble();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, double value) => writer.WriteDoubleValue(value);

    /// <inheritdoc/>
    public static long Size(double value) => 8;

    /// <inheritdoc/>
    public static long KnownSize(double value) => Size(value);
}
