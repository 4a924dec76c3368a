// SPDX-License-Identifier: Apache-2.0
using System.Threading;

namespace Peregrine.Transport;

/// <summary>Counts the gRPC messages of a connection. Times are the pump's milliseconds; -1 for never.</summary>
internal struct MessageCounters()
{
    private long _received;
    private long _lastReceived = -1;

    /// <summary>Messages handed to HTTP/2. Guarded by the pump's lock.</summary>
    public long Sent { get; private set; }

    /// <summary>When the last one was. Guarded by the pump's lock.</summary>
    public long LastSent { get; private set; } = -1;

    /// <summary>Messages that calls have read.</summary>
    public readonly long Received => Volatile.Read(in _received);

    /// <summary>When the last one was read.</summary>
    public readonly long LastReceived => Volatile.Read(in _lastReceived);

    /// <summary>A message is sent; under the pump's lock.</summary>
    public void OnSent(long now)
    {
        Sent++;
        LastSent = now;
    }

    /// <summary>
    /// Messages were read, by any thread: streams read side by side. Of a run of messages that came together, those behind the first are
    /// counted when all were read.
    /// </summary>
    public void OnReceived(int count, long now)
    {
        _ = Interlocked.Add(ref _received, count);
        Volatile.Write(ref _lastReceived, now);
    }
}
