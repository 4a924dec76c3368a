// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Differencing;

/// <summary>Values as people read them in a list of differences.</summary>
internal static class DifferenceText
{
    private const int LongestBytes = 32;

    public static string Of(FieldDescriptor? field, object? value) =>
        field?.FieldType == FieldType.Enum && value is not null && field.EnumType.FindValueByNumber((int)value) is { } named ? named.Name : Of(value);

    public static string Of(object? value) => value switch
    {
        null => "unset",
        Enum number => Convert.ToInt32(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        string text => Quote(text),
        ByteString bytes => Of(bytes),
        bool flag => flag ? "true" : "false",
        UnknownFieldSet unknown => Hex(unknown.Encoded.Span),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Text in double quotes, its control characters escaped.</summary>
    public static string Quote(string text)
    {
        StringBuilder result = new(text.Length + 2);
        result.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => result.Append('\\').Append(c),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ when char.IsControl(c) => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }

    private static string Of(ByteString bytes) => Hex(bytes.Span);

    private static string Hex(ReadOnlySpan<byte> bytes) => bytes.Length <= LongestBytes
        ? $"0x{Convert.ToHexString(bytes)}"
        : $"0x{Convert.ToHexString(bytes[..LongestBytes])}... ({bytes.Length} bytes)";
}
