// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Sending;

/// <summary>
/// Whose turn it is to send DATA: streams that have some and whose window is open, in a circle; each turn is one frame. Streams whose
/// window is closed wait outside of the circle.
/// </summary>
internal struct SendScheduler
{
    private Http2Stream? _first;
    private Http2Stream? _last;

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
        }

        return stream;
    }
}
