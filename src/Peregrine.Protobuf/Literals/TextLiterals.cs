// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Literals;

/// <summary>
/// The literals that text format, .proto files and the default values in descriptors have in common: numbers, and strings
/// with C's escapes. Pure functions.
/// </summary>
public static class TextLiterals
{
    /// <summary>Not a number, with the sign bit clear as in other languages; that of <see cref="double.NaN"/> is set.</summary>
    public static readonly double NaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    private const uint MaxCodePoint = 0x10FFFF;

    /// <summary>Reads a decimal, octal (leading 0) or hexadecimal (leading 0x) number without a sign.</summary>
    /// <param name="text">The number, nothing around it.</param>
    /// <param name="max">The largest number that is accepted.</param>
    /// <param name="value">The number; 0 when it is not one.</param>
    /// <returns>False when the text is no such number, or a larger one.</returns>
    public static bool TryParseInteger(ReadOnlySpan<byte> text, ulong max, out ulong value)
    {
        value = 0;
        uint radix = 10;
        if (text.Length > 1 && text[0] == '0')
        {
            bool hex = text[1] is (byte)'x' or (byte)'X';
            radix = hex ? 16u : 8u;
            text = text[(hex ? 2 : 1)..];
        }

        UInt128 sum = 0;
        foreach (byte c in text)
        {
            int digit = HexValue(c);
            if (digit < 0 || digit >= radix)
            {
                return false;
            }

            sum = (sum * radix) + (uint)digit;
            if (sum > max)
            {
                return false;
            }
        }

        value = (ulong)sum;
        return true;
    }

    /// <summary>Reads a decimal number without a sign; one too large becomes infinity.</summary>
    /// <param name="text">The number, nothing around it.</param>
    /// <param name="value">The number nearest to it.</param>
    /// <returns>False when the text is no number.</returns>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    /// <summary>The text of 15, or else 17, digits that reads back as the same number, in the form of C's <c>%g</c>.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text; <c>inf</c>, <c>-inf</c> or <c>nan</c> for what is not finite.</returns>
    public static string FormatDouble(double value)
    {
        if (double.IsNaN(value))
        {
            return "nan";
        }

        if (double.IsInfinity(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        string text = value.ToString("G15", CultureInfo.InvariantCulture);
        if (double.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            text = value.ToString("G17", CultureInfo.InvariantCulture);
        }

        return text.Replace('E', 'e');
    }

    /// <summary>As <see cref="FormatDouble"/>, with the 6 or else 9 digits that tell apart numbers of 32 bits.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The text; <c>inf</c>, <c>-inf</c> or <c>nan</c> for what is not finite.</returns>
    public static string FormatFloat(float value)
    {
        if (!float.IsFinite(value))
        {
            return FormatDouble(value);
        }

        // Below the normal numbers protoc writes all digits: C's reader reports what it reads there as out of range.
        string text = value.ToString("G6", CultureInfo.InvariantCulture);
        if (float.IsSubnormal(value) || float.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            text = value.ToString("G9", CultureInfo.InvariantCulture);
        }

        return text.Replace('E', 'e');
    }

    /// <summary>Adds what a quoted string stands for; what is no escape stands for itself without its backslash.</summary>
    /// <param name="token">The string in its single or double quotes; the last quote may be missing.</param>
    /// <param name="output">Where the bytes go; text in UTF-8, but an escape may stand for any byte.</param>
    public static void Unquote(ReadOnlySpan<byte> token, IBufferWriter<byte> output)
    {
        if (token.Length != 0)
        {
            bool isClosed = token.Length > 1 && token[^1] == token[0];
            Unescape(token[1..(isClosed ? token.Length - 1 : token.Length)], output, acceptsNoncharacters: true);
        }
    }

    /// <summary>Adds what text with C's escapes stands for.</summary>
    /// <param name="text">The text, without quotes around it.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <returns>
    /// Whether all escapes are ones: of one of the letters <c>abfnrtv</c>, a quote, a question mark or the backslash; of one to
    /// three octal or, behind <c>x</c>, one or two hexadecimal digits, for a byte; of four digits behind <c>u</c> or eight behind
    /// <c>U</c>, for a Unicode character. Surrogates are no characters, not even as a pair.
    /// </returns>
    public static bool TryUnescape(ReadOnlySpan<byte> text, IBufferWriter<byte> output) =>
        Unescape(text, output, acceptsNoncharacters: false) < 0;

    /// <summary>Text in which what is not printable ASCII, and quotes and backslashes, are C's escapes, as protoc writes them.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>The text, without quotes around it.</returns>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\r' => text.Append("\\r"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'"' => text.Append("\\\""),
                (byte)'\'' => text.Append("\\'"),
                (byte)'\\' => text.Append("\\\\"),
                < 0x20 or >= 0x7F => text.Append('\\').Append((char)('0' + (b >> 6))).Append((char)('0' + ((b >> 3) & 7))).Append((char)('0' + (b & 7))),
                _ => text.Append((char)b),
            };
        }

