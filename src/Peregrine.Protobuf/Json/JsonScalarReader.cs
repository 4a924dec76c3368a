// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Json;

/// <summary>Reads numbers, booleans, text, bytes and enum values, each in every form that the mapping allows.</summary>
internal sealed class JsonScalarReader(JsonMessageReader messages)
{
    // With the sign bit clear as in text format and in other languages; that of double.NaN is set.
    private static readonly double NaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);

    private static ReadOnlySpan<byte> Base64Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>
    /// Reads a number, a bool or an enum as bits, without making an object of it; false for an unknown enum name that is to be ignored. The
    /// forms that writers use are read at once, all others as <see cref="TryRead"/> does.
    /// </summary>
    public bool TryReadBits(ref Utf8JsonReader reader, JsonField field, out ulong bits)
    {
        if (TryReadPlain(ref reader, field, out bits))
        {
            return true;
        }

        bool isRead = TryRead(ref reader, field.Descriptor, out object? value);
        _ = FieldAccess.TryUnboxBits(value, out bits);
        return isRead;
    }

    /// <summary>The text of the token where the reader is, if it stands in the input as it is: in one piece and without escapes.</summary>
    public static bool TryGetPlain(ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        text = reader.HasValueSequence || reader.ValueIsEscaped ? default : reader.ValueSpan;
        return !text.IsEmpty;
    }

    /// <summary>Reads a number, a bool or an enum as bits, if it has a form that writers use; false says nothing about other forms.</summary>
    public static bool TryReadPlain(ref Utf8JsonReader reader, JsonField field, out ulong bits)
    {
        bits = 0;
        return TryGetPlain(ref reader, out ReadOnlySpan<byte> text) && TryReadPlain(reader.TokenType, text, field, out bits);
    }

    /// <summary>Reads a map key that is text, or an integer in the form that writers use; false says nothing about others.</summary>
    /// <param name="reader">The reader, on the name of a member.</param>
    /// <param name="field">The key's field.</param>
    /// <param name="text">The name as it stands in the input.</param>
    /// <param name="key">The key.</param>
    public static bool TryReadPlainKey(ref Utf8JsonReader reader, JsonField field, out ReadOnlySpan<byte> text, out UntypedValue key)
    {
        key = default;
        if (!TryGetPlain(ref reader, out text))
        {
            return false;
        }

        if (field.Kind == JsonKind.String)
        {
            key = new UntypedValue(0, ReadString(ref reader));
            return true;
        }

        if (field.Kind == JsonKind.Bool || !TryReadPlain(JsonTokenType.String, text, field, out ulong bits))
        {
            return false;
        }

        key = new UntypedValue(bits, null);
        return true;
    }

    private static bool TryReadPlain(JsonTokenType token, ReadOnlySpan<byte> text, JsonField field, out ulong bits)
    {
        bits = 0;
        switch (field.Kind)
        {
            case JsonKind.Bool:
                bits = token == JsonTokenType.True ? 1UL : 0UL;
                return token is JsonTokenType.True or JsonTokenType.False;
            case JsonKind.Enum when token == JsonTokenType.String:
                EnumValueDescriptor? value = field.Enum.FindValue(text);
                bits = FieldAccess.ToBits(value?.Number ?? 0);
                return value is not null;
            case JsonKind.Enum:
                return false;
            case JsonKind.Float or JsonKind.Double when token != JsonTokenType.Number:
                return false;
        }

        if (token is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return false;
        }

        if (JsonNumbers.TryParsePlain(text, out bool isNegative, out ulong magnitude) && TryConvert(field.Kind, isNegative, magnitude, out bits))
        {
            return true;
        }

        switch (field.Kind)
        {
            case JsonKind.Float:
                bool isFloat = JsonNumbers.TryParseToken(text, out float single);
                bits = FieldAccess.ToBits(single);
                return isFloat;
            case JsonKind.Double:
                bool isDouble = JsonNumbers.TryParseToken(text, out double number);
                bits = FieldAccess.ToBits(number);
                return isDouble;
            default:
                return false;
        }
    }

    private static bool TryConvert(JsonKind kind, bool isNegative, ulong magnitude, out ulong bits)
    {
        // Every whole number up to here has a float, or a double, of its own.
        const ulong WholeFloats = 1 << 24;
        const ulong WholeDoubles = 1L << 53;
        long signed = isNegative ? -(long)magnitude : (long)magnitude;
        bool isMinusZero = isNegative && magnitude == 0;
        (bits, bool fits) = kind switch
        {
            JsonKind.Int32 => ((ulong)signed, magnitude <= int.MaxValue + (isNegative ? 1UL : 0UL)),
            JsonKind.Int64 => ((ulong)signed, magnitude <= long.MaxValue + (isNegative ? 1UL : 0UL)),
            JsonKind.UInt32 => (magnitude, magnitude <= uint.MaxValue && (!isNegative || magnitude == 0)),
            JsonKind.UInt64 => (magnitude, !isNegative || magnitude == 0),
            JsonKind.Float => (FieldAccess.ToBits((float)signed), magnitude <= WholeFloats && !isMinusZero),
            JsonKind.Double => (FieldAccess.ToBits((double)signed), magnitude <= WholeDoubles && !isMinusZero),
            _ => (0UL, false),
        };
        return fits;
    }

    /// <summary>Reads a value that is not a message; false for an unknown enum name that is to be ignored.</summary>
    public bool TryRead(ref Utf8JsonReader reader, FieldDescriptor field, out object? value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                value = RequireString(ref reader, "a string");
                return true;
            case FieldType.Bytes:
                value = ReadBytes(ref reader);
                return true;
            case FieldType.Bool:
                value = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.False => false,
                    _ => throw JsonMessageReader.Mismatch("true or false", reader.TokenType),
                };
                return true;
            case FieldType.Float:
                value = ReadFloat(ref reader);
                return true;
            case FieldType.Double:
                value = ReadDouble(ref reader);
                return true;
            case FieldType.Enum:
                return TryReadEnum(ref reader, field, out value);
            default:
                value = ToInteger(ReadInteger(ref reader, field.FieldType), field.FieldType);
                return true;
        }
    }

    /// <summary>Reads the text of a string or property name.</summary>
    public static string ReadString(ref Utf8JsonReader reader)
    {
        // Our own way of making a string of ASCII looks at it once.
        if (TryGetPlain(ref reader, out ReadOnlySpan<byte> plain) && AsciiText.TryDecode(plain) is { } ascii)
        {
            return ascii;
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonMismatchException("The text holds invalid UTF-8 or an unpaired surrogate.", e);
        }
    }

    /// <summary>Whether the reader is on a member of this name.</summary>
    public static bool IsNamed(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonMismatchException("The name of a member holds an unpaired surrogate.", e);
        }
    }

    public static string RequireString(ref Utf8JsonReader reader, string expected) =>
        reader.TokenType == JsonTokenType.String ? ReadString(ref reader) : throw JsonMessageReader.Mismatch(expected, reader.TokenType);

    /// <summary>Reads a map key, which JSON always writes as text.</summary>
    public static UntypedValue ReadMapKey(string text, FieldDescriptor keyField)
    {
        switch (keyField.FieldType)
        {
            case FieldType.String:
                return new UntypedValue(0, text);
            case FieldType.Bool:
                return new UntypedValue(
                    text switch
                    {
                        "true" => 1,
                        "false" => 0,
                        _ => throw new JsonMismatchException($"A key of type bool is \"true\" or \"false\", not \"{text}\"."),
                    },
                    null);
            default:
                return JsonNumbers.TryParseInteger(Encoding.UTF8.GetBytes(text), out Int128 value)
                    && FieldAccess.TryUnboxBits(ToInteger(value, keyField.FieldType), out ulong bits)
                        ? new UntypedValue(bits, null)
                        : throw new JsonMismatchException($"\"{text}\" is not a key of type {keyField.FieldType}.");
        }
    }

    public static double ReadDouble(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return JsonNumbers.TryParseDouble(reader.ValueSpan, out double number)
                ? number
                : throw new JsonMismatchException("The number is outside the range of double.");
        }

        string text = RequireString(ref reader, "a number");
        return TryNonFinite(text, out double value) || JsonNumbers.TryParseDouble(Encoding.UTF8.GetBytes(text), out value)
            ? value
            : throw new JsonMismatchException($"\"{text}\" is not a number of type double.");
    }

    private static bool TryNonFinite(string text, out double value)
    {
        value = text switch
        {
            "NaN" => NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => 0,
        };
        return value != 0;
    }

    private static object ToInteger(Int128 value, FieldType type)
    {
        try
        {
            return type switch
            {
                FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => checked((int)value),
                FieldType.UInt32 or FieldType.Fixed32 => checked((uint)value),
                FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => checked((long)value),
                FieldType.UInt64 or FieldType.Fixed64 => checked((ulong)value),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an integer type."),
            };
        }
        catch (OverflowException e)
        {
            throw new JsonMismatchException($"{value} is outside the range of {type}.", e);
        }
    }

    private static float ReadFloat(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return JsonNumbers.TryParseFloat(reader.ValueSpan, out float number)
                ? number
                : throw new JsonMismatchException("The number is outside the range of float.");
        }

        string text = RequireString(ref reader, "a number");
        if (TryNonFinite(text, out double special))
        {
            return (float)special;
        }

        return JsonNumbers.TryParseFloat(Encoding.UTF8.GetBytes(text), out float value)
            ? value
            : throw new JsonMismatchException($"\"{text}\" is not a number of type float.");
    }

    private static Int128 ReadInteger(ref Utf8JsonReader reader, FieldType type)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return JsonNumbers.TryParseInteger(reader.ValueSpan, out Int128 number)
                ? number
                : throw new JsonMismatchException($"{Encoding.UTF8.GetString(reader.ValueSpan)} is not a number of type {type}.");
        }

        string text = RequireString(ref reader, "an integer");
        return JsonNumbers.TryParseInteger(Encoding.UTF8.GetBytes(text), out Int128 value)
            ? value
            : throw new JsonMismatchException($"\"{text}\" is not a number of type {type}.");
    }

    private bool TryReadEnum(ref Utf8JsonReader reader, FieldDescriptor field, out object? value)
    {
        EnumDescriptor type = field.EnumType;
        if (reader.TokenType == JsonTokenType.Null)
        {
            // Only google.protobuf.NullValue comes here with null.
            value = 0;
            return true;
        }

        if (reader.TokenType == JsonTokenType.Number)
        {
            int number = (int)ToInteger(ReadInteger(ref reader, FieldType.Int32), FieldType.Int32);
            if (type.IsClosed && type.FindValueByNumber(number) is null)
            {
                value = null;
                return messages.Settings.IgnoreUnknownFields
                    ? false
                    : throw new JsonMismatchException($"The closed enum {type.FullName} has no value {number}.");
            }

            value = number;
            return true;
        }

        string name = RequireString(ref reader, $"a value of enum {type.FullName}");
        if (type.FindValueByName(name) is { } found)
        {
            value = found.Number;
            return true;
        }

        value = null;
        return messages.Settings.IgnoreUnknownFields
            ? false
            : throw new JsonMismatchException($"Enum {type.FullName} has no value \"{name}\".");
    }

    /// <summary>Reads base64 of either alphabet (RFC 4648 sections 4 and 5), with or without padding.</summary>
    private static ByteString ReadBytes(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && TryGetPlain(ref reader, out ReadOnlySpan<byte> plain) && TryDecode(plain) is { } bytes)
        {
            return bytes;
        }

        string text = RequireString(ref reader, "base64 text");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(text.Length + 4);
        try
        {
            int length = 0;
            foreach (char c in text)
            {
                buffer[length++] = c switch
                {
                    '-' => (byte)'+',
                    '_' => (byte)'/',
                    > ' ' and < (char)128 => (byte)c, // no blanks, which the decoder would pass over
                    _ => throw new JsonMismatchException($"'{c}' is not a character of base64."),
                };
            }

            while (length % 4 != 0 && (length == 0 || buffer[length - 1] != '=' || length % 4 == 3))
            {
                if (length % 4 == 1)
                {
                    break;
                }

                buffer[length++] = (byte)'=';
            }

            ClearUnusedBits(buffer.AsSpan(0, length));
            OperationStatus status = Base64.DecodeFromUtf8InPlace(buffer.AsSpan(0, length), out int written);
            return status == OperationStatus.Done
                ? ByteString.CopyFrom(buffer.AsSpan(0, written))
                : throw new JsonMismatchException("The text is not valid base64.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes base64 as writers write it: of the first alphabet, padded, without blanks, which the decoder would pass over.</summary>
    private static ByteString? TryDecode(ReadOnlySpan<byte> base64)
    {
        if (base64.Length % 4 != 0 || base64.ContainsAnyInRange((byte)0, (byte)' '))
        {
            return null;
        }

        byte[] bytes = new byte[(base64.Length / 4 * 3) - (base64[^1] == '=' ? 1 : 0) - (base64[^2] == '=' ? 1 : 0)];
        return Base64.DecodeFromUtf8(base64, bytes, out int consumed, out int written) == OperationStatus.Done
            && consumed == base64.Length && written == bytes.Length
                ? ByteString.AttachBytes(bytes)
                : null;
    }

    /// <summary>
    /// Makes the last digit the canonical one: of two digits four bits, of three digits two bits belong to no byte. Other writers leave
    /// anything in them, and readers are to pass over them ("-_" is one byte); the decoder wants zeros.
    /// </summary>
    private static void ClearUnusedBits(Span<byte> base64)
    {
        Span<byte> digits = base64.TrimEnd((byte)'=');
        int usedBits = (digits.Length % 4) switch
        {
            2 => 0b110000,
            3 => 0b111100,
            _ => 0b111111,
        };
        int value = digits.IsEmpty ? -1 : Base64Digits.IndexOf(digits[^1]);
        if (value >= 0)
        {
            digits[^1] = Base64Digits[value & usedBits];
        }
    }
}
