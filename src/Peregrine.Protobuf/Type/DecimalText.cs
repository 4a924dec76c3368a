// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <summary>Reads the grammar of decimal.proto into a <see cref="decimal"/>, exactly or not at all.</summary>
internal static class DecimalText
{
    private const int MaxScale = 28;
    private const int MaxDigits = 29;

    // What an exponent is cut to: beyond any number of digits that a string can have, so that it decides alone.
    private const long FarExponent = 1L << 40;

    // What of a text an error shows.
    private const int MaxShown = 64;

    private static readonly UInt128 Largest = (UInt128)decimal.MaxValue;

    public static decimal Parse(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = text;
        bool negative = TakeSign(ref rest);
        ReadOnlySpan<char> integer = TakeDigits(ref rest);
        ReadOnlySpan<char> fraction = [];
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = TakeDigits(ref rest);
        }

        long exponent = 0;
        if (rest is ['e' or 'E', ..])
        {
            rest = rest[1..];
            bool down = TakeSign(ref rest);
            ReadOnlySpan<char> digits = TakeDigits(ref rest);
            if (digits.IsEmpty)
            {
                throw Malformed(text);
            }

            exponent = ReadExponent(digits);
            exponent = down ? -exponent : exponent;
        }

        return rest.IsEmpty && integer.Length + fraction.Length > 0
            ? Combine(text, negative, integer, fraction, exponent)
            : throw Malformed(text);
    }

    // The digits are one whole number, of which the exponent tells what its last digit stands for.
    private static decimal Combine(
        string text, bool negative, ReadOnlySpan<char> integer, ReadOnlySpan<char> fraction, long exponent)
    {
        exponent -= fraction.Length;
        integer = integer.TrimStart('0');
        if (integer.IsEmpty)
        {
            fraction = fraction.TrimStart('0');
        }

        int count = integer.Length + fraction.Length;
        if (count == 0)
        {
            return new decimal(0, 0, 0, isNegative: false, (byte)Math.Clamp(-exponent, 0, MaxScale));
        }

        // Zeros at the end go only where there are too many digits.
        while (count > 1 && (count > MaxDigits || exponent < -MaxScale) && Digit(integer, fraction, count - 1) == 0)
        {
            count--;
            exponent++;
        }

        // How many digits stand before the point.
        long whole = count + exponent;
        if (whole > MaxDigits || (whole == MaxDigits && Read(integer, fraction, Math.Min(count, MaxDigits), MaxDigits) > Largest))
        {
            throw TooLarge(text);
        }

        if (exponent < -MaxScale || count > MaxDigits)
        {
            throw TooPrecise(text);
        }

        UInt128 number = Read(integer, fraction, count, (int)Math.Max(count, whole));
        exponent = Math.Min(exponent, 0);
        for (; number > Largest && exponent < 0 && number % 10 == 0; exponent++)
        {
            number /= 10;
        }

        if (number > Largest)
        {
            throw TooPrecise(text);
        }

        return new decimal((int)(uint)number, (int)(uint)(number >> 32), (int)(uint)(number >> 64), negative, (byte)-exponent);
    }

    // The first digits as a number of that many places.
    private static UInt128 Read(ReadOnlySpan<char> integer, ReadOnlySpan<char> fraction, int count, int places)
    {
        UInt128 number = 0;
        for (int i = 0; i < places; i++)
        {
            number = (number * 10) + (i < count ? (uint)Digit(integer, fraction, i) : 0);
        }

        return number;
    }

    private static int Digit(ReadOnlySpan<char> integer, ReadOnlySpan<char> fraction, int index) =>
        (index < integer.Length ? integer[index] : fraction[index - integer.Length]) - '0';

    private static bool TakeSign(scoped ref ReadOnlySpan<char> rest)
    {
        bool negative = rest is ['-', ..];
        rest = rest is ['+' or '-', ..] ? rest[1..] : rest;
        return negative;
    }

    private static ReadOnlySpan<char> TakeDigits(scoped ref ReadOnlySpan<char> rest)
    {
        int length = rest.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? rest.Length : length;
        ReadOnlySpan<char> digits = rest[..length];
        rest = rest[length..];
        return digits;
    }

    private static long ReadExponent(ReadOnlySpan<char> digits)
    {
        long exponent = 0;
        foreach (char digit in digits)
        {
            exponent = Math.Min(FarExponent, (exponent * 10) + (digit - '0'));
        }

        return exponent;
    }

    private static FormatException Malformed(string text) => new(
        $"\"{Shown(text)}\" is not a decimal number. Expected is an optional sign, digits with an optional \".\", and an optional exponent, as in -2.5E+8.");

    private static OverflowException TooLarge(string text) => new(
        $"The number {Shown(text)} is too large for a System.Decimal, whose limit is {decimal.MaxValue}.");

    private static OverflowException TooPrecise(string text) => new(
        $"The number {Shown(text)} has more digits than a System.Decimal can hold, and would be rounded. Round it first, or keep it as text.");

    private static string Shown(string text) => text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "...");
}
