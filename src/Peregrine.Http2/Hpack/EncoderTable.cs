// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// The encoder's dynamic table: what the peer's decoder holds, searched by hash. At most 4 KiB, hence at most 128 entries, whatever the
/// peer offers: beyond that a table costs memory for each connection and saves next to nothing.
/// </summary>
internal sealed class EncoderTable
{
    public const int MaxCapacity = 4096;

    // 4096 / 32, the overhead that each entry is counted with.
    private const int Slots = 128;

    private int[] _hashes = [];
    private Entry[] _entries = [];
    private int _inserted;
    private int _count;
    private int _size;

    public int Capacity { get; private set; } = MaxCapacity;

    /// <summary>A hash that is never 0; equality is always checked besides.</summary>
    public static int HashOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ulong hash = Mix(Mix((ulong)name.Length << 32 | (uint)value.Length, name), value);
        return (int)(hash ^ (hash >> 32)) | 1;
    }

    /// <summary>The HPACK index of an entry with this name and value; 0 when there is none.</summary>
    public int Find(int hash, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<int> hashes = _hashes;
        for (int from = 0; from < hashes.Length;)
        {
            int found = hashes[from..].IndexOf(hash);
            if (found < 0)
            {
                return 0;
            }

            int slot = from + found;
            ref readonly Entry entry = ref _entries[slot];
            if (name.SequenceEqual(entry.Name) && value.SequenceEqual(entry.Value))
            {
                return StaticTable.Count + 1 + ((_inserted - 1 - slot) & (Slots - 1));
            }

            from = slot + 1;
        }

        return 0;
    }

    /// <summary>Whether an entry of this size can be held at all.</summary>
    public bool Fits(int nameLength, int valueLength) => nameLength + valueLength + 32 <= Capacity;

    public void Add(int hash, byte[] name, byte[] value)
    {
        if (_hashes.Length == 0)
        {
            _hashes = new int[Slots];
            _entries = new Entry[Slots];
        }

        int size = name.Length + value.Length + 32;
        Evict(Capacity - size);
        int slot = _inserted & (Slots - 1);
        _hashes[slot] = hash;
        _entries[slot] = new Entry { Name = name, Value = value };
        _inserted++;
        _count++;
        _size += size;
    }

    public void Resize(int capacity)
    {
        Capacity = capacity;
        Evict(capacity);
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        while (bytes.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) * Prime;
            hash ^= hash >> 29;
            bytes = bytes[8..];
        }

        ulong rest = 0;
        foreach (byte octet in bytes)
        {
            rest = (rest << 8) | octet;
        }

        hash = (hash ^ rest) * Prime;
        return hash ^ (hash >> 32);
    }

    private void Evict(int room)
    {
        while (_count > 0 && _size > room)
        {
            int slot = (_inserted - _count) & (Slots - 1);
            _size -= _entries[slot].Name.Length + _entries[slot].Value.Length + 32;
            _entries[slot] = default;
            _hashes[slot] = 0;
            _count--;
        }
    }

    private struct Entry
    {
        public byte[] Name;
        public byte[] Value;
    }
}
