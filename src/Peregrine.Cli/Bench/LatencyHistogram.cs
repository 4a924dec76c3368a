// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Numerics;

namespace Peregrine.Cli.Bench;

/// <summary>
/// Counts durations in buckets that are never wider than 1/1024 of their value, three significant digits, as HDR histograms do: each
/// power of two has 1024 buckets, and its row is made when the first value falls into it. Not safe for several threads.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 10;
    private const int Steps = 1 << StepBits;

    private readonly long[]?[] _rows = new long[]?[65 - StepBits];
    private double _sum;

    /// <summary>How many durations were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest one in nanoseconds, exactly; 0 when there is none.</summary>
    public long Min { get; private set; }

    /// <summary>The longest one in nanoseconds, exactly; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>The mean in nanoseconds; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>The standard deviation in nanoseconds; 0 when there is none.</summary>
    public double StandardDeviation
    {
        get
        {
            var squares = 0.0;
            foreach (var (value, count) in Buckets())
            {
                squares += (value - Mean) * (value - Mean) * count;
            }

            return Count == 0 ? 0 : Math.Sqrt(squares / Count);
        }
    }

    /// <summary>Counts a duration.</summary>
    /// <param name="nanoseconds">The duration; below zero counts as zero.</param>
    /// <param name="count">How often.</param>
    public void Record(long nanoseconds, long count = 1)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        var index = IndexOf(nanoseconds);
        (_rows[index >> StepBits] ??= new long[Steps])[index & (Steps - 1)] += count;
        Min = Count == 0 ? nanoseconds : Math.Min(Min, nanoseconds);
        Max = Math.Max(Max, nanoseconds);
        Count += count;
        _sum += (double)nanoseconds * count;
    }

    /// <summary>Counts what another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other.Count == 0)
        {
            return;
        }

        for (var row = 0; row < _rows.Length; row++)
        {
            if (other._rows[row] is { } counts)
            {
                var own = _rows[row] ??= new long[Steps];
                for (var i = 0; i < own.Length; i++)
                {
                    own[i] += counts[i];
                }
            }
        }

        Min = Count == 0 ? other.Min : Math.Min(Min, other.Min);
        Max = Math.Max(Max, other.Max);
        Count += other.Count;
        _sum += other._sum;
    }

    /// <summary>Forgets all; the memory stays.</summary>
    public void Clear()
    {
        foreach (var row in _rows)
        {
            if (row is not null)
            {
                Array.Clear(row);
            }
        }

        (Count, Min, Max, _sum) = (0, 0, 0, 0);
    }

    /// <summary>The duration that a share of all durations does not exceed, in nanoseconds, at most 0.1 % too high; 0 when there is none.</summary>
    /// <param name="percent">The share: 0 to 100.</param>
    public long Percentile(double percent)
    {
        var rank = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Math.Max(Count, 1));
        long seen = 0;
        foreach (var (value, count) in Buckets())
        {
            seen += count;
            if (seen >= rank)
            {
                return Math.Min(value, Max);
            }
        }

        return 0;
    }

    /// <summary>The buckets that are not empty, in order: the highest duration of each in nanoseconds, and how many it has.</summary>
    public IEnumerable<(long Value, long Count)> Buckets()
    {
        for (var row = 0; row < _rows.Length; row++)
        {
            if (_rows[row] is { } counts)
            {
                for (var i = 0; i < counts.Length; i++)
                {
                    if (counts[i] > 0)
                    {
                        yield return (HighestOf((row << StepBits) + i), counts[i]);
                    }
                }
            }
        }
    }

    // Below 2 * Steps each value has a bucket; above, each power of two has as many buckets as Steps.
    private static int IndexOf(long value)
    {
        var shift = Math.Max(BitOperations.Log2((ulong)value | 1) - StepBits, 0);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        var shift = Math.Max((index >> StepBits) - 1, 0);
        return ((long)(index - (shift << StepBits)) << shift) + ((1L << shift) - 1);
    }
}
