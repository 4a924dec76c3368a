// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type bytes.</summary>
public readonly struct BytesCodec : IValueCodec<ByteString>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.LengthDelimited;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static ByteString Default => ByteString.Empty;

    /// <inheritdoc/>
    public static ByteString Read(ref WireReader reader) => reader.ReadBytes();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, ByteString value) => writer.WriteBytesValue(value);

    /// <inheritdoc/>
    public static long Size(ByteString value) => WireSize.Bytes(value);

    /// <inheritdoc/>
    public static long KnownSize(ByteString value) => Size(value);
}
