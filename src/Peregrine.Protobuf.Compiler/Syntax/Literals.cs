// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>What the text of number and string tokens means.</summary>
internal static class Literals
{
    /// <summary>Not a number, with the sign bit clear as in other languages; that of <see cref="double.NaN"/> is set.</summary>
    public static readonly double NaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    /// <summary>Reads a decimal, octal (leading 0) or hexadecimal (leading 0x) number of at most <paramref name="max"/>.</summary>
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

    /// <summary>Reads a decimal number; one too large becomes infinity.</summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    /// <summary>The shortest text of 15 or else 17 digits that reads back as the same number, in the form of C's <c>%g</c>.</summary>
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
    public static string FormatFloat(float value)
    {
        if (!float.IsFinite(value))
        {
            return FormatDouble(value);
        }

        string text = value.ToString("G6", CultureInfo.InvariantCulture);
        if (float.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            text = value.ToString("G9", CultureInfo.InvariantCulture);
        }

        return text.Replace('E', 'e');
    }

    /// <summary>Adds what a quoted token stands for.</summary>
    public static void Unquote(ReadOnlySpan<byte> token, ArrayBufferWriter<byte> output)
    {
        if (token.Length == 0)
        {
            return;
        }

        byte quote = token[0];
        int i = 1;
        while (i < token.Length)
        {
            byte c = token[i++];
            if (c == quote && i == token.Length)
            {
                break;
            }

            if (c == '\\' && i < token.Length)
            {
                i = UnquoteEscape(token, i, output);
            }
            else
            {
                Put(output, c);
            }
        }
    }

    /// <summary>The form that default values of bytes fields have in descriptors.</summary>
    public static string EscapeBytes(ReadOnlySpan<byte> bytes)
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

    private static int UnquoteEscape(ReadOnlySpan<byte> token, int i, ArrayBufferWriter<byte> output)
    {
        byte c = token[i++];
        switch (c)
        {
            case >= (byte)'0' and <= (byte)'7':
                {
                    int value = c - '0';
                    for (int n = 0; n < 2 && i < token.Length && token[i] is >= (byte)'0' and <= (byte)'7'; n++)
                    {
                        value = (value * 8) + (token[i++] - '0');
                    }

                    Put(output, (byte)value);
                    return i;
                }

            case (byte)'x' or (byte)'X':
                {
                    int value = 0;
                    for (int n = 0; n < 2 && i < token.Length && HexValue(token[i]) >= 0; n++)
                    {
                        value = (value * 16) + HexValue(token[i++]);
                    }

                    Put(output, (byte)value);
                    return i;
                }

            case (byte)'u' or (byte)'U':
                return UnquoteCodePoint(token, i, c == 'u' ? 4 : 8, output);
            default:
                Put(output, c switch
                {
                    (byte)'a' => 7,
                    (byte)'b' => 8,
                    (byte)'f' => 12,
                    (byte)'n' => 10,
                    (byte)'r' => 13,
                    (byte)'t' => 9,
                    (byte)'v' => 11,
                    _ => c,
                });
                return i;
        }
    }

    private static int UnquoteCodePoint(ReadOnlySpan<byte> token, int i, int digits, ArrayBufferWriter<byte> output)
    {
        uint code = ReadHex(token, ref i, digits);
        if (code is >= 0xD800 and < 0xDC00 && i + 1 < token.Length && token[i] == '\\' && token[i + 1] == 'u')
        {
            int next = i + 2;
            uint low = ReadHex(token, ref next, 4);
            if (low is >= 0xDC00 and < 0xE000)
            {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                i = next;
            }
        }

        // A lone surrogate keeps its three bytes: the value of a bytes field may be meant that way. What is no code point stays written.
        if (code > 0x10FFFF)
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

        return i;
    }

    private static uint ReadHex(ReadOnlySpan<byte> token, ref int i, int digits)
    {
        uint value = 0;
        for (int n = 0; n < digits && i < token.Length && HexValue(token[i]) >= 0; n++)
        {
            value = (value << 4) | (uint)HexValue(token[i++]);
        }

        return value & 0x1FFFFF;
    }

    private static void Put(ArrayBufferWriter<byte> output, byte value)
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
