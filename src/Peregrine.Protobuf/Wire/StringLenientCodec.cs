// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type string, its UTF-8 not verified.</summary>
public readonly struct StringLenientCodec : IValueCodec<string>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.LengthDelimited;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static string Default => "";

    /// <inheritdoc/>
    public static string Read(ref WireReader reader) => reader.ReadStringLenient();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, string value) => writer.WriteStringValue(value);

    /// <inheritdoc/>
    public static long Size(string value) => WireSize.String(value);

    /// <inheritdoc/>
    public static long KnownSize(string value) => Size(value);
}
