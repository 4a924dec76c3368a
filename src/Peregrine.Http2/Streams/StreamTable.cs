// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Streams;

/// <summary>
/// The open streams by number: open addressing over half of the number, since one side's numbers are all odd or all even. Numbers come
/// in sequence, so that without long-lived streams each lies in its own slot.
/// </summary>
internal sealed class StreamTable
{
    private Http2Stream?[] _slots = new Http2Stream?[8];

    // Streams that do not lie in their own slot, since a long-lived one had it. While there are none, removing one moves none.
    private int _displaced;

    public int Count { get; private set; }

    /// <summary>All slots, for visits of every stream; null ones are free.</summary>
    public ReadOnlySpan<Http2Stream?> Slots => _slots;

    public Http2Stream? Find(int id)
    {
        int mask = _slots.Length - 1;
        for (int slot = (id >> 1) & mask; ; slot = (slot + 1) & mask)
        {
            Http2Stream? stream = _slots[slot];
            if (stream is null || stream.Id == id)
            {
                return stream;
            }
        }
    }

    public void Add(Http2Stream stream)
    {
        if (++Count * 2 > _slots.Length)
        {
            Http2Stream?[] old = _slots;
            _slots = new Http2Stream?[old.Length * 2];
            _displaced = 0;
            foreach (Http2Stream? moved in old)
            {
                if (moved is not null)
                {
                    Place(moved);
                }
            }
        }

        Place(stream);
    }

    public void Remove(int id)
    {
        int mask = _slots.Length - 1;
        int slot = (id >> 1) & mask;
        while (_slots[slot]?.Id != id)
        {
            if (_slots[slot] is null)
            {
                return;
            }

            slot = (slot + 1) & mask;
        }

        Count--;
        _displaced -= slot == ((id >> 1) & mask) ? 0 : 1;

        // Close the gap: each stream behind it that may lie further ahead moves up, so that no search stops too early.
        int gap = slot;
        for (int next = (gap + 1) & mask; _displaced > 0 && _slots[next] is { } stream; next = (next + 1) & mask)
        {
            int home = (stream.Id >> 1) & mask;
            if (((next - home) & mask) >= ((next - gap) & mask))
            {
                _slots[gap] = stream;
                _displaced -= gap == home ? 1 : 0;
                gap = next;
            }
        }

        _slots[gap] = null;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
        _displaced = 0;
    }

    private void Place(Http2Stream stream)
    {
        int mask = _slots.Length - 1;
        int home = (stream.Id >> 1) & mask;
        int slot = home;
        while (_slots[slot] is not null)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = stream;
        _displaced += slot == home ? 0 : 1;
    }
}
