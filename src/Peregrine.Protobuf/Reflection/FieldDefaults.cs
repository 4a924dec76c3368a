// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Literals;

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
        // protoc escapes what is not ASCII; a hand-made descriptor may hold characters, which mean their UTF-8.
        ArrayBufferWriter<byte> bytes = new(Math.Max(1, text.Length));
        return TextLiterals.TryUnescape(Encoding.UTF8.GetBytes(text), bytes) ? ByteString.CopyFrom(bytes.WrittenSpan) : throw Bad(field, text);
    }

    private static DescriptorValidationException Bad(FieldDescriptor field, string text) =>
        new(field.File.Name, field.FullName, $"The default value \"{text}\" is not one of type {field.FieldType}.");
}
