// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Guards;

/// <summary>When to ask a silent peer for a sign of life, and when to give up on it. Any received byte is a sign.</summary>
internal struct KeepAlive(long interval, long timeout, bool withoutStreams, long now)
{
    private readonly long _interval = interval;
    private readonly long _timeout = timeout;
    private long _lastReceived = now;
    private long _pingSent = -1;

    /// <summary>What <see cref="Check"/> found.</summary>
    internal enum Verdict : byte
    {
        Fine,
        SendPing,
        Dead,
    }

    public readonly long NextDeadline(bool hasStreams)
    {
        if (_pingSent >= 0)
        {
            return _pingSent + _timeout;
        }

        return _interval > 0 && (hasStreams || withoutStreams) ? _lastReceived + _interval : long.MaxValue;
    }

    public void Received(long now)
    {
        _lastReceived = now;
        _pingSent = -1;
    }

    public Verdict Check(long now, bool hasStreams)
    {
        if (now < NextDeadline(hasStreams))
        {
            return Verdict.Fine;
        }

        if (_pingSent >= 0)
        {
            return Verdict.Dead;
        }

        _pingSent = now;
        return Verdict.SendPing;
    }
}
