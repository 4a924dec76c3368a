// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>The values of one field of an <see cref="OptionMessage"/>.</summary>
internal sealed class OptionField(FieldSymbol field)
{
    public FieldSymbol Field { get; } = field;

    /// <summary>
    /// int (32-bit and enum types), long, uint, ulong, float, double, bool, byte[] (string and bytes) or <see cref="OptionMessage"/>.
    /// </summary>
    public List<object> Values { get; } = [];
}

/// <summary>A message value whose type is known only as a symbol: options, and what is inside them.</summary>
internal sealed class OptionMessage(MessageSymbol type)
{
    // Up to this many fields are looked at one by one; a message in an option hardly ever has more.
    private const int MaxUnindexed = 16;

    private readonly List<OptionField> _fields = [];
    private Dictionary<int, OptionField>? _index;
    private bool _isSorted = true;
    private Dictionary<OneofSymbol, FieldSymbol>? _oneofs;
    private List<OptionField>? _displaced;
    private List<byte>? _unknown;

    public MessageSymbol Type => type;

    /// <summary>What is set, in the order of the numbers.</summary>
    public IReadOnlyList<OptionField> Fields
    {
        get
        {
            if (!_isSorted)
            {
                _fields.Sort(static (a, b) => a.Field.Number.CompareTo(b.Field.Number));
                _isSorted = true;
            }

            return _fields;
        }
    }

    public bool IsEmpty => _fields.Count == 0 && _unknown is null;

    public bool Has(int number) => Find(number) is not null;

    /// <summary>The value of a singular field, the last one of a repeated field, or null.</summary>
    public object? Get(int number) => Find(number)?.Values[^1];

    public OptionField? Find(int number)
    {
        if (_index is not null)
        {
            return _index.GetValueOrDefault(number);
        }

        foreach (OptionField field in _fields)
        {
            if (field.Field.Number == number)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>Values that another field of their oneof has displaced: they no longer count, but were written.</summary>
    public IReadOnlyList<OptionField> Displaced => _displaced ?? [];

    public void Add(FieldSymbol field, object value)
    {
        if (field is { IsExtension: false, Oneof: { IsSynthetic: false } oneof })
        {
            // Of a oneof the field set last stays, as when messages are merged.
            _oneofs ??= [];
            if (_oneofs.TryGetValue(oneof, out FieldSymbol? other) && !ReferenceEquals(other, field) && Find(other.Number) is { } displaced)
            {
                Remove(other.Number);
                (_displaced ??= []).Add(displaced);
            }

            _oneofs[oneof] = field;
        }

        if (Find(field.Number) is not { } entry)
        {
            entry = new OptionField(field);
            Append(entry);
        }

        entry.Values.Add(value);
    }

    private void Append(OptionField entry)
    {
        _isSorted = _fields.Count == 0 || (_isSorted && _fields[^1].Field.Number < entry.Field.Number);
        _fields.Add(entry);
        if (_index is null && _fields.Count > MaxUnindexed)
        {
            _index = [];
            _fields.ForEach(field => _index.Add(field.Field.Number, field));
        }
        else
        {
            _index?.Add(entry.Field.Number, entry);
        }
    }

    /// <summary>The field of a oneof that is set, or null.</summary>
    public FieldSymbol? FindOneof(OneofSymbol oneof) => _oneofs?.GetValueOrDefault(oneof);

    public void Remove(int number)
    {
        _fields.RemoveAll(field => field.Field.Number == number);
        _index?.Remove(number);
    }

    /// <summary>Adds serialized fields that no symbol describes.</summary>
    public void AddUnknown(ReadOnlySpan<byte> fields) => (_unknown ??= []).AddRange(fields);

    /// <summary>Adds those of another message.</summary>
    public void AddUnknownOf(OptionMessage other)
    {
        if (other._unknown is not null)
        {
            (_unknown ??= []).AddRange(other._unknown);
        }
    }

    /// <summary>Writes the fields in the order of their numbers, as every protobuf implementation does for known fields.</summary>
    public void Write(WireBuffer output)
    {
        if (type.IsMapEntry)
        {
            // The entry of a map always has both parts.
            type.Fields.ForEach(field => WriteValue(output, field, Get(field.Number) ?? DefaultOf(field)));
            return;
        }

        foreach (OptionField entry in Fields)
        {
            WriteField(output, entry);
        }

        if (_unknown is not null)
        {
            output.Raw(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unknown));
        }
    }

    /// <summary>Writes all values of one field.</summary>
    public void WriteField(WireBuffer output, OptionField entry)
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
        message.Write(output);
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
                message.Write(output);
                output.Tag(number, 4);
            }
            else
            {
                int mark = output.Open(number);
                message.Write(output);
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
