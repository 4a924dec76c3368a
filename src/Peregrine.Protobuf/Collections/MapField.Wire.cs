// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Collections;

/// <content>How entries come from the wire and go there: what generated code calls.</content>
public sealed partial class MapField<TKey, TValue>
{
    // An entry is a message of two fields, the key with number 1 and the value with number 2: one-byte tags.
    private const uint KeyNumber = 1u << 3;
    private const uint ValueNumber = 2u << 3;

    /// <summary>The map of a message that makes its maps on first use; of several threads all get the same one.</summary>
    /// <param name="field">The message's field, null until now.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static MapField<TKey, TValue> GetOrCreate(ref MapField<TKey, TValue>? field)
    {
        MapField<TKey, TValue> made = new();
        return Interlocked.CompareExchange(ref field, made, null) ?? made;
    }

    /// <summary>Whether two maps of messages that make theirs on first use are equal: none is equal to an empty one.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static bool AreEqual(MapField<TKey, TValue>? left, MapField<TKey, TValue>? right) =>
        left is null || right is null ? (left?.Count ?? 0) == (right?.Count ?? 0) : left.Equals(right);

    /// <summary>Reads the entries that follow each other behind <paramref name="tag"/>; an absent key or value is the default.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public void ReadFrom<TKeyCodec, TValueCodec>(ref WireReader reader, uint tag)
        where TKeyCodec : struct, IValueCodec<TKey>
        where TValueCodec : struct, IValueCodec<TValue>
    {
        if (_entries.Count == 0)
        {
            // The table is made once and not anew each time that it is full.
            _ = _entries.EnsureCapacity(reader.CountRun(tag));
        }

        do
        {
            ReadEntry<TKeyCodec, TValueCodec>(ref reader);
        }
        while (reader.TryReadTag(tag));
    }

    private void ReadEntry<TKeyCodec, TValueCodec>(ref WireReader reader)
        where TKeyCodec : struct, IValueCodec<TKey>
        where TValueCodec : struct, IValueCodec<TValue>
    {
        TKey key = TKeyCodec.Default;
        TValue value = default!;
        bool hasValue = false;
        long outer = reader.EnterMessage();

        // First the key, then the value, as everybody writes them.
        if (reader.TryReadTag(KeyNumber | (uint)TKeyCodec.WireType))
        {
            key = TKeyCodec.Read(ref reader);
        }

        if (reader.TryReadTag(ValueNumber | (uint)TValueCodec.WireType))
        {
            value = TValueCodec.Read(ref reader);
            hasValue = true;
        }

        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            if (tag == (KeyNumber | (uint)TKeyCodec.WireType))
            {
                key = TKeyCodec.Read(ref reader);
            }
            else if (tag == (ValueNumber | (uint)TValueCodec.WireType))
            {
                // An entry is a message: what is given twice replaces, and a message merges.
                value = hasValue && TValueCodec.Merges ? TValueCodec.ReadInto(ref reader, value) : TValueCodec.Read(ref reader);
                hasValue = true;
            }
            else
            {
                reader.SkipField(tag);
            }
        }

