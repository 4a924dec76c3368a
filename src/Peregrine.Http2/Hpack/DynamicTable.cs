// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>The decoder's dynamic table (RFC 7541 section 2.3.2): a ring, newest entry at index 0, bounded by the size of its entries.</summary>
internal sealed class DynamicTable(int capacity)
{
    private HeaderTableEntry?[] _ring = [];
    private int _newest = -1;

    public int Capacity { get; private set; } = capacity;

    public int Count { get; private set; }

    public int Size { get; private set; }

    /// <summary>The entry at a 0-based index, the newest first. The caller has checked the index against <see cref="Count"/>.</summary>
    public HeaderTableEntry this[int index] => _ring[(_newest - index) & (_ring.Length - 1)]!;

    /// <summary>Adds an entry after evicting what it displaces; one larger than the table empties it (RFC 7541 section 4.4).</summary>
    public void Add(HeaderTableEntry entry)
    {
        Evict(Capacity - entry.Size);
        if (entry.Size > Capacity)
        {
            return;
        }

        if (Count == _ring.Length)
        {
            Grow();
        }

        _newest = (_newest + 1) & (_ring.Length - 1);
        _ring[_newest] = entry;
        Count++;
        Size += entry.Size;
    }

    public void Resize(int capacity)
    {
        Capacity = capacity;
        Evict(capacity);
    }

    private void Evict(int room)
    {
        while (Count > 0 && Size > room)
        {
            int oldest = (_newest - Count + 1) & (_ring.Length - 1);
            Size -= _ring[oldest]!.Size;
            _ring[oldest] = null;
            Count--;
        }
    }

    private void Grow()
    {
        HeaderTableEntry?[] ring = new HeaderTableEntry?[Math.Max(16, _ring.Length * 2)];
        for (int index = 0; index < Count; index++)
        {
            ring[Count - 1 - index] = this[index];
        }

        _ring = ring;
        _newest = Count - 1;
    }
}
