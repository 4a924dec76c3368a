// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Guards;

/// <summary>
/// Tells a peer that only causes work from one that gets work done. Two allowances: one for streams that end by a reset (rapid reset,
/// and resets that the peer provokes by errors), one for frames that carry nothing (PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA,
/// unknown types, interim heads). Both fill with time and, so that busy honest peers are never bitten, with each request completed and
/// each DATA frame that carries something.
/// </summary>
internal struct FloodGuard(int maxConcurrentStreams, long now)
{
    /// <summary>Cost of SETTINGS: it is parsed, applied and answered.</summary>
    public const int SettingsCost = 20;

    /// <summary>A change of SETTINGS_INITIAL_WINDOW_SIZE costs one more for so many streams whose windows it moves.</summary>
    public const int WindowsPerCost = 8;

    /// <summary>Cost of any other frame that carries nothing.</summary>
    public const int EmptyFrameCost = 1;

    // A burst of cancelled calls may be as large as what may be open, and a thousand more; half of all calls cancelled at any rate costs
    // nothing, since each completed one earns a token. An attacker that completes none is stopped after some ten milliseconds.
    private const int ResetBurst = 1000;
    private const int ResetsPerSecond = 500;

    // However many streams an owner allows, more resets at once than this are no accident.
    private const int MostConcurrentCounted = 100_000;

    // A PING or WINDOW_UPDATE costs well under a microsecond: ten thousand at once are not felt, and no honest peer sends as many
    // without data in between.
    private const int FrameBurst = 10_000;
    private const int FramesPerSecond = 1_000;

    // An honest peer may send a WINDOW_UPDATE for the stream and the connection for each piece it reads of a frame.
    private const int OctetsPerEarnedFrame = 512;

    private TokenBucket _resets = new(ResetBurst + Math.Min(maxConcurrentStreams, MostConcurrentCounted), ResetsPerSecond, now);
    private TokenBucket _frames = new(FrameBurst, FramesPerSecond, now);

    /// <summary>A stream was reset by the peer, or by this end for the peer's fault.</summary>
    public bool TrySpendReset(long now) => _resets.TrySpend(1, now);

    /// <summary>A frame came that carries nothing.</summary>
    public bool TrySpendFrame(int cost, long now) => _frames.TrySpend(cost, now);

    /// <summary>A stream ended regularly.</summary>
    public void EarnCompletion()
    {
        _resets.Earn(1);
        _frames.Earn(2);
    }

    /// <summary>DATA passed, in either direction.</summary>
    public void EarnData(int octets) => _frames.Earn(2 + (octets / OctetsPerEarnedFrame));
}
