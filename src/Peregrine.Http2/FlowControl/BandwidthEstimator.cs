// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.FlowControl;

/// <summary>
/// How large the receive windows should be: what arrives between a PING and its answer is what the path holds in one round trip, the
/// product of its bandwidth and its delay. A window of twice that keeps the sender from waiting for credit, which comes in halves.
/// </summary>
/// <remarks>
/// A PING follows DATA, a quarter of a window at least, and less and less often while the estimate is stable. Peers that count pings
/// forgive them for each DATA frame that they send (gRFC A8), so that none can find these too many. A PING together with credit would
/// see too little: its answer comes back in front of the DATA that the credit allowed.
/// </remarks>
/// <param name="window">The window of a stream to begin with.</param>
/// <param name="limit">The largest one; the window itself, to estimate nothing.</param>
internal struct BandwidthEstimator(int window, int limit)
{
    /// <summary>Told apart from other pings by this payload.</summary>
    public const ulong PingPayload = 0x4241_4E44_5749_4454;

    // Milliseconds between two pings: those of gRPC's core ("bdp_estimator"), with a longest one of our own.
    private const int FirstInterval = 100;
    private const int ShortestInterval = 10;
    private const int LongestInterval = 10_000;

    private readonly int _limit = Math.Max(window, limit);
    private int _interval = FirstInterval;
    private long _next = long.MinValue;
    private long _askedAt;
    private bool _isAsking;
    private long _octets;
    private double _bestRate;

    /// <summary>The window that a stream should have.</summary>
    public int Window { get; private set; } = window;

    /// <summary>DATA came: whether to send a PING.</summary>
    public bool OnData(int octets, long now)
    {
        _octets += octets;
        if (_isAsking || _octets < Window / 4 || Window >= _limit || now < _next)
        {
            return false;
        }

        _isAsking = true;
        _askedAt = now;
        _octets = 0;
        return true;
    }

    /// <summary>The answer to that PING came.</summary>
    public void OnAnswer(long now)
    {
        if (!_isAsking)
        {
            return;
        }

        _isAsking = false;

        // More in one round trip, but not more in a second, means a longer queue on the way: a larger window would make it longer still.
        double rate = (double)_octets / Math.Max(1, now - _askedAt);
        if (_octets * 2 > Window && rate >= _bestRate)
        {
            Window = (int)Math.Min(_limit, _octets * 2);
            _interval = Math.Max(ShortestInterval, _interval / 2);
        }
        else
        {
            _interval = Math.Min(LongestInterval, _interval * 2);
        }

        _bestRate = Math.Max(_bestRate, rate);
        _octets = 0;
        _next = now + _interval;
    }
}
