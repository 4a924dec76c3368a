// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Http2.Streams;

namespace Peregrine.Cli.Bench;

/// <summary>A call under way on a <see cref="RawConnection"/>: plain data, used again for later calls.</summary>
internal sealed class RawCall
{
    /// <summary>Its stream.</summary>
    public Http2Stream Stream { get; set; } = null!;

    /// <summary>Its place among the connection's calls of a closed loop; -1 in an open loop.</summary>
    public int Slot { get; set; }

    /// <summary>When it began, or was due.</summary>
    public long Begun { get; set; }

    /// <summary>Messages sent.</summary>
    public long Sent { get; set; }

    /// <summary>Messages received.</summary>
    public long Received { get; set; }

    /// <summary>Octets of the messages received.</summary>
    public long ReceivedBytes { get; set; }

    /// <summary>Whether the response head was that of a call.</summary>
    public bool HasHead { get; set; }

    /// <summary>Messages sent that wait for an answer: when each was due.</summary>
    public Queue<long> Unanswered { get; } = new();

    /// <summary>Counts what is received.</summary>
    public ref MessageCounter Counter => ref _counter;

    private MessageCounter _counter;

    /// <summary>Makes it ready for a call.</summary>
    public void Begin(int slot, long begun)
    {
        (Slot, Begun, Sent, Received, ReceivedBytes, HasHead, _counter) = (slot, begun, 0, 0, 0, false, default);
        Unanswered.Clear();
    }
}
