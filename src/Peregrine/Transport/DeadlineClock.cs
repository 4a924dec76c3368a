// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>
/// The clock of one connection: milliseconds of a monotonic time, and one timer for the earliest deadline it was told of.
/// Thread-safe.
/// </summary>
internal sealed class DeadlineClock : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Action onDue;
    private readonly ITimer timer;
    private long due = long.MaxValue;

    /// <param name="time">The source of time.</param>
    /// <param name="onDue">Called when the deadline has come, on a thread of the timer; it arms the clock again.</param>
    public DeadlineClock(TimeProvider time, Action onDue)
    {
        this.time = time;
        this.onDue = onDue;
        using (ExecutionContext.SuppressFlow())
        {
            timer = time.CreateTimer(static clock => ((DeadlineClock)clock!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The time in milliseconds, of an arbitrary origin.</summary>
    public long Now() => ReferenceEquals(time, TimeProvider.System)
        ? Environment.TickCount64
        : (long)(time.GetTimestamp() * 1000.0 / time.TimestampFrequency);

    /// <summary>Sets the timer, unless it is set to an earlier deadline already. <see cref="long.MaxValue"/>: no deadline.</summary>
    public void Arm(long deadline)
    {
        if (deadline >= Volatile.Read(ref due))
        {
            return;
        }

        lock (gate)
        {
            if (deadline >= due)
            {
                return;
            }

            due = deadline;

            // The connection may have ended meanwhile; a disposed timer refuses quietly.
            timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, deadline - Now())), Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => timer.DisposeAsync();

    private void Fire()
    {
        lock (gate)
        {
            due = long.MaxValue;
        }

        onDue();
    }
}
