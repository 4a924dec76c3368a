// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Cli.Bench;

/// <summary>When calls, or messages, are due: at a constant rate, or at random times that have this rate on the average (a Poisson process).</summary>
/// <param name="perSecond">The rate.</param>
/// <param name="random">Gives the times of a Poisson process; null for a constant rate.</param>
internal sealed class LoadSchedule(double perSecond, Random? random = null)
{
    // A product that is a whole number but for rounding must not count one more.
    private const double RoundingOfCount = 1e-6;

    private double _next;
    private long _count;

    /// <summary>How many times lie in so many seconds that begin with one of them; of a Poisson process what is to be expected.</summary>
    public long CountIn(double seconds) => Math.Max(0, (long)Math.Ceiling((seconds * perSecond) - RoundingOfCount));

    /// <summary>The next time, in seconds since the beginning; each call gives a later one.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "Arrivals are random, not secret.")]
    public double Next()
    {
        // A constant rate is counted, not added up: rounding must not shift it.
        var due = random is null ? _count++ / perSecond : _next;
        _next += random is null ? 0 : -Math.Log(1 - random.NextDouble()) / perSecond;
        return due;
    }
}
