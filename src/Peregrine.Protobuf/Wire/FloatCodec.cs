// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type float.</summary>
public readonly struct FloatCodec : IValueCodec<float>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Fixed32;

    /// <inheritdoc/>
    public static int FixedSize => 4;

    /// <inheritdoc/>
    public static float Default => default;

    /// <inheritdoc/>
    public static float Read(ref WireReader reader) => reader.ReadFloat();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, float value) => writer.WriteFloatValue(value);

    /// <inheritdoc/>
    public static long Size(float value) => 4;

    /// <inheritdoc/>
    public static long KnownSize(float value) => Size(value);
}
