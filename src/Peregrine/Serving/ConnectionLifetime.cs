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
    private readonly ITimer? _ageTimer;
    private long _idleSince;
    private int _calls;
    private bool _isAged;

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
                : time.CreateTimer(static self => ((ConnectionLifetime)self!).CheckIdle(), this, limits.Idle, Timeout.InfiniteTimeSpan);
            _ageTimer = limits.Age == Timeout.InfiniteTimeSpan ? null
                : time.CreateTimer(
                    static self => ((ConnectionLifetime)self!).OnAge(), this, limits.Age * (1 - Jitter + (2 * Jitter * random)), Timeout.InfiniteTimeSpan);
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
        _idleTimer?.Dispose();
        _ageTimer?.Dispose();
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
            _idleTimer!.Change(left, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _pump.BeginDrain();
        }
    }

    private void OnAge()
    {
        if (_isAged)
        {
            _pump.Close(Http2ErrorCode.NoError, "the connection's age and grace are over");
            return;
        }

        _isAged = true;
        _pump.BeginDrain();
        if (_limits.Grace != Timeout.InfiniteTimeSpan)
        {
            _ageTimer!.Change(_limits.Grace, Timeout.InfiniteTimeSpan);
        }
    }
}
