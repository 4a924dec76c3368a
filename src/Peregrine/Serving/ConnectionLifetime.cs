// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using Peregrine.Http2;
using Peregrine.Transport;

namespace Peregrine.Serving;

/// <summary>
/// Ends a connection that has been without calls, or has lived, for too long (gRFC A9): GOAWAY first, then, after the grace, the calls that
/// still run. Thread-safe.
/// </summary>
internal sealed class ConnectionLifetime : IDisposable
{
    // gRFC A9: "a random jitter of +/-10% will be added to MAX_CONNECTION_AGE to spread out connection storms".
    private const double Jitter = 0.1;

    private readonly Lock _lock = new();
    private readonly ConnectionLimits _limits;
    private readonly TimeProvider _time;
    private readonly Http2Pump _pump;
    private readonly ITimer? _idleTimer;
    private DeadlineTimer? _ageTimer;
    private long _idleSince;
    private int _calls;
    private bool _isDisposed;

    /// <param name="limits">How long it lives.</param>
    /// <param name="random">A number in [0, 1): the jitter of the age.</param>
    /// <param name="time">The clock.</param>
    /// <param name="pump">The connection.</param>
    public ConnectionLifetime(ConnectionLimits limits, double random, TimeProvider time, Http2Pump pump)
    {
        _limits = limits;
        _time = time;
        _pump = pump;
        _idleSince = time.GetTimestamp();
        using (ExecutionContext.SuppressFlow())
        {
            _idleTimer = limits.Idle == Timeout.InfiniteTimeSpan ? null
                : time.CreateTimer(static self => ((ConnectionLifetime)self!).CheckIdle(), this, DeadlineTimer.Wait(limits.Idle), Timeout.InfiniteTimeSpan);
            _ageTimer = limits.Age == Timeout.InfiniteTimeSpan ? null
                : new DeadlineTimer(static self => ((ConnectionLifetime)self).OnAge(), this, AgeEnd(random), time);
        }
    }

    public void OnCallStarted()
    {
        lock (_lock)
        {
            _calls++;
        }
    }

    public void OnCallEnded()
    {
        lock (_lock)
        {
            if (--_calls == 0)
            {
                _idleSince = _time.GetTimestamp();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _idleTimer?.Dispose();
            _ageTimer?.Dispose();
        }
    }

    // An age that the jitter carries past the end of the calendar is none.
    private Deadline AgeEnd(double random)
    {
        double ticks = _limits.Age.Ticks * (1 - Jitter + (2 * Jitter * random));
        return ticks >= TimeSpan.MaxValue.Ticks ? Deadline.None : Deadline.After(TimeSpan.FromTicks((long)ticks), _time);
    }

    private void CheckIdle()
    {
        TimeSpan left;
        lock (_lock)
        {
            // While calls run nobody needs to look: the earliest end is one whole time from now.
            left = _calls > 0 ? _limits.Idle : _limits.Idle - _time.GetElapsedTime(_idleSince);
        }

        if (left > TimeSpan.Zero)
        {
            _idleTimer!.Change(DeadlineTimer.Wait(left), Timeout.InfiniteTimeSpan);
        }
        else
        {
            _pump.BeginDrain();
        }
    }

    private void OnAge()
    {
        _pump.BeginDrain();
        lock (_lock)
        {
            if (_limits.Grace != Timeout.InfiniteTimeSpan && !_isDisposed)
            {
                _ageTimer?.Dispose();
                _ageTimer = new DeadlineTimer(static self => ((ConnectionLifetime)self).OnGraceEnd(), this, Deadline.After(_limits.Grace, _time), _time);
            }
        }
    }

    private void OnGraceEnd() => _pump.Close(Http2ErrorCode.NoError, "the connection's age and grace are over");
}
