// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>
/// A clock that a test moves by hand. Timers fire inside <see cref="Advance"/>, on the calling thread, in the order in which they are due.
/// Give it to a server (<see cref="GrpcServerOptions.TimeProvider"/>) and a channel (<see cref="Client.GrpcChannelOptions.TimeProvider"/>), or to both by
/// <see cref="InMemoryServerOptions.TimeProvider"/>, and a test of a deadline needs no sleeping. Thread-safe.
/// </summary>
/// <remarks>
/// Deadlines are moments: make them from this clock, <c>time.GetUtcNow().UtcDateTime.AddSeconds(5)</c>, not from <see cref="DateTime.UtcNow"/>.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now;
    private TaskCompletionSource _timerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a clock that shows midnight of 1 January 2026, UTC.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>Makes a clock.</summary>
    /// <param name="start">What it shows first.</param>
    public ManualTimeProvider(DateTimeOffset start) => _now = start.ToUniversalTime();

    /// <summary>Ticks of 100 nanoseconds.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>UTC, on every machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>What the clock shows.</summary>
    /// <returns>The time, in UTC.</returns>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <summary>What the clock shows, as a timestamp for <see cref="TimeProvider.GetElapsedTime(long)"/>.</summary>
    /// <returns>The timestamp, in units of <see cref="TimestampFrequency"/>.</returns>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Makes a timer that fires when the clock is moved to or past the time at which it is due.</summary>
    /// <param name="callback">Called on the thread that moves the clock.</param>
    /// <param name="state">Given to the callback.</param>
    /// <param name="dueTime">When it fires first; <see cref="Timeout.InfiniteTimeSpan"/> for not yet.</param>
    /// <param name="period">The time between further fires; <see cref="Timeout.InfiniteTimeSpan"/> for one only.</param>
    /// <returns>The timer.</returns>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock, and fires on this thread what becomes due: each timer when the clock shows its time, the earliest first, timers that are
    /// set meanwhile included.
    /// </summary>
    /// <param name="by">How far; zero fires what is due already.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative: time does not go back.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_lock)
        {
            end = _now + by;
        }

        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                if (next is null)
                {
                    _now = end > _now ? end : _now;
                    return;
                }

                _now = next.Due > _now ? next.Due : _now;
                next.Rearm();
            }

            next.Fire();
        }
    }

    /// <summary>Moves the clock alone: the moment at which it is late already but no timer has fired yet.</summary>
    /// <param name="by">How far. The next <see cref="Advance"/> fires what has become due.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative: time does not go back.</exception>
    public void AdvanceClockOnly(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_lock)
        {
            _now += by;
        }
    }

    /// <summary>
    /// Waits until a timer is set that is due within a span of time from now: what a test awaits before it moves the clock, when the code under
    /// test sets its timer on another thread. At once, if there is one.
    /// </summary>
    /// <param name="atLeast">The timer is due then or later.</param>
    /// <param name="atMost">The timer is due then or earlier.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when there is such a timer.</returns>
    /// <exception cref="TimeoutException">None was set within 30 seconds of real time: the test would wait for ever.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task TimerDueWithinAsync(TimeSpan atLeast, TimeSpan atMost, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Exists(timer => timer.Due - _now >= atLeast && timer.Due - _now <= atMost))
                {
                    return;
                }

                changed = _timerSet.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private bool _isDisposed;

        internal DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
            }

            lock (owner._lock)
            {
                if (_isDisposed)
                {
                    return false;
                }

                _period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
                _ = owner._timers.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = dueTime < DateTimeOffset.MaxValue - owner._now ? owner._now + dueTime : DateTimeOffset.MaxValue;
                    owner._timers.Add(this);
                    owner._timerSet.SetResult();
                    owner._timerSet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
            {
                _isDisposed = true;
                _ = owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        // Under the clock's lock: it is about to fire.
        internal void Rearm()
        {
            if (_period == Timeout.InfiniteTimeSpan)
            {
                _ = owner._timers.Remove(this);
            }
            else
            {
                Due += _period;
            }
        }

        internal void Fire() => callback(state);
    }
}
