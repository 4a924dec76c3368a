// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// The shortest decimal text that reads back as a floating-point number, and of several the nearest, in the form that .NET writes. .NET's own
/// takes three times as long, and is another number for some powers of two (2^-958). Raffaello Giulietti's algorithm (The Schubfach way to render doubles, 2021): one power of ten and three products.
/// </summary>
internal static class ShortestDecimal
{
    private const int DoubleBits = 52;
    private const int DoubleBias = 1023 + DoubleBits;
    private const int FloatBits = 23;
    private const int FloatBias = 127 + FloatBits;

    // The most digits that a text has, and that a whole number is written out with.
    private const int DoublePrecision = 17;
    private const int FloatPrecision = 9;

    // From here on a number below one has an exponent: 0.0001, but 1E-05.
    private const int MostLeadingZeros = 4;

    /// <summary>Writes a number.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="destination">At least <see cref="JsonNumberText.MaxLength"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Format(double value, Span<byte> destination) => Format(
        double.IsNegative(value), BitConverter.DoubleToUInt64Bits(value), DoubleBits, DoubleBias, DoublePrecision, destination);

    /// <inheritdoc cref="Format(double, Span{byte})"/>
    public static int Format(float value, Span<byte> destination) => Format(
        float.IsNegative(value), BitConverter.SingleToUInt32Bits(value), FloatBits, FloatBias, FloatPrecision, destination);

    private static int Format(bool isNegative, ulong bits, int fractionBits, int bias, int precision, Span<byte> destination)
    {
        ulong fraction = bits & ((1UL << fractionBits) - 1);
        int exponentMask = (2 * (bias - fractionBits)) + 1;
        int exponent = (int)(bits >> fractionBits) & exponentMask;
        int scale = 0;
        ulong digits = exponent != 0 ? Shorten(fraction | (1UL << fractionBits), exponent - bias, fraction == 0 && exponent > 1, out scale)
            : fraction != 0 ? Shorten(fraction, 1 - bias, isPowerOfTwo: false, out scale)
            : 0;
        return Write(isNegative, digits, scale, precision, destination);
    }

    /// <summary>Finds the shortest decimal in the interval that rounds to <c>significand * 2^exponent</c>.</summary>
    /// <param name="significand">The significand, not 0.</param>
    /// <param name="exponent">Its power of two.</param>
    /// <param name="isPowerOfTwo">Whether the next smaller number is nearer than the next larger.</param>
    /// <param name="scale">The power of ten of the last digit.</param>
    /// <returns>The digits.</returns>
    private static ulong Shorten(ulong significand, int exponent, bool isPowerOfTwo, out int scale)
    {
        // The number and the borders of its interval, in quarters of its last place. An even significand owns its borders.
        ulong odd = significand & 1;
        ulong lower = (4 * significand) - (isPowerOfTwo ? 1UL : 2UL);
        ulong middle = 4 * significand;
        ulong upper = (4 * significand) + 2;

        // floor(log10(2^exponent)), or of three quarters of it where the interval is narrower.
        scale = ((exponent * 1262611) - (isPowerOfTwo ? 524031 : 0)) >> 22;
        int shift = exponent + PowersOfTen.FloorLog2(-scale) + 1;
        UInt128 power = PowersOfTen.Of(-scale);
        lower = MultiplyToOdd(power, lower << shift) + odd;
        middle = MultiplyToOdd(power, middle << shift);
        upper = MultiplyToOdd(power, upper << shift) - odd;

        ulong digits = middle / 4;
        if (digits >= 10)
        {
            // One digit less, if one of the two neighbours is in the interval.
            ulong shorter = digits / 10;
            bool isBelowIn = lower <= 40 * shorter;
            bool isAboveIn = (40 * shorter) + 40 <= upper;
            if (isBelowIn != isAboveIn)
            {
                scale++;
                return isAboveIn ? shorter + 1 : shorter;
            }
        }

        bool isFloorIn = lower <= 4 * digits;
        bool isCeilingIn = (4 * digits) + 4 <= upper;
        if (isFloorIn != isCeilingIn)
        {
            return isCeilingIn ? digits + 1 : digits;
        }

        // Both are: the nearer one, and of two as near the even one.
        ulong half = (4 * digits) + 2;
        return middle > half || (middle == half && (digits & 1) != 0) ? digits + 1 : digits;
    }

    /// <summary>The integer part of a product over 2^128, with its lowest bit set where a fraction was cut off.</summary>
    private static ulong MultiplyToOdd(UInt128 power, ulong factor)
    {
        ulong low = Math.BigMul((ulong)power, factor, out _);
        ulong high = Math.BigMul((ulong)(power >> 64), factor, out ulong middle);
        middle += low;
        high += middle < low ? 1UL : 0UL;

        // The power is rounded up, by less than what 1 in the middle stands for.
        return high | (middle > 1 ? 1UL : 0UL);
    }

    /// <summary>Writes digits as .NET does, without an exponent where it is small.</summary>
    private static int Write(bool isNegative, ulong digits, int scale, int precision, Span<byte> destination)
    {
        while (digits % 10 == 0 && digits != 0)
        {
            digits /= 10;
            scale++;
        }

        int at = 0;
        if (isNegative)
        {
            destination[at++] = (byte)'-';
        }

        Utf8Formatter.TryFormat(digits, destination[(at + 1)..], out int count);

        // The digits stand one place too far to the right: where a point goes, those before it move to the left.
        int point = count + scale;
        if (point > precision || point <= -MostLeadingZeros)
        {
            return at + WriteScientific(destination[at..], count, point - 1);
        }

        Span<byte> number = destination[at..];
        if (point <= 0)
        {
            number.Slice(1, count).CopyTo(number[(2 - point)..]);
            number[0] = (byte)'0';
            number[1] = (byte)'.';
            number[2..(2 - point)].Fill((byte)'0');
            return at + 2 - point + count;
        }

        if (point >= count)
        {
            number.Slice(1, count).CopyTo(number);
            number[count..point].Fill((byte)'0');
            return at + point;
        }

        number.Slice(1, point).CopyTo(number);
        number[point] = (byte)'.';
        return at + count + 1;
    }

    private static int WriteScientific(Span<byte> number, int count, int exponent)
    {
        number[0] = number[1];
        int at = 1;
        if (count > 1)
        {
            number[1] = (byte)'.';
            at = count + 1;
        }

        number[at++] = (byte)'E';
        number[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        int magnitude = Math.Abs(exponent);
        if (magnitude < 10)
        {
            number[at++] = (byte)'0';
        }

        Utf8Formatter.TryFormat(magnitude, number[at..], out int length);
        return at + length;
    }
}
