// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>Reads numbers, booleans, text, bytes and enum values, each in every form that the mapping allows.</summary>
internal sealed class JsonScalarReader(JsonMessageReader messages)
{
    private static ReadOnlySpan<byte> Base64Digits => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

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
    public static object ReadMapKey(string text, FieldDescriptor keyField)
    {
        switch (keyField.FieldType)
        {
            case FieldType.String:
                return text;
            case FieldType.Bool:
                return text switch
                {
                    "true" => true,
                    "false" => false,
                    _ => throw new JsonMismatchException($"A key of type bool is \"true\" or \"false\", not \"{text}\"."),
                };
            default:
                return JsonNumbers.TryParseInteger(Encoding.UTF8.GetBytes(text), out Int128 value)
                    ? ToInteger(value, keyField.FieldType)
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
            "NaN" => double.NaN,
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
