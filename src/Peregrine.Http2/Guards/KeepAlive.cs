// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Guards;

/// <summary>When to ask a silent peer for a sign of life, and when to give up on it. Any received byte is a sign.</summary>
/// <remarks>
/// Servers count the pings that they have not asked for and ban clients for the third that comes too early (gRFC A8); what they send as
/// HEADERS or DATA sets their count back. So the first ping after such a frame may come soon, and the following ones keep a distance.
/// </remarks>
internal struct KeepAlive(Http2ConnectionOptions options, long now)
{
    private readonly long _interval = options.KeepAliveInterval;
    private readonly long _distance = Math.Max(options.KeepAliveInterval, options.KeepAliveDistance);
    private readonly long _timeout = options.KeepAliveTimeout;
    private readonly bool _withoutStreams = options.KeepAliveWithoutStreams;
    private long _lastReceived = now;

    // The silence counts from here: what was received last, or the first stream after none.
    private long _silentSince = now;

    // The last ping since HEADERS or DATA came; -1 for none.
    private long _lastPing = -1;
    private bool _isWaiting;

    /// <summary>What <see cref="Check"/> found.</summary>
    internal enum Verdict : byte
    {
        Fine,
        SendPing,
        Dead,
    }

    public readonly long NextDeadline(bool hasStreams)
    {
        if (_isWaiting)
        {
            return _timeout > 0 ? _lastPing + _timeout : long.MaxValue;
        }

        if (_interval <= 0 || !(hasStreams || _withoutStreams))
        {
            return long.MaxValue;
        }

        long silent = _silentSince + _interval;
        return _lastPing < 0 ? silent : Math.Max(silent, _lastPing + _distance);
    }

    /// <summary>Bytes came.</summary>
    public void Received(long now)
    {
        _lastReceived = now;
        _silentSince = now;
        _isWaiting = false;
    }

    /// <summary>HEADERS or DATA came.</summary>
    public void ReceivedMessage() => _lastPing = -1;

    /// <summary>A stream opens, perhaps the only one: whether to ask whether the peer is still there, since nothing was heard of it for long.</summary>
    public bool CheckOpening(long now, bool isOnly)
    {
        _silentSince = isOnly ? now : _silentSince;
        if (_interval <= 0 || _isWaiting || now < _lastReceived + _distance || (_lastPing >= 0 && now < _lastPing + _distance))
        {
            return false;
        }

        Ask(now);
        return true;
    }

    public Verdict Check(long now, bool hasStreams)
    {
        if (now < NextDeadline(hasStreams))
        {
            return Verdict.Fine;
        }

        if (_isWaiting)
        {
            return Verdict.Dead;
        }

        Ask(now);
        return Verdict.SendPing;
    }

    private void Ask(long now)
    {
        _lastPing = now;
        _isWaiting = true;
    }
}
