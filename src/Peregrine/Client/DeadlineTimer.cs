// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Client;

/// <summary>
/// Ends a call when its deadline passes. A timer can wait for some 49 days only and may fire a little early, so it looks at the clock
/// and sets itself again until the deadline has really come. Disposing stops it.
/// </summary>
internal sealed class DeadlineTimer : IDisposable
{
    // Below the limit of System.Threading.Timer, 2^32 - 2 ms.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(49);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly ClientCall _call;
    private readonly Deadline _deadline;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    internal DeadlineTimer(ClientCall call, Deadline deadline, TimeProvider time)
    {
        _call = call;
        _deadline = deadline;
        _time = time;
        _timer = time.CreateTimer(static state => ((DeadlineTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        if (_deadline.HasExpired(_time))
        {
            _call.EndByDeadline();
        }
        else
        {
            SetTimer();
        }
    }

    private void SetTimer()
    {
        var left = _deadline.Remaining(_time);
        _ = _timer.Change(left > LongestWait ? LongestWait : left < ShortestWait ? ShortestWait : left, Timeout.InfiniteTimeSpan);
    }
}
