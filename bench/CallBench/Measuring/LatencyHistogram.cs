// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Numerics;

namespace CallBench.Measuring;

/// <summary>
/// Counts durations in buckets that are never wider than a sixty-fourth of their value. Fixed memory; any number of threads.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;

    private readonly long[] _counts = new long[(65 - StepBits) * Steps];

    public void RecordSince(long startTimestamp) => Record(Stopwatch.GetTimestamp() - startTimestamp);

    public void Record(long ticks) => Interlocked.Increment(ref _counts[IndexOf(Math.Max(ticks, 0))]);

    public void Clear() => Array.Clear(_counts);

    /// <summary>The duration in microseconds that this part of all durations does not exceed.</summary>
    public double Percentile(double part)
    {
        long total = _counts.Sum();
        long rank = (long)Math.Ceiling(part * total);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
            {
                return 1e6 * MiddleOf(i) / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    // Below 2 * Steps each value has a bucket; above, each power of two has as many buckets as Steps.
    private static int IndexOf(long ticks)
    {
        int shift = Math.Max(BitOperations.Log2((ulong)ticks | 1) - StepBits, 0);
        return (shift * Steps) + (int)(ticks >> shift);
    }

    private static double MiddleOf(int index)
    {
        int shift = Math.Max((index / Steps) - 1, 0);
        long low = (long)(index - (shift * Steps)) << shift;
        return low + (((1L << shift) - 1) / 2.0);
    }
}
