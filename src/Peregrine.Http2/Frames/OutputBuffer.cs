// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Peregrine.Http2.Frames;

/// <summary>
/// The bytes on their way to the peer: frames written into pooled chunks, payloads linked between them. One batch at a time is in the
/// writer's hands; what is written meanwhile forms the next one.
/// </summary>
internal sealed class OutputBuffer
{
    /// <summary>Payloads up to this size are copied: a segment of its own costs the writer more than the copy.</summary>
    public const int LargestCopy = 1024;

    // Room for a message of 16 KiB written in place with its headers and trailers.
    private const int ChunkSize = 32 << 10;

    private List<Segment> _pending = [];
    private List<Segment> _taken = [];
    private byte[] _chunk = [];
    private int _sliceStart;
    private int _used;
    private int _takenBytes;
    private bool _inFlight;

    // Where the frame lies that may still grow, as long as nothing is written behind it and nobody takes it; -1 for none.
    private int _markStart = -1;
    private int _markEnd;

    /// <summary>Octets written since the last batch was taken.</summary>
    public int PendingBytes { get; private set; }

    /// <summary>Octets not known to be sent.</summary>
    public int UnsentBytes => PendingBytes + _takenBytes;

    public bool InFlight => _inFlight;

    /// <summary>Whether any pooled array is held.</summary>
    public bool HoldsMemory => _chunk.Length > 0 || _pending.Count > 0 || _taken.Count > 0;

    /// <summary>Memory for a frame that is written at once; <see cref="Advance"/> makes it output.</summary>
    public Span<byte> Reserve(int size)
    {
        if (_chunk.Length - _used < size)
        {
            CloseSlice(lastOfChunk: true);
            _chunk = ArrayPool<byte>.Shared.Rent(Math.Max(ChunkSize, size));
            _sliceStart = _used = 0;
        }

        return _chunk.AsSpan(_used, size);
    }

    public void Advance(int count)
    {
        _used += count;
        PendingBytes += count;
    }

    /// <summary>Says that the octets written last are a frame which may still grow.</summary>
    public void Mark(int size)
    {
        _markStart = _used - size;
        _markEnd = _used;
    }

    /// <summary>The frame that may grow by some octets, in place; empty when there is none: others stand behind it, or it is taken.</summary>
    public Span<byte> FindMarked(int growth) =>
        _markStart >= 0 && _markEnd == _used && _chunk.Length - _used >= growth ? _chunk.AsSpan(_markStart, _used - _markStart) : default;

    /// <summary>Adds payload, by copy when small, else by reference; <paramref name="rented"/> goes back to the pool once it is sent.</summary>
    public void Append(ReadOnlyMemory<byte> data, byte[]? rented)
    {
        if (data.Length <= LargestCopy)
        {
            data.Span.CopyTo(Reserve(data.Length));
            Advance(data.Length);
            if (rented is not null)
            {
                // Earlier parts of the array may be linked already.
                ReturnAfterPending(rented);
            }

            return;
        }

        CloseSlice(lastOfChunk: false);
        if (!MemoryMarshal.TryGetArray(data, out ArraySegment<byte> segment))
        {
            // Memory that is not an array's cannot be handed to a socket as it is.
            byte[] copy = ArrayPool<byte>.Shared.Rent(data.Length);
            data.CopyTo(copy);
            segment = new ArraySegment<byte>(copy, 0, data.Length);
            if (rented is not null)
            {
                ReturnAfterPending(rented);
            }

            rented = copy;
        }

        _pending.Add(new Segment(segment, rented));
        PendingBytes += segment.Count;
    }

    /// <summary>Returns an array to the pool when everything written so far is sent.</summary>
    public void ReturnAfterPending(byte[] rented)
    {
        if (UnsentBytes == 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
            return;
        }

        _pending.Add(new Segment(new ArraySegment<byte>(rented, 0, 0), rented));
    }

    /// <summary>Hands out the pending batch.</summary>
    public void Take(List<ArraySegment<byte>> segments)
    {
        CloseSlice(lastOfChunk: false);
        (_pending, _taken) = (_taken, _pending);
        foreach (Segment segment in _taken)
        {
            if (segment.Bytes.Count > 0)
            {
                segments.Add(segment.Bytes);
            }
        }

        _takenBytes = PendingBytes;
        PendingBytes = 0;
        _inFlight = true;
    }

    /// <summary>The batch was sent: its memory is free again.</summary>
    public void Complete()
    {
        ReturnAll(_taken);
        _takenBytes = 0;
        _inFlight = false;
        if (PendingBytes == 0)
        {
            // Arrays that waited for the batch alone; there may be no further one to take them along.
            ReturnAll(_pending);
            ReleaseIfEmpty();
        }
    }

    /// <summary>Forgets what is pending; the batch in the writer's hands stays until it is completed.</summary>
    public void DropPending()
    {
        if (_inFlight)
        {
            // Chunks that end in the pending part may begin in the batch on its way.
            foreach (Segment segment in _pending)
            {
                if (segment.Rented is not null)
                {
                    _taken.Add(new Segment(default, segment.Rented));
                }
            }

            _pending.Clear();
        }
        else
        {
            ReturnAll(_pending);
        }

        _used = _sliceStart;
        _markStart = -1;
        PendingBytes = 0;
    }

    /// <summary>Gives the chunk back while there is no output.</summary>
    public void ReleaseIfEmpty()
    {
        if (!_inFlight && PendingBytes == 0 && _pending.Count == 0 && _chunk.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_chunk);
            _chunk = [];
            _markStart = -1;
            _sliceStart = _used = 0;
        }
    }

    private static void ReturnAll(List<Segment> segments)
    {
        foreach (Segment segment in segments)
        {
            if (segment.Rented is not null)
            {
                ArrayPool<byte>.Shared.Return(segment.Rented);
            }
        }

        segments.Clear();
    }

    private void CloseSlice(bool lastOfChunk)
    {
        _markStart = -1;
        int length = _used - _sliceStart;
        byte[]? rented = lastOfChunk && _chunk.Length > 0 ? _chunk : null;
        if (length > 0 || rented is not null)
        {
            _pending.Add(new Segment(new ArraySegment<byte>(_chunk, _sliceStart, length), rented));
            _sliceStart = _used;
        }
    }

    private readonly record struct Segment(ArraySegment<byte> Bytes, byte[]? Rented);
}
