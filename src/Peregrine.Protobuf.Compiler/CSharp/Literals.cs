// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Literals;

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
        if (!TryUnescape(escaped, out var bytes))
        {
            // DescriptorRules has refused the file before.
            throw new ArgumentException($"\"{escaped}\" has an escape that does not exist.", nameof(escaped));
        }

        return bytes.Length == 0 ? Clr.ByteString + ".Empty" : $"{Clr.ByteString}.CopyFrom({string.Join(", ", bytes)})";
    }

    /// <summary>Undoes the C escapes of a default value of descriptor.proto; false if there is one that does not exist.</summary>
    public static bool TryUnescape(string escaped, out byte[] bytes)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(1, escaped.Length));
        var isValid = TextLiterals.TryUnescape(Encoding.UTF8.GetBytes(escaped), output);
        bytes = output.WrittenSpan.ToArray();
        return isValid;
    }

    /// <summary>A floating-point default value of descriptor.proto: a decimal number, <c>inf</c>, <c>-inf</c> or <c>nan</c>.</summary>
    public static string FloatingPoint(string text, string type, string suffix) => text switch
    {
        "inf" => type + ".PositiveInfinity",
        "-inf" => type + ".NegativeInfinity",
        "nan" or "-nan" => type + ".NaN",
        _ => text + suffix,
    };
}
