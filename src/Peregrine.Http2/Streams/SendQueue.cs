// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Runtime.InteropServices;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Streams;

/// <summary>
/// What a stream still has to send, in order: pieces of DATA, linked and not copied, then trailers or the bare end, then a reset.
/// </summary>
internal struct SendQueue
{
    private Piece[]? _pieces;
    private int _head;
    private int _count;

    /// <summary>Octets of DATA queued.</summary>
    public long Bytes { get; private set; }

    /// <summary>END_STREAM goes with the last DATA frame.</summary>
    public bool EndsWithData { get; set; }

    /// <summary>Trailers that follow the data.</summary>
    public OutgoingHeaders? Trailers { get; set; }

    /// <summary>RST_STREAM that follows all else.</summary>
    public Http2ErrorCode? ResetAfter { get; set; }

    public void Enqueue(ReadOnlyMemory<byte> data, byte[]? rented)
    {
        _pieces ??= new Piece[4];
        if (_count == _pieces.Length)
        {
            Piece[] larger = new Piece[_count * 2];
            for (int i = 0; i < _count; i++)
            {
                larger[i] = _pieces[(_head + i) & (_count - 1)];
            }

            _pieces = larger;
            _head = 0;
        }

        _pieces[(_head + _count++) & (_pieces.Length - 1)] = new Piece { Data = data, Rented = rented };
        Bytes += data.Length;
    }

    /// <summary>Lets the queue return an array to the pool, behind the last piece of it. False: none is here.</summary>
    public readonly bool TryGive(byte[] rented)
    {
        for (int i = _count - 1; i >= 0; i--)
        {
            ref Piece piece = ref _pieces![(_head + i) & (_pieces.Length - 1)];
            if (MemoryMarshal.TryGetArray(piece.Data, out ArraySegment<byte> segment) && segment.Array == rented)
            {
                piece.Rented = rented;
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves the next octets, which are there, into the output as payload of a DATA frame.</summary>
    public void MoveTo(OutputBuffer output, int octets)
    {
        Bytes -= octets;
        while (octets > 0)
        {
            ref Piece piece = ref _pieces![_head];
            int taken = Math.Min(octets, piece.Data.Length);
            bool whole = taken == piece.Data.Length;
            output.Append(piece.Data[..taken], whole ? piece.Rented : null);
            octets -= taken;
            if (whole)
            {
                piece = default;
                _head = (_head + 1) & (_pieces.Length - 1);
                _count--;
            }
            else
            {
                piece.Data = piece.Data[taken..];
                piece.Cut = true;
            }
        }
    }

    /// <summary>Drops everything; an array of which a part is on its way stays until the output has passed it.</summary>
    public void Drop(OutputBuffer output)
    {
        while (_count > 0)
        {
            ref Piece piece = ref _pieces![_head];
            if (piece.Rented is { } rented)
            {
                if (piece.Cut)
                {
                    output.ReturnAfterPending(rented);
                }
                else
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }

            piece = default;
            _head = (_head + 1) & (_pieces.Length - 1);
            _count--;
        }

        Bytes = 0;
        EndsWithData = false;
        Trailers = null;
        ResetAfter = null;
    }

    /// <summary>Makes an empty queue ready for another stream.</summary>
    public void Reset()
    {
        _head = 0;
        EndsWithData = false;
        Trailers = null;
        ResetAfter = null;
        if (_pieces is { Length: > 16 })
        {
            _pieces = null;
        }
    }

    private struct Piece
    {
        public ReadOnlyMemory<byte> Data;
        public byte[]? Rented;
        public bool Cut;
    }
}
