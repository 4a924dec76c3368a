// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using Peregrine.Http2;

namespace Peregrine.Client;

/// <summary>
/// How often the connections of a channel ask a silent server for a sign of life: the channel's options, and what servers have said to it
/// since. Thread-safe.
/// </summary>
internal sealed class KeepAlivePolicy
{
    // gRFC A8: a shorter time is raised to ten seconds.
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(10);

    // The default of servers is one ping in five minutes. The network may bring two of them closer together than they were sent.
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultDistance = TimeSpan.FromSeconds(310);

    private readonly Lock _lock = new();
    private readonly TimeSpan _timeout;
    private readonly bool _withoutCalls;
    private readonly bool _isInProcess;
    private TimeSpan _time;
    private TimeSpan _distance;
    private Http2ConnectionOptions? _options;

    /// <param name="options">The channel's options.</param>
    /// <param name="isInProcess">Whether the server is in this process, whose end nobody needs to ask for.</param>
    /// <exception cref="ArgumentException">A time is not positive.</exception>
    public KeepAlivePolicy(GrpcChannelOptions options, bool isInProcess = false)
    {
        _isInProcess = isInProcess;
        bool isOff = options.KeepAliveTime == Timeout.InfiniteTimeSpan;
        _timeout = GrpcChannel.Positive(options.KeepAliveTimeout, nameof(options.KeepAliveTimeout));
        _withoutCalls = options.KeepAlivePermitWithoutCalls;
        _time = isOff ? TimeSpan.Zero : Max(GrpcChannel.Positive(options.KeepAliveTime ?? DefaultTime, nameof(options.KeepAliveTime)), LeastTime);
        _distance = options.KeepAliveTime is null ? DefaultDistance : _time;
    }

    /// <summary>The settings of the next connection.</summary>
    public Http2ConnectionOptions Http2
    {
        get
        {
            lock (_lock)
            {
                return _options ??= _isInProcess ? new Http2ConnectionOptions { SettingsTimeout = 0 } : new Http2ConnectionOptions
                {
                    KeepAliveInterval = (long)_time.TotalMilliseconds,
                    KeepAliveDistance = (long)_distance.TotalMilliseconds,
                    KeepAliveTimeout = (long)_timeout.TotalMilliseconds,
                    KeepAliveWithoutStreams = _withoutCalls,
                };
            }
        }
    }

    /// <summary>How long sent bytes may stay unacknowledged; null for as long as the system lets them.</summary>
    public TimeSpan? UserTimeout => _time == TimeSpan.Zero ? null : _timeout;

    /// <summary>A server has ended a connection; if for the pings, the next ones come half as often (gRFC A8).</summary>
    public void OnGoAway(in Http2Error error)
    {
        if (error.Code != Http2ErrorCode.EnhanceYourCalm || error.Reason != "too_many_pings")
        {
            return;
        }

        lock (_lock)
        {
            _time *= 2;
            _distance *= 2;
            _options = null;
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
