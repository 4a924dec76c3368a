// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Sending;

/// <summary>
/// Whose turn it is to send DATA: streams that have some and whose window is open, in a circle; each turn is one frame. Streams whose
/// window is closed wait outside of the circle.
/// </summary>
internal struct SendScheduler
{
    // Fewer streams that are over are not worth a walk through the circle.
    private const int FewDropped = 64;

    private Http2Stream? _first;
    private Http2Stream? _last;
    private int _dropped;

    public int Count { get; private set; }

    public readonly bool IsEmpty => _first is null;

    /// <summary>Adds a stream at the end unless it is in the circle or has nothing that it may send.</summary>
    public void AddIfReady(Http2Stream stream)
    {
        if (stream.InReadyList || stream.Queue.Bytes == 0 || stream.SendFlow.Available <= 0)
        {
            return;
        }

        stream.InReadyList = true;
        stream.NextReady = null;
        if (_last is null)
        {
            _first = stream;
        }
        else
        {
            _last.NextReady = stream;
        }

        _last = stream;
        Count++;
    }

    /// <summary>Takes the next stream out; null when none is ready.</summary>
    public Http2Stream? TakeNext()
    {
        Http2Stream? stream = _first;
        if (stream is not null)
        {
            _first = stream.NextReady;
            if (_first is null)
            {
                _last = null;
            }

            stream.NextReady = null;
            stream.InReadyList = false;
            Count--;
            _dropped = System.Math.Min(_dropped, Count);
        }

        return stream;
    }

    /// <summary>A stream in the circle has nothing to send any more; true when so many have that <see cref="TakeDropped"/> is due.</summary>
    public bool NoteDropped() => ++_dropped > FewDropped && _dropped > Count / 2;

    /// <summary>Takes the closed streams out of the circle; returns the first, linked to the others.</summary>
    public Http2Stream? TakeDropped()
    {
        Http2Stream? stream = _first;
        Http2Stream? dropped = null;
        _first = _last = null;
        Count = _dropped = 0;
        while (stream is not null)
        {
            Http2Stream? next = stream.NextReady;
            stream.InReadyList = false;
            if (stream.IsClosed)
            {
                stream.NextReady = dropped;
                dropped = stream;
            }
            else
            {
                AddIfReady(stream);
            }

            stream = next;
        }

        return dropped;
    }
}
