// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

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

    /// <summary>Adds the values of another message of the type, by the rules by which serialized messages merge.</summary>
    public void Merge(OptionMessage other)
    {
        foreach (OptionField entry in other.Fields)
        {
            if (entry is { Field.IsRepeated: false, Values: [OptionMessage value] } && Get(entry.Field.Number) is OptionMessage present)
            {
                present.Merge(value);
                continue;
            }

            if (!entry.Field.IsRepeated)
            {
                Remove(entry.Field.Number);
            }

            entry.Values.ForEach(item => Add(entry.Field, item));
        }

        AddUnknownOf(other);
    }

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

    /// <summary>Serialized fields that no symbol describes.</summary>
    public ReadOnlySpan<byte> Unknown => CollectionsMarshal.AsSpan(_unknown);

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
}
