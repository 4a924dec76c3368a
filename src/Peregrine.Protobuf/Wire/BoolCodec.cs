// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a value of type bool.</summary>
public readonly struct BoolCodec : IValueCodec<bool>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static bool Default => default;

    /// <inheritdoc/>
    public static bool Read(ref WireReader reader) => reader.ReadBool();

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, bool value) => writer.WriteBoolValue(value);

    /// <inheritdoc/>
    public static long Size(bool value) => 1;

    /// <inheritdoc/>
    public static bool FromVarint(ulong varint) => varint != 0;

    /// <inheritdoc/>
    public static ulong ToVarint(bool value) => value ? 1UL : 0UL;

    /// <inheritdoc/>
    public static long KnownSize(bool value) => Size(value);
}
