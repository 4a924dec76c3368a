// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using System.Globalization;

namespace Peregrine.Protobuf.Json;

/// <summary>Reads numbers from JSON number tokens and from quoted numbers, which follow the same grammar (RFC 8259 section 6).</summary>
internal static class JsonNumbers
{
    // 2^64 has 20 digits: a number with more integer digits fits no type.
    private const int MaxIntegerDigits = 20;

    /// <summary>Reads an integer that is written as digits only, behind a sign or none; false for all other forms, and for more than 19 digits.</summary>
    public static bool TryParsePlain(ReadOnlySpan<byte> text, out bool isNegative, out ulong magnitude)
    {
        magnitude = 0;
        isNegative = text[0] == '-';
        ReadOnlySpan<byte> digits = isNegative ? text[1..] : text;
        if (digits.Length is 0 or > MaxIntegerDigits - 1 || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            uint value = digit - (uint)'0';
            if (value > 9)
            {
                return false;
            }

            magnitude = (magnitude * 10) + value;
        }

        return true;
    }

    /// <summary>
    /// Reads an integer exactly. A fraction or exponent is fine if the value is an integer: 1.0, 1e5, 100e-2.
    /// </summary>
    public static bool TryParseInteger(ReadOnlySpan<byte> text, out Int128 value)
    {
        if (Utf8Parser.TryParse(text, out long small, out int consumed) && consumed == text.Length && IsNumber(text))
        {
            value = small;
            return true;
        }

        value = 0;
        if (!IsNumber(text))
        {
            return false;
        }

        bool negative = text[0] == '-';
        text = negative ? text[1..] : text;
        int exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> mantissa = exponentAt < 0 ? text : text[..exponentAt];
        long exponent = 0;
        if (exponentAt >= 0)
        {
            ReadOnlySpan<byte> digits = text[(exponentAt + 1)..];
            bool negativeExponent = digits[0] == '-';
            foreach (byte b in digits)
            {
                // Beyond the length of any input the exact exponent no longer matters.
                if (b is >= (byte)'0' and <= (byte)'9' && exponent < int.MaxValue)
                {
                    exponent = (exponent * 10) + (b - '0');
                }
            }

            exponent = negativeExponent ? -exponent : exponent;
        }

        int point = mantissa.IndexOf((byte)'.');
        long integerDigits = (point < 0 ? mantissa.Length : point) + exponent;
        long position = 0;
        int significant = 0;
        foreach (byte b in mantissa)
        {
            if (b == '.')
            {
                continue;
            }

            int digit = b - '0';
            position++;
            if (position > integerDigits)
            {
                if (digit != 0)
                {
                    return false;
                }
            }
            else if (digit != 0 || significant > 0)
            {
                if (++significant > MaxIntegerDigits)
                {
                    return false;
                }

                value = (value * 10) + digit;
            }
        }

        if (significant > 0)
        {
            for (; position < integerDigits; position++)
            {
                if (++significant > MaxIntegerDigits)
                {
                    return false;
                }

                value *= 10;
            }
        }

        value = negative ? -value : value;
        return true;
    }

    /// <summary>Reads a double; false when the text is no number or too large.</summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        return IsNumber(text) && TryParseToken(text, out value);
    }

    /// <summary>Reads a number whose form was checked as a double; false when it is too large.</summary>
    public static bool TryParseToken(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    /// <summary>Reads a float; false when the text is no number or too large.</summary>
    public static bool TryParseFloat(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        return IsNumber(text) && TryParseToken(text, out value);
    }

    /// <summary>Reads a number whose form was checked as a float; false when it is too large.</summary>
    public static bool TryParseToken(ReadOnlySpan<byte> text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    private static bool IsNumber(ReadOnlySpan<byte> text)
    {
        int i = 0;
        if (i < text.Length && text[i] == '-')
        {
            i++;
        }

        int start = i;
        if (!SkipDigits(text, ref i) || (text[start] == '0' && i - start > 1))
        {
            return false;
        }

        if (i < text.Length && text[i] == '.')
        {
            i++;
            if (!SkipDigits(text, ref i))
            {
                return false;
            }
        }

        if (i < text.Length && text[i] is (byte)'e' or (byte)'E')
        {
            i++;
            if (i < text.Length && text[i] is (byte)'+' or (byte)'-')
            {
                i++;
            }

            if (!SkipDigits(text, ref i))
            {
                return false;
            }
        }

        return i == text.Length;
    }

    private static bool SkipDigits(ReadOnlySpan<byte> text, ref int i)
    {
        int start = i;
        while (i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9')
        {
            i++;
        }

        return i > start;
    }
}
