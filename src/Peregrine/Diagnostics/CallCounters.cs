// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>Counts the calls of a channel. Thread-safe.</summary>
internal sealed class CallCounters
{
    private long _started;
    private long _succeeded;
    private long _failed;
    private long _lastStarted = -1;

    /// <summary>A call begins.</summary>
    /// <param name="now">The time in milliseconds, of an arbitrary origin.</param>
    public void OnStarted(long now)
    {
        _ = Interlocked.Increment(ref _started);
        Volatile.Write(ref _lastStarted, now);
    }

    /// <summary>A call has its outcome.</summary>
    public void OnEnded(bool isSuccess) => _ = Interlocked.Increment(ref isSuccess ? ref _succeeded : ref _failed);

    /// <summary>The counts now.</summary>
    /// <param name="now">The time in milliseconds, of the same origin.</param>
    /// <param name="utc">The same time.</param>
    public CallCounts Observe(long now, DateTimeOffset utc)
    {
        // What ended is read first, so that it is never more than what started.
        var succeeded = Interlocked.Read(ref _succeeded);
        var failed = Interlocked.Read(ref _failed);
        var last = Volatile.Read(ref _lastStarted);
        return new CallCounts(
            Interlocked.Read(ref _started), succeeded, failed, last < 0 ? null : utc - TimeSpan.FromMilliseconds(Math.Max(0, now - last)));
    }
}