        return text.ToString();
    }

    /// <summary>Adds what text with escapes stands for, to its end even if an escape is wrong.</summary>
    /// <param name="text">The text, without quotes around it.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="acceptsNoncharacters">
    /// Whether surrogates, numbers up to 1fffff that are no code points and octal ones above a byte are accepted, as protoc does. A pair
    /// of surrogates gives its character, one alone its three bytes, a number its own text, an octal one its low byte.
    /// </param>
    /// <returns>Where the first backslash stands whose escape is wrong; -1 if all are right.</returns>
    internal static int Unescape(ReadOnlySpan<byte> text, IBufferWriter<byte> output, bool acceptsNoncharacters)
    {
        int wrong = -1;
        int i = 0;
        while (i < text.Length)
        {
            int plain = text[i..].IndexOf((byte)'\\');
            if (plain < 0)
            {
                output.Write(text[i..]);
                break;
            }

            output.Write(text.Slice(i, plain));
            int backslash = i + plain;
            i = backslash + 1;
            if (!UnescapeOne(text, ref i, output, acceptsNoncharacters) && wrong < 0)
            {
                wrong = backslash;
            }
        }

        return wrong;
    }

    private static bool UnescapeOne(ReadOnlySpan<byte> text, ref int i, IBufferWriter<byte> output, bool acceptsNoncharacters)
    {
        if (i == text.Length)
        {
            Put(output, (byte)'\\');
            return false;
        }

        byte c = text[i++];
        switch (c)
        {
            case >= (byte)'0' and <= (byte)'7':
                i--;
                uint octal = ReadDigits(text, ref i, 3, 8);
                Put(output, (byte)octal);
                return octal <= byte.MaxValue || acceptsNoncharacters;
            case (byte)'x' or (byte)'X':
                int start = i;
                Put(output, (byte)ReadDigits(text, ref i, 2, 16));
                return i > start;
            case (byte)'u' or (byte)'U':
                return UnescapeCodePoint(text, ref i, c == 'u' ? 4 : 8, output, acceptsNoncharacters);
            case (byte)'\\' or (byte)'\'' or (byte)'"' or (byte)'?':
                Put(output, c);
                return true;
            default:
                int control = "abtnvfr"u8.IndexOf(c);
                Put(output, control < 0 ? c : (byte)('\a' + control));
                return control >= 0;
        }
    }

    private static bool UnescapeCodePoint(
        ReadOnlySpan<byte> text, ref int i, int digits, IBufferWriter<byte> output, bool acceptsNoncharacters)
    {
        int start = i;
        uint code = ReadDigits(text, ref i, digits, 16);
        bool isRight = i - start == digits && code <= 0x1FFFFF && (code <= MaxCodePoint || acceptsNoncharacters);
        code &= 0x1FFFFF;
        if (acceptsNoncharacters && code is >= 0xD800 and < 0xDC00 && text[i..].StartsWith("\\u"u8))
        {
            int next = i + 2;
            uint low = ReadDigits(text, ref next, 4, 16);
            if (low is >= 0xDC00 and < 0xE000)
            {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i = next;
            }
        }

        // A lone surrogate keeps its three bytes: the value of a bytes field may be meant that way. What is no code point stays written.
        if (code > MaxCodePoint)
        {
            output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\U{code:x8}")));
        }
        else if (code >= 0x10000)
        {
            Put(output, (byte)(0xF0 | (code >> 18)));
            Put(output, (byte)(0x80 | ((code >> 12) & 0x3F)));
            Put(output, (byte)(0x80 | ((code >> 6) & 0x3F)));
            Put(output, (byte)(0x80 | (code & 0x3F)));
        }
        else if (code >= 0x800)
        {
            Put(output, (byte)(0xE0 | (code >> 12)));
            Put(output, (byte)(0x80 | ((code >> 6) & 0x3F)));
            Put(output, (byte)(0x80 | (code & 0x3F)));
        }
        else if (code >= 0x80)
        {
            Put(output, (byte)(0xC0 | (code >> 6)));
            Put(output, (byte)(0x80 | (code & 0x3F)));
        }
        else
        {
            Put(output, (byte)code);
        }

        return isRight && (code is < 0xD800 or > 0xDFFF || acceptsNoncharacters);
    }

    private static uint ReadDigits(ReadOnlySpan<byte> text, ref int i, int most, uint radix)
    {
        uint value = 0;
        for (int n = 0; n < most && i < text.Length && HexValue(text[i]) is >= 0 and int digit && digit < radix; n++)
        {
            value = (value * radix) + (uint)digit;
            i++;
        }

        return value;
    }

    private static void Put(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static int HexValue(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };
}
