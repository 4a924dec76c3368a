// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Reads serialized options, by the symbols that define them; what none of them defines stays the bytes that it is.</summary>
internal static class OptionMessageReader
{
    // The depth that protobuf allows by default.
    private const int MaxDepth = 100;

    // A message set is written as groups of this number; in each, the number of the extension (2) and its content (3).
    private const uint MessageSetItemTag = (1 << 3) | 3;

    /// <summary>Reads a message; null if the bytes are none.</summary>
    public static OptionMessage? Read(byte[] bytes, MessageSymbol type)
    {
        OptionMessage message = new(type);
        try
        {
            Read(bytes, message, depth: 0);
            return message;
        }
        catch (IOException)
        {
            // Not well-formed: the caller says which options.
            return null;
        }
    }

    // Every field is cut out as a whole first: what turns out not to be known is kept like that.
    private static void Read(byte[] bytes, OptionMessage message, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException("The message is nested too deep.");
        }

        using CodedInputStream input = new(bytes);
        while (true)
        {
            int start = (int)input.Position;
            uint tag = input.ReadTag();
            if (tag == 0)
            {
                return;
            }

            int content = (int)input.Position;
            input.SkipLastField();
            int end = (int)input.Position;
            bool isKnown = message.Type.IsMessageSet && tag == MessageSetItemTag
                ? ReadMessageSetItem(message, bytes[content..(end - 1)], depth)
                : Find(message.Type, (int)(tag >> 3)) is { } field && ReadField(message, field, tag & 7, bytes.AsSpan(content..end), content - start, depth);
            if (!isKnown)
            {
                message.AddUnknown(bytes.AsSpan(start..end));
            }
        }
    }

    private static FieldSymbol? Find(MessageSymbol type, int number) =>
        type.Fields.Find(field => field.Number == number) ?? type.FindExtension(number);

    private static bool ReadMessageSetItem(OptionMessage message, byte[] item, int depth)
    {
        const uint NumberTag = 2 << 3;
        const uint ContentTag = (3 << 3) | 2;
        int number = 0;
        byte[] content = [];
        using CodedInputStream input = new(item);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (tag)
            {
                case NumberTag:
                    number = input.ReadInt32();
                    break;
                case ContentTag:
                    content = input.ReadBytes().ToByteArray();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        if (Find(message.Type, number) is not { Kind: FieldKind.Message } field)
        {
            return false;
        }

        ReadMessage(message, field, content, depth);
        return true;
    }

    private static bool ReadField(OptionMessage message, FieldSymbol field, uint wireType, ReadOnlySpan<byte> content, int tagLength, int depth)
    {
        switch (wireType)
        {
            case 3 when field.IsDelimited:
                ReadMessage(message, field, content[..^tagLength].ToArray(), depth);
                return true;
            case 2:
                byte[] bytes = new WireReader(content).ReadBytes().ToByteArray();
                if (field.Kind is FieldKind.String or FieldKind.Bytes)
                {
                    Add(message, field, bytes);
                    return true;
                }

                if (field.Kind == FieldKind.Message && !field.IsDelimited)
                {
                    ReadMessage(message, field, bytes, depth);
                    return true;
                }

                return field.IsRepeated && FieldKinds.IsPackable(field.Kind) && ReadPacked(message, field, bytes);
            default:
                WireReader reader = new(content);
                if (wireType != FieldKinds.WireType(field.Kind) || Scalar(field, ref reader) is not { } value)
                {
                    return false;
                }

                Add(message, field, value);
                return true;
        }
    }

    private static bool ReadPacked(OptionMessage message, FieldSymbol field, ReadOnlySpan<byte> content)
    {
        WireReader reader = new(content);
        while (!reader.IsAtLimit)
        {
            if (Scalar(field, ref reader) is not { } value)
            {
                return false;
            }

            message.Add(field, value);
        }

        return true;
    }

    private static void ReadMessage(OptionMessage message, FieldSymbol field, byte[] content, int depth)
    {
        // Of a field that is not repeated, parts that come apart are one message.
        OptionMessage? present = field.IsRepeated ? null : message.Get(field.Number) as OptionMessage;
        OptionMessage value = present ?? new OptionMessage(field.MessageType!);
        Read(content, value, depth + 1);
        if (present is null)
        {
            message.Add(field, value);
        }
    }

    // Of a field that is not repeated, the last value counts.
    private static void Add(OptionMessage message, FieldSymbol field, object value)
    {
        if (!field.IsRepeated)
        {
            message.Remove(field.Number);
        }

        message.Add(field, value);
    }

    // Null if it is a value that a closed enum does not have.
    private static object? Scalar(FieldSymbol field, ref WireReader reader)
    {
        switch (field.Kind)
        {
            case FieldKind.Double:
                return reader.ReadDouble();
            case FieldKind.Float:
                return reader.ReadFloat();
            case FieldKind.Int64:
                return reader.ReadInt64();
            case FieldKind.SFixed64:
                return reader.ReadSFixed64();
            case FieldKind.SInt64:
                return reader.ReadSInt64();
            case FieldKind.UInt64:
                return reader.ReadUInt64();
            case FieldKind.Fixed64:
                return reader.ReadFixed64();
            case FieldKind.UInt32:
                return reader.ReadUInt32();
            case FieldKind.Fixed32:
                return reader.ReadFixed32();
            case FieldKind.Bool:
                return reader.ReadBool();
            case FieldKind.SInt32:
                return reader.ReadSInt32();
            case FieldKind.SFixed32:
                return reader.ReadSFixed32();
            case FieldKind.Enum:
                int number = reader.ReadEnum();
                return field.EnumType is { IsClosed: true } type && type.FindValue(number) is null ? null : number;
            default:
                return reader.ReadInt32();
        }
    }
}
