// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.LoadBalancing;

/// <summary>
/// The growing pauses between attempts to connect, as the gRPC document "connection-backoff" lays them down. Plain data without a
/// clock: the owner asks for the next pause and keeps the time. Not safe for concurrent use; the owner holds its lock.
/// </summary>
internal sealed class ConnectionBackoff
{
    // The four constants of the document "connection-backoff".
    internal static readonly TimeSpan DefaultInitial = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan DefaultMaximum = TimeSpan.FromSeconds(120);
    internal static readonly TimeSpan MinimumConnectTimeout = TimeSpan.FromSeconds(20);

    // Longer ones would overflow when they grow.
    private static readonly TimeSpan Longest = TimeSpan.MaxValue / 2;

    private const double Multiplier = 1.6;
    private const double Jitter = 0.2;

    private readonly TimeSpan _initial;
    private readonly TimeSpan _maximum;
    private readonly Func<double> _random;
    private TimeSpan _next;

    /// <param name="initial">The first pause, before jitter.</param>
    /// <param name="maximum">No pause grows above this, before jitter.</param>
    /// <param name="random">Gives numbers in [0, 1): the source of the jitter.</param>
    internal ConnectionBackoff(TimeSpan initial, TimeSpan maximum, Func<double> random)
    {
        _maximum = maximum < Longest ? maximum : Longest;
        _initial = initial < _maximum ? initial : _maximum;
        _random = random;
        _next = _initial;
    }

    /// <summary>The pause for the attempt that starts now, counted from its start; the following one grows.</summary>
    internal TimeSpan Next()
    {
        var pause = _next;
        var grown = pause * Multiplier;
        _next = grown < _maximum ? grown : _maximum;
        return pause * (1 + (Jitter * ((2 * _random()) - 1)));
    }

    /// <summary>Starts over: a connection became ready.</summary>
    internal void Reset() => _next = _initial;
}
