// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Values as C# literals.</summary>
internal static class Literals
{
    /// <summary>A string literal: ASCII, everything else escaped.</summary>
    public static string String(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                >= ' ' and <= '~' => c.ToString(),
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        return result.Append('"').ToString();
    }

    /// <summary>The bytes that a default value of descriptor.proto stands for (C escapes), as a ByteString expression.</summary>
    public static string Bytes(string escaped)
    {
        var bytes = Unescape(escaped);
        return bytes.Count == 0
            ? Clr.ByteString + ".Empty"
            : $"{Clr.ByteString}.CopyFrom({string.Join(", ", bytes)})";
    }

    /// <summary>A floating-point default value of descriptor.proto: a decimal number, <c>inf</c>, <c>-inf</c> or <c>nan</c>.</summary>
    public static string FloatingPoint(string text, string type, string suffix) => text switch
    {
        "inf" => type + ".PositiveInfinity",
        "-inf" => type + ".NegativeInfinity",
        "nan" or "-nan" => type + ".NaN",
        _ => text + suffix,
    };

    // The escapes that the compiler writes into default_value: those of C, octal ones with up to three digits.
    private static List<byte> Unescape(string text)
    {
        var result = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
                continue;
            }

            var c = text[++i];
            switch (c)
            {
                case >= '0' and <= '7':
                    var value = 0;
                    for (var digits = 0; digits < 3 && i < text.Length && text[i] is >= '0' and <= '7'; digits++, i++)
                    {
                        value = (value * 8) + (text[i] - '0');
                    }

                    i--;
                    result.Add((byte)value);
                    break;
                case 'x' or 'X':
                    var start = i + 1;
                    var end = start;
                    while (end < text.Length && end < start + 2 && char.IsAsciiHexDigit(text[end]))
                    {
                        end++;
                    }

                    result.Add(byte.Parse(text.AsSpan(start, end - start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i = end - 1;
                    break;
                default:
                    result.Add((byte)(c switch
                    {
                        'a' => 7,
                        'b' => 8,
                        't' => 9,
                        'n' => 10,
                        'v' => 11,
                        'f' => 12,
                        'r' => 13,
                        _ => c,
                    }));
                    break;
            }
        }

        return result;
    }
}
