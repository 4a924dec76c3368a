// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Streams;

/// <summary>How a stream came to its end, as far as late frames on it are concerned.</summary>
internal enum StreamEnding : byte
{
    /// <summary>Closed so long ago that it is forgotten how.</summary>
    Forgotten,

    /// <summary>Both ends sent END_STREAM.</summary>
    Completed,

    /// <summary>This end sent RST_STREAM: what the peer sent before it knew is ignored.</summary>
    ResetByUs,

    /// <summary>The peer sent RST_STREAM: anything it sends after that is an error.</summary>
    ResetByPeer,

    /// <summary>The peer opened a higher number without having used this one, which closed it (RFC 9113 section 5.1.1).</summary>
    NeverOpened,
}

/// <summary>
/// What is known of streams at or below the highest number that are not open, so that late frames are told from wrong ones (RFC 9113
/// section 5.1, "closed"). Bounded, whatever the peer does: the ends of the last streams, and the last gaps in the numbers. What is not
/// known is taken for a stream that was used and closed, on which frames may be late.
/// </summary>
internal sealed class ClosedStreams
{
    // Half the numbers are one side's; the low bits of the rest are the slot. 256 cover what is in flight when a busy client cancels.
    private const int Slots = 256;

    // Clients use one number after the other; who leaves more gaps than this is not told of the oldest.
    private const int MaxGaps = 16;

    private int[] _ids = [];
    private StreamEnding[] _endings = [];
    private (int First, int End)[] _gaps = [];
    private int _nextGap;

    public void Add(int id, StreamEnding ending)
    {
        int slot = (id >> 1) & (Slots - 1);
        if (slot >= _ids.Length)
        {
            int size = _ids.Length == 0 && slot < 16 ? 16 : Slots;
            Array.Resize(ref _ids, size);
            Array.Resize(ref _endings, size);
        }

        _ids[slot] = id;
        _endings[slot] = ending;
    }

    /// <summary>A client opened a stream; the numbers between it and the one before can be used no more.</summary>
    public void NotePassedOver(int before, int opened)
    {
        int first = (before + 1) | 1;
        if (first >= opened)
        {
            return;
        }

        if (_gaps.Length == 0)
        {
            _gaps = new (int, int)[MaxGaps];
        }

        _gaps[_nextGap++ % MaxGaps] = (first, opened);
    }

    public StreamEnding Find(int id)
    {
        int slot = (id >> 1) & (Slots - 1);
        if (slot < _ids.Length && _ids[slot] == id)
        {
            return _endings[slot];
        }

        foreach ((int first, int end) in _gaps)
        {
            if (id >= first && id < end)
            {
                return StreamEnding.NeverOpened;
            }
        }

        return StreamEnding.Forgotten;
    }
}
