// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf;

/// <summary>What implementations of <see cref="IFieldAccess"/> share: unboxing, scalars as bits, and errors.</summary>
public static class FieldAccess
{
    /// <summary>Unboxes a value; the number of an enum value unboxes as the enum.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public static T Unbox<T>(object? value)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(value);
        return (T)value;
    }

    /// <summary>The error of a field number that the message does not have.</summary>
    public static ArgumentException NoSuchField(IMessage message, int number) =>
        new($"{message.GetType().Name} has no field with number {number}.", nameof(number));

    /// <summary>The error of setting a repeated or map field, or one that the message does not have.</summary>
    public static ArgumentException NotSettable(IMessage message, int number) => new(
        $"Field {number} of {message.GetType().Name} cannot be set: it is repeated or a map (change its elements instead), "
        + "or there is no such field.",
        nameof(number));

    /// <summary>The error of asking for the bits of a field that is no singular number, bool or enum, or that the message does not have.</summary>
    public static ArgumentException NotScalar(IFieldAccess message, int number)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new ArgumentException(
            $"Field {number} of {message.GetType().Name} is no singular number, bool or enum, or there is no such field.", nameof(number));
    }

    /// <summary>The bits of a value; a negative one is sign-extended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(int value) => unchecked((ulong)value);

    /// <summary>The bits of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(uint value) => value;

    /// <summary>The bits of a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(long value) => unchecked((ulong)value);

    /// <summary>The bits of a value: the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(ulong value) => value;

    /// <summary>The bits of a value, as IEEE 754 has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>The bits of a value, as IEEE 754 has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(double value) => BitConverter.DoubleToUInt64Bits(value);

    /// <summary>The bits of a value: 1 for true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToBits(bool value) => value ? 1UL : 0UL;

    /// <summary>The value of bits: an int32, sint32 or sfixed32, or the number of an enum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInt32(ulong bits) => unchecked((int)bits);

    /// <summary>The value of bits: a uint32 or fixed32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToUInt32(ulong bits) => unchecked((uint)bits);

    /// <summary>The value of bits: an int64, sint64 or sfixed64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToInt64(ulong bits) => unchecked((long)bits);

    /// <summary>The value of bits: a uint64 or fixed64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToUInt64(ulong bits) => bits;

    /// <summary>The value of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ulong bits) => BitConverter.UInt32BitsToSingle(unchecked((uint)bits));

    /// <summary>The value of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    /// <summary>The value of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ToBoolean(ulong bits) => bits != 0;

    /// <summary>Unboxes a number, bool or enum as bits; false for everything else.</summary>
    internal static bool TryUnboxBits(object? value, out ulong bits)
    {
        (bits, bool isScalar) = value switch
        {
            int typed => (ToBits(typed), true),
            uint typed => (ToBits(typed), true),
            long typed => (ToBits(typed), true),
            ulong typed => (typed, true),
            float typed => (ToBits(typed), true),
            double typed => (ToBits(typed), true),
            bool typed => (ToBits(typed), true),
            Enum => (ToBits((int)value), true),
            _ => (0UL, false),
        };
        return isScalar;
    }

    /// <summary>Boxes bits in the type that <paramref name="old"/> has; null if that is no number, bool or enum.</summary>
    internal static object? Box(ulong bits, object? old) => old switch
    {
        int or Enum => ToInt32(bits),
        uint => ToUInt32(bits),
        long => ToInt64(bits),
        ulong => bits,
        float => ToSingle(bits),
        double => ToDouble(bits),
        bool => ToBoolean(bits),
        _ => null,
    };
}
