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
    // What timers take, some 49 days. A clock that fires too early is armed again by whoever wanted a later time.
    private const long LongestTimer = uint.MaxValue - 1;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _onDue;
    private readonly ITimer _timer;
    private readonly long _origin;
    private long _due = long.MaxValue;

    /// <param name="time">The source of time.</param>
    /// <param name="onDue">Called when the deadline has come, on a thread of the timer; it arms the clock again.</param>
    public DeadlineClock(TimeProvider time, Action onDue)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _onDue = onDue;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static clock => ((DeadlineClock)clock!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The time in milliseconds, of an arbitrary origin.</summary>
    public long Now() => ReferenceEquals(_time, TimeProvider.System)
        ? Environment.TickCount64
        : (long)_time.GetElapsedTime(_origin).TotalMilliseconds;

    /// <summary>Sets the timer, unless it is set to an earlier deadline already. <see cref="long.MaxValue"/>: no deadline.</summary>
    public void Arm(long deadline)
    {
        if (deadline >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_gate)
        {
            if (deadline >= _due)
            {
                return;
            }

            _due = deadline;

            // The connection may have ended meanwhile; a disposed timer refuses quietly.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(deadline - Now(), 0, LongestTimer)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Fire()
    {
        lock (_gate)
        {
            _due = long.MaxValue;
        }

        _onDue();
    }
}
