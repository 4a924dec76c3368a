// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Emit;

/// <summary>Writes the values of options in protobuf's wire format.</summary>
internal static class OptionWriter
{
    /// <summary>Writes the fields in the order of their numbers, as every protobuf implementation does for known fields.</summary>
    public static void Write(WireBuffer output, OptionMessage message)
    {
        if (message.Type.IsMapEntry)
        {
            // The entry of a map always has both parts.
            message.Type.Fields.ForEach(field => WriteValue(output, field, message.Get(field.Number) ?? DefaultOf(field)));
            return;
        }

        foreach (OptionField entry in message.Fields)
        {
            WriteField(output, message.Type, entry);
        }

        output.Raw(message.Unknown);
    }

    /// <summary>Writes all values of one field of a message of that type.</summary>
    public static void WriteField(WireBuffer output, MessageSymbol type, OptionField entry)
    {
        FieldSymbol field = entry.Field;
        if (field.IsRepeated && IsPacked(field))
        {
            int mark = output.Open(field.Number);
            foreach (object value in entry.Values)
            {
                WriteScalar(output, field.Kind, value);
            }

            output.Close(mark);
            return;
        }

        foreach (object value in entry.Values)
        {
            if (type.IsMessageSet && value is OptionMessage message && !field.IsRepeated && !field.IsDelimited)
            {
                WriteMessageSetItem(output, field.Number, message);
            }
            else
            {
                WriteValue(output, field, value);
            }
        }
    }

    // The wire format of message sets: group 1 with the number (2) and the content (3) of an extension.
    private static void WriteMessageSetItem(WireBuffer output, int number, OptionMessage message)
    {
        output.Tag(1, 3);
        output.Int32(2, number);
        int mark = output.Open(3);
        Write(output, message);
        output.Close(mark);
        output.Tag(1, 4);
    }

    private static object DefaultOf(FieldSymbol field) => field.Kind switch
    {
        FieldKind.Message => new OptionMessage(field.MessageType!),
        FieldKind.Enum => field.EnumType!.Values[0].Number,
        FieldKind.String or FieldKind.Bytes => Array.Empty<byte>(),
        FieldKind.Bool => false,
        FieldKind.Double => 0.0,
        FieldKind.Float => 0.0F,
        FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64 => 0L,
        FieldKind.UInt64 or FieldKind.Fixed64 => 0UL,
        FieldKind.UInt32 or FieldKind.Fixed32 => 0U,
        _ => 0,
    };

    private static bool IsPacked(FieldSymbol field) => FieldKinds.IsPackable(field.Kind) &&
        (field.Options.Get(OptionNumbers.Packed) is bool packed ? packed : field.Features.RepeatedFieldEncoding == FeatureValues.Packed);

    /// <summary>Writes one value with its tag.</summary>
    public static void WriteValue(WireBuffer output, FieldSymbol field, object value)
    {
        int number = field.Number;
        if (value is OptionMessage message)
        {
            if (field.IsDelimited)
            {
                output.Tag(number, 3);
                Write(output, message);
                output.Tag(number, 4);
            }
            else
            {
                int mark = output.Open(number);
                Write(output, message);
                output.Close(mark);
            }
        }
        else if (value is byte[] bytes)
        {
            output.Bytes(number, bytes);
        }
        else
        {
            output.Tag(number, FieldKinds.WireType(field.Kind));
            WriteScalar(output, field.Kind, value);
        }
    }

    private static void WriteScalar(WireBuffer output, FieldKind kind, object value)
    {
        switch (value)
        {
            case bool b:
                output.Varint(b ? 1UL : 0UL);
                break;
            case double d:
                output.Fixed64(BitConverter.DoubleToUInt64Bits(d));
                break;
            case float f:
                output.Fixed32(BitConverter.SingleToUInt32Bits(f));
                break;
            case int i when kind == FieldKind.SInt32:
                output.Varint((uint)((i << 1) ^ (i >> 31)));
                break;
            case int i when kind == FieldKind.SFixed32:
                output.Fixed32((uint)i);
                break;
            case int i:
                output.Varint((ulong)(long)i);
                break;
            case uint u when kind == FieldKind.Fixed32:
                output.Fixed32(u);
                break;
            case uint u:
                output.Varint(u);
                break;
            case long l when kind == FieldKind.SInt64:
                output.Varint((ulong)((l << 1) ^ (l >> 63)));
                break;
            case long l when kind == FieldKind.SFixed64:
                output.Fixed64((ulong)l);
                break;
            case long l:
                output.Varint((ulong)l);
                break;
            case ulong u when kind == FieldKind.Fixed64:
                output.Fixed64(u);
                break;
            case ulong u:
                output.Varint(u);
                break;
            default:
                throw new InvalidOperationException($"A value of type {value.GetType()} cannot be an option.");
        }
    }
}
