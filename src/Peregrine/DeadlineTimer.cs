// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine;

/// <summary>
/// Tells when a deadline has passed. A timer can wait for some 49 days only and may fire a little early, so it looks at the clock
/// and sets itself again until the deadline has really come. Disposing stops it.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    /// <summary>The longest that a timer is asked to wait at once: below the limit of System.Threading.Timer, 2^32 - 2 ms.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(49);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Action<object> _passed;
    private readonly object _state;
    private readonly Deadline _deadline;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    /// <param name="passed">Told once, on a thread of the timer, with <paramref name="state"/>.</param>
    /// <param name="state">Whose deadline it is.</param>
    /// <param name="deadline">The deadline; with none, nothing is ever told.</param>
    /// <param name="time">The clock.</param>
    internal DeadlineTimer(Action<object> passed, object state, Deadline deadline, TimeProvider time)
    {
        _passed = passed;
        _state = state;
        _deadline = deadline;
        _time = time;
        _timer = time.CreateTimer(static self => ((DeadlineTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>How long a timer is to wait for what lies a time ahead: all of it, or as long as it can; for ever if that is asked for.</summary>
    public static TimeSpan Wait(TimeSpan left) => left == Timeout.InfiniteTimeSpan ? left
        : left > LongestWait ? LongestWait
        : left < ShortestWait ? ShortestWait
        : left;

    private void Fire()
    {
        if (_deadline.HasExpired(_time))
        {
            _passed(_state);
        }
        else
        {
            SetTimer();
        }
    }

    private void SetTimer() => _ = _timer.Change(Wait(_deadline.Remaining(_time)), Timeout.InfiniteTimeSpan);
}