        reader.LeaveMessage(outer);
        _entries[key] = hasValue ? value : TValueCodec.Default;
    }

    /// <summary>
    /// Reads an entry whose value is of a closed enum; one with a number that the enum does not define becomes an unknown
    /// field, key and all. An entry without a value has <paramref name="defaultValue"/>: the first value of the enum, which
    /// need not be 0.
    /// </summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    public void ReadClosedEnumEntry<TKeyCodec>(
        ref WireReader reader,
        uint tag,
        TValue defaultValue,
        Func<TValue, bool> isDefined,
        ref UnknownFieldSet? unknownFields)
        where TKeyCodec : struct, IValueCodec<TKey>
    {
        TKey key = TKeyCodec.Default;
        int? number = null;
        long outer = reader.EnterMessage();
        uint inner;
        while ((inner = reader.ReadTag()) != 0)
        {
            if (inner == (KeyNumber | (uint)TKeyCodec.WireType))
            {
                key = TKeyCodec.Read(ref reader);
            }
            else if (inner == (ValueNumber | (uint)WireType.Varint))
            {
                number = reader.ReadEnum();
            }
            else
            {
                reader.SkipField(inner);
            }
        }

        reader.LeaveMessage(outer);
        if (number is not { } given)
        {
            _entries[key] = defaultValue;
        }
        else if (Unsafe.BitCast<int, TValue>(given) is var value && isDefined(value))
        {
            _entries[key] = value;
        }
        else if (!reader.DiscardUnknownFields)
        {
            AddUnknownEntry<TKeyCodec>(tag, key, given, ref unknownFields);
        }
    }

    private static void AddUnknownEntry<TKeyCodec>(
        uint tag, TKey key, int number, ref UnknownFieldSet? unknownFields)
        where TKeyCodec : struct, IValueCodec<TKey>
    {
        int size = WireSize.Total(2 + TKeyCodec.Size(key) + WireSize.Enum(number));
        byte[] entry = new byte[WireSize.Tag(tag) + WireSize.Length(size) + size];
        WireWriter writer = new(entry);
        writer.WriteTagAndLength(tag, size);
        writer.WriteTag(KeyNumber | (uint)TKeyCodec.WireType);
        TKeyCodec.Write(ref writer, key);
        writer.WriteEnum(ValueNumber | (uint)WireType.Varint, number);
        UnknownFieldSet.Add(ref unknownFields, entry);
    }

    /// <summary>
    /// Reads an entry behind its tag, by codecs of the fields of the entry; one whose value is not defined by its closed
    /// enum becomes an unknown field, key and all.
    /// </summary>
    internal void ReadEntry(
        FieldCodec<TKey> keys, FieldCodec<TValue> values, ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields)
    {
        TKey key = keys.DefaultValue;
        TValue? value = default;
        bool hasValue = false;
        long outer = reader.EnterMessage();
        uint inner;
        while ((inner = reader.ReadTag()) != 0)
        {
            if (inner == keys.Tag)
            {
                key = keys.Read(ref reader, default);
            }
            else if (inner == values.Tag)
            {
                value = values.Read(ref reader, value);
                hasValue = true;
            }
            else
            {
                reader.SkipField(inner);
            }
        }

        reader.LeaveMessage(outer);
        if (!hasValue || values.IsDefined(value!))
        {
            _entries[key] = hasValue ? value! : values.AbsentValue();
        }
        else if (!reader.DiscardUnknownFields)
        {
            byte[] entry = new byte[WireSize.Total(EntrySize(keys, values, key, value!, WireSize.Tag(tag)))];
            WireWriter writer = new(entry);
            WriteEntry(keys, values, ref writer, tag, key, value!);
            UnknownFieldSet.Add(ref unknownFields, entry);
        }
    }

    /// <summary>The size of all entries with their tags and lengths.</summary>
    internal long CalculateSize(FieldCodec<TKey> keys, FieldCodec<TValue> values, int tagSize)
    {
        long size = 0;
        foreach ((TKey key, TValue value) in _entries)
        {
            size += EntrySize(keys, values, key, value, tagSize);
        }

        return size;
    }

    /// <summary>Writes all entries, in the order of their keys if the writer is deterministic.</summary>
    internal void WriteTo(FieldCodec<TKey> keys, FieldCodec<TValue> values, ref WireWriter writer, uint tag)
    {
        if (writer.Deterministic && _entries.Count > 1)
        {
            foreach ((TKey key, TValue value) in Sorted())
            {
                WriteEntry(keys, values, ref writer, tag, key, value);
            }

            return;
        }

        foreach ((TKey key, TValue value) in _entries)
        {
            WriteEntry(keys, values, ref writer, tag, key, value);
        }
    }

    private static long EntrySize(FieldCodec<TKey> keys, FieldCodec<TValue> values, TKey key, TValue value, int tagSize)
    {
        int size = WireSize.Total(keys.Size(key) + values.Size(value));
        return tagSize + WireSize.Length(size) + (long)size;
    }

    private static void WriteEntry(FieldCodec<TKey> keys, FieldCodec<TValue> values, ref WireWriter writer, uint tag, TKey key, TValue value)
    {
        writer.WriteTagAndLength(tag, WireSize.Total(keys.Size(key) + values.KnownSize(value)));
        keys.Write(ref writer, key);
        values.Write(ref writer, value);
    }

    /// <summary>The size of all entries with their tags and lengths.</summary>
    public long CalculateSize<TKeyCodec, TValueCodec>(int tagSize)
        where TKeyCodec : struct, IValueCodec<TKey>
        where TValueCodec : struct, IValueCodec<TValue>
    {
        long size = 0;
        foreach ((TKey key, TValue value) in _entries)
        {
            int entry = WireSize.Total(2 + TKeyCodec.Size(key) + TValueCodec.Size(value));
            size += tagSize + WireSize.Length(entry) + entry;
        }

        return size;
    }

    /// <summary>Writes all entries, in the order of their keys if the writer is deterministic.</summary>
    public void WriteTo<TKeyCodec, TValueCodec>(ref WireWriter writer, uint tag)
        where TKeyCodec : struct, IValueCodec<TKey>
        where TValueCodec : struct, IValueCodec<TValue>
    {
        if (writer.Deterministic && _entries.Count > 1)
        {
            foreach ((TKey key, TValue value) in Sorted())
            {
                WriteEntry<TKeyCodec, TValueCodec>(ref writer, tag, key, value);
            }

            return;
        }

        foreach ((TKey key, TValue value) in _entries)
        {
            WriteEntry<TKeyCodec, TValueCodec>(ref writer, tag, key, value);
        }
    }

    // By itself, so that programs that never sort do not load the library that does.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private IEnumerable<KeyValuePair<TKey, TValue>> Sorted() => _entries.OrderBy(static entry => entry.Key, KeyOrder);

    private static IComparer<TKey> KeyOrder =>
        typeof(TKey) == typeof(string) ? (IComparer<TKey>)(object)StringComparer.Ordinal : Comparer<TKey>.Default;

    private static void WriteEntry<TKeyCodec, TValueCodec>(ref WireWriter writer, uint tag, TKey key, TValue value)
        where TKeyCodec : struct, IValueCodec<TKey>
        where TValueCodec : struct, IValueCodec<TValue>
    {
        long size = 2 + TKeyCodec.Size(key) + TValueCodec.KnownSize(value);
        writer.WriteTagAndLength(tag, WireSize.Total(size));
        writer.WriteTag(KeyNumber | (uint)TKeyCodec.WireType);
        TKeyCodec.Write(ref writer, key);
        writer.WriteTag(ValueNumber | (uint)TValueCodec.WireType);
        TValueCodec.Write(ref writer, value);
    }
}
