// SPDX-License-Identifier: Apache-2.0
using System;
using System.Numerics;

namespace Peregrine.Protobuf.Json;

/// <summary>The powers of ten that lie between the largest and the smallest double and whole numbers, to 128 bits.</summary>
internal static class PowersOfTen
{
    private const int Least = -292;
    private const int Greatest = 324;
    private const int BitsPerLimb = 32;

    // 2^864 over 5^292, the smallest quotient that is needed, has 186 bits.
    private const int Limbs = 27;

    // Made when the first number asks: that takes less than reading so much data from the assembly's file would at worst.
    private static readonly UInt128[] Powers = Make();

    /// <summary>The 128 leading bits of ten to a power, rounded up.</summary>
    /// <param name="exponent">From -292 to 324.</param>
    public static UInt128 Of(int exponent) => Powers[exponent - Least];

    /// <summary>The largest power of two that is not above ten to a power, as its exponent; exact for all powers of the table.</summary>
    public static int FloorLog2(int exponent) => (exponent * 1741647) >> 19;

    // 10^n is 5^n with other places, so its leading bits are those of 5^n.
    private static UInt128[] Make()
    {
        var powers = new UInt128[Greatest - Least + 1];
        Span<uint> number = stackalloc uint[Limbs + 1];
        number.Clear();
        number[0] = 1;
        for (int exponent = 0; exponent <= Greatest; exponent++)
        {
            powers[exponent - Least] = LeadingBits(number, out bool isExact) + (isExact ? UInt128.Zero : UInt128.One);
            MultiplyByFive(number);
        }

        // The floor of a floor's fifth is the floor of the number's fifth: no error comes in.
        number.Clear();
        number[Limbs] = 1;
        for (int exponent = -1; exponent >= Least; exponent--)
        {
            DivideByFive(number);
            powers[exponent - Least] = LeadingBits(number, out _) + UInt128.One;
        }

        return powers;
    }

    private static UInt128 LeadingBits(ReadOnlySpan<uint> number, out bool isExact)
    {
        int top = number.LastIndexOfAnyExcept(0U);
        int shift = BitOperations.LeadingZeroCount(number[top]);
        UInt128 bits = 0;
        for (int i = top; i > top - 4; i--)
        {
            bits = (bits << BitsPerLimb) | (i >= 0 ? number[i] : 0);
        }

        uint next = top >= 4 ? number[top - 4] : 0;
        isExact = top < 4 || ((next << shift) == 0 && !number[..(top - 4)].ContainsAnyExcept(0U));
        return (bits << shift) | (uint)((ulong)next << shift >> BitsPerLimb);
    }

    private static void MultiplyByFive(Span<uint> number)
    {
        ulong carry = 0;
        for (int i = 0; i < number.Length; i++)
        {
            carry += number[i] * 5UL;
            number[i] = (uint)carry;
            carry >>= BitsPerLimb;
        }
    }

    private static void DivideByFive(Span<uint> number)
    {
        ulong rest = 0;
        for (int i = number.Length - 1; i >= 0; i--)
        {
            rest = (rest << BitsPerLimb) | number[i];
            number[i] = (uint)(rest / 5);
            rest %= 5;
        }
    }
}
