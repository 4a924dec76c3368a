// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of an enum value: its number as an int32.</summary>
/// <typeparam name="TEnum">A generated enum, whose underlying type is <see cref="int"/>.</typeparam>
public readonly struct EnumCodec<TEnum> : IValueCodec<TEnum>
    where TEnum : struct, Enum
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.Varint;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static TEnum Default => default;

    /// <inheritdoc/>
    public static TEnum Read(ref WireReader reader) => Unsafe.BitCast<int, TEnum>(reader.ReadEnum());

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, TEnum value) =>
        writer.WriteEnumValue(Unsafe.BitCast<TEnum, int>(value));

    /// <inheritdoc/>
    public static long Size(TEnum value) => WireSize.Enum(Unsafe.BitCast<TEnum, int>(value));

    /// <inheritdoc/>
    public static bool IsPlainInt32 => true;

    /// <inheritdoc/>
    public static TEnum FromVarint(ulong varint) => Unsafe.BitCast<int, TEnum>((int)varint);

    /// <inheritdoc/>
    public static ulong ToVarint(TEnum value) => (ulong)Unsafe.BitCast<TEnum, int>(value);

    /// <inheritdoc/>
    public static long KnownSize(TEnum value) => Size(value);
}
