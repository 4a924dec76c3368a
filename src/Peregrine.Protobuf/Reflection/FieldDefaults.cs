// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Reads the text form in which descriptors carry default values (descriptor.proto, field default_value).</summary>
internal static class FieldDefaults
{
    /// <summary>The boxed default of a singular field that is not a message.</summary>
    /// <exception cref="DescriptorValidationException">The text does not suit the field's type.</exception>
    public static object Of(FieldDescriptor field)
    {
        bool given = field.Proto.HasDefaultValue;
        string text = given ? field.Proto.DefaultValue : "";
        switch (field.FieldType)
        {
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                return !given ? 0 : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i32) ? i32 : throw Bad(field, text);
            case FieldType.UInt32 or FieldType.Fixed32:
                return !given ? 0u : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint u32) ? u32 : throw Bad(field, text);
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                return !given ? 0L : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long i64) ? i64 : throw Bad(field, text);
            case FieldType.UInt64 or FieldType.Fixed64:
                return !given ? 0UL : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong u64) ? u64 : throw Bad(field, text);
            case FieldType.Double:
                return !given ? 0.0 : ParseFloating(field, text);
            case FieldType.Float:
                return !given ? 0f : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float f) && float.IsFinite(f) ? f : (float)ParseFloating(field, text);
            case FieldType.Bool:
                return text switch { "true" => true, "false" or "" => false, _ => throw Bad(field, text) };
            case FieldType.String:
                return text;
            case FieldType.Bytes:
                return Unescape(field, text);
            case FieldType.Enum:
                EnumDescriptor type = field.EnumType;
                return !given ? (type.Values.Count > 0 ? type.Values[0].Number : 0) : (type.FindValueByName(text) ?? throw Bad(field, text)).Number;
            default:
                throw new InvalidOperationException($"{field.FullName} has no default value: it is a message.");
        }
    }

    private static double ParseFloating(FieldDescriptor field, string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Bad(field, text),
    };

    /// <summary>Undoes the C escapes with which protoc writes default values of bytes fields.</summary>
    private static ByteString Unescape(FieldDescriptor field, string text)
    {
        ArrayBufferWriter<byte> bytes = new(Math.Max(1, text.Length));
        int i = 0;
        while (i < text.Length)
        {
            char c = text[i++];
            if (c != '\\')
            {
                // protoc escapes what is not ASCII; a hand-made descriptor may hold characters, which mean their UTF-8.
                int length = char.IsHighSurrogate(c) && i < text.Length ? 2 : 1;
                Encoding.UTF8.GetBytes(text.AsSpan(i - 1, length), bytes);
                i += length - 1;
                continue;
            }

            if (i == text.Length)
            {
                throw Bad(field, text);
            }

            c = text[i++];
            int value;
            if (c is >= '0' and <= '7')
            {
                value = c - '0';
                for (int n = 1; n < 3 && i < text.Length && text[i] is >= '0' and <= '7'; n++)
                {
                    value = (value * 8) + (text[i++] - '0');
                }
            }
            else if (c is 'x' or 'X')
            {
                if (i == text.Length || !char.IsAsciiHexDigit(text[i]))
                {
                    throw Bad(field, text);
                }

                value = Convert.ToInt32(text[i++].ToString(), 16);
                if (i < text.Length && char.IsAsciiHexDigit(text[i]))
                {
                    value = (value * 16) + Convert.ToInt32(text[i++].ToString(), 16);
                }
            }
            else
            {
                value = c switch
                {
                    'a' => 7,
                    'b' => 8,
                    'f' => 12,
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    'v' => 11,
                    '\\' or '\'' or '"' or '?' => c,
                    _ => throw Bad(field, text),
                };
            }

            if (value > byte.MaxValue)
            {
                throw Bad(field, text);
            }

            bytes.GetSpan(1)[0] = (byte)value;
            bytes.Advance(1);
        }

        return ByteString.CopyFrom(bytes.WrittenSpan);
    }

    private static DescriptorValidationException Bad(FieldDescriptor field, string text) =>
        new(field.File.Name, field.FullName, $"The default value \"{text}\" is not one of type {field.FieldType}.");
}
