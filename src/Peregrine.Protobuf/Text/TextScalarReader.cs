// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Peregrine.Protobuf.Literals;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>Reads numbers, booleans, text, bytes and enum values, each in every form of text format.</summary>
internal static class TextScalarReader
{
    /// <summary>Reads a value that is not a message; false for an unknown enum value that is to be ignored.</summary>
    public static bool TryRead(ref TextTokenizer tokens, FieldDescriptor field, bool ignoreUnknown, out object? value)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                value = ReadString(ref tokens, field);
                return true;
            case FieldType.Bytes:
                value = ReadBytes(ref tokens);
                return true;
            case FieldType.Bool:
                value = ReadBool(ref tokens, field);
                return true;
            case FieldType.Float:
                value = (float)ReadDouble(ref tokens);
                return true;
            case FieldType.Double:
                value = ReadDouble(ref tokens);
                return true;
            case FieldType.Enum:
                return TryReadEnum(ref tokens, field, ignoreUnknown, out value);
            case FieldType.UInt32 or FieldType.Fixed32:
                value = (uint)ReadUnsigned(ref tokens, uint.MaxValue, field);
                return true;
            case FieldType.UInt64 or FieldType.Fixed64:
                value = ReadUnsigned(ref tokens, ulong.MaxValue, field);
                return true;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                value = ReadSigned(ref tokens, long.MaxValue, field);
                return true;
            default:
                value = (int)ReadSigned(ref tokens, int.MaxValue, field);
                return true;
        }
    }

    /// <summary>Whether an identifier names a number that is not finite, in any mix of upper and lower case.</summary>
    public static bool TryNonFinite(ReadOnlySpan<byte> name, out double value)
    {
        bool isInfinity = Ascii.EqualsIgnoreCase(name, "inf"u8) || Ascii.EqualsIgnoreCase(name, "infinity"u8);
        value = isInfinity ? double.PositiveInfinity : TextLiterals.NaN;
        return isInfinity || Ascii.EqualsIgnoreCase(name, "nan"u8);
    }

    private static string ReadString(ref TextTokenizer tokens, FieldDescriptor field)
    {
        TextTokenizer start = tokens;
        ReadOnlySpan<byte> bytes = ReadBytes(ref tokens).Span;
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw start.Error($"\"{field.Name}\" is a string, but its value is not valid UTF-8. If it holds binary data, its type should be bytes.");
    }

    private static ByteString ReadBytes(ref TextTokenizer tokens)
    {
        if (tokens.Kind != TextTokenKind.String)
        {
            throw tokens.Error($"Expected a string, found {tokens.Shown}.");
        }

        byte[] first = tokens.StringValue.ToArray();
        tokens.Next();
        if (tokens.Kind != TextTokenKind.String)
        {
            return UnsafeByteOperations.UnsafeWrap(first);
        }

        // Strings side by side are one.
        ArrayBufferWriter<byte> all = new();
        all.Write(first);
        while (tokens.Kind == TextTokenKind.String)
        {
            all.Write(tokens.StringValue);
            tokens.Next();
        }

        return UnsafeByteOperations.UnsafeWrap(all.WrittenMemory);
    }

    private static bool ReadBool(ref TextTokenizer tokens, FieldDescriptor field)
    {
        bool value = true;
        if (tokens.Kind == TextTokenKind.Integer)
        {
            value = ReadUnsigned(ref tokens, 1, field) != 0;
            return value;
        }

        value = tokens.Kind != TextTokenKind.Identifier ? throw NoBool(ref tokens) : tokens.TokenText switch
        {
            "true" or "True" or "t" => true,
            "false" or "False" or "f" => false,
            _ => throw NoBool(ref tokens),
        };
        tokens.Next();
        return value;

        static InvalidTextFormatException NoBool(ref TextTokenizer tokens) =>
            tokens.Error($"Expected true or false, found {tokens.Shown}.");
    }

    private static ulong ReadUnsigned(ref TextTokenizer tokens, ulong max, FieldDescriptor field)
    {
        if (tokens.Kind != TextTokenKind.Integer)
        {
            throw tokens.Error($"Expected an integer, found {tokens.Shown}.");
        }

        if (!TextLiterals.TryParseInteger(tokens.Token, max, out ulong value))
        {
            throw tokens.Error($"{tokens.Shown} is outside the range of {field.FieldType}.");
        }

        tokens.Next();
        return value;
    }

    private static long ReadSigned(ref TextTokenizer tokens, long max, FieldDescriptor field)
    {
        bool isNegative = TrySkipMinus(ref tokens);
        ulong value = ReadUnsigned(ref tokens, (ulong)max + (isNegative ? 1u : 0u), field);
        return isNegative ? unchecked(-(long)value) : (long)value;
    }

    private static bool TrySkipMinus(ref TextTokenizer tokens)
    {
        if (!tokens.IsAt('-'))
        {
            return false;
        }

        tokens.Next();
        return true;
    }

    private static double ReadDouble(ref TextTokenizer tokens)
    {
        bool isNegative = TrySkipMinus(ref tokens);
        double value;
        switch (tokens.Kind)
        {
            case TextTokenKind.Integer when tokens.Token is [(byte)'0', _, ..]:
                throw tokens.Error($"Expected a decimal number, found {tokens.Shown}: octal and hexadecimal numbers are integers.");
            case TextTokenKind.Integer or TextTokenKind.Float when TextLiterals.TryParseDouble(tokens.Token.TrimEnd("fF"u8), out value):
            case TextTokenKind.Identifier when TryNonFinite(tokens.Token, out value):
                tokens.Next();
                return isNegative ? -value : value;
            default:
                throw tokens.Error($"Expected a number, found {tokens.Shown}.");
        }
    }

    private static bool TryReadEnum(ref TextTokenizer tokens, FieldDescriptor field, bool ignoreUnknown, out object? value)
    {
        EnumDescriptor type = field.EnumType;
        TextTokenizer start = tokens;
        InvalidTextFormatException unknown;
        if (tokens.Kind == TextTokenKind.Identifier)
        {
            string name = tokens.TokenText;
            tokens.Next();
            if (type.FindValueByName(name) is { } found)
            {
                value = found.Number;
                return true;
            }

            unknown = start.Error($"Enum {type.FullName} has no value \"{name}\".");
        }
        else
        {
            if (tokens.Kind != TextTokenKind.Integer && !tokens.IsAt('-'))
            {
                throw tokens.Error($"Expected a value of enum {type.FullName}, found {tokens.Shown}.");
            }

            int number = (int)ReadSigned(ref tokens, int.MaxValue, field);
            if (!type.IsClosed || type.FindValueByNumber(number) is not null)
            {
                value = number;
                return true;
            }

            unknown = start.Error(string.Create(CultureInfo.InvariantCulture, $"The closed enum {type.FullName} has no value {number}."));
        }

        value = null;
        return ignoreUnknown ? false : throw unknown;
    }
}
