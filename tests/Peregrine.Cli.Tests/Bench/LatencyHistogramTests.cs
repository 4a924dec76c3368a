// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Bench;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percentiles = [0, 1, 50, 90, 99, 99.9, 99.99, 100];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Percentiles_are_never_too_low_and_at_most_a_thousandth_too_high(int seed)
    {
        Random random = new(seed);
        LatencyHistogram histogram = new();
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 38))];
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        Array.Sort(values);
        foreach (double percent in Percentiles)
        {
            long exact = values[Math.Max(0, (int)Math.Ceiling(percent / 100 * values.Length) - 1)];
            Assert.InRange(histogram.Percentile(percent), exact, exact + (exact / 1000));
        }

        double mean = values.Average(value => (double)value);
        Assert.Equal(mean, histogram.Mean, mean * 1e-9);
        Assert.Equal(values[0], histogram.Min);
        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Length, histogram.Count);
    }

    [Fact]
    public void Short_durations_are_exact()
    {
        LatencyHistogram histogram = new();
        for (int value = 0; value < 2048; value++)
        {
            histogram.Record(value);
        }

        Assert.Equal(0, histogram.Percentile(0));
        Assert.Equal(1023, histogram.Percentile(50));
        Assert.Equal(2047, histogram.Percentile(100));
        Assert.Equal(2048, histogram.Buckets().Count());
    }

    [Fact]
    public void Merging_is_the_same_as_counting_all_in_one()
    {
        Random random = new(7);
        LatencyHistogram one = new(), other = new(), all = new();
        for (int i = 0; i < 5000; i++)
        {
            long value = random.NextInt64(1, 1L << random.Next(4, 40));
            (i % 3 == 0 ? one : other).Record(value);
            all.Record(value);
        }

        one.Add(other);
        Assert.Equal(all.Buckets(), one.Buckets());
        Assert.Equal((all.Count, all.Min, all.Max), (one.Count, one.Min, one.Max));
        Assert.Equal(all.Mean, one.Mean, 1e-3);
        Assert.Equal(all.StandardDeviation, one.StandardDeviation, all.StandardDeviation * 1e-9);
    }

    [Fact]
    public void Adding_an_empty_one_changes_nothing()
    {
        LatencyHistogram histogram = new();
        histogram.Record(500);
        histogram.Add(new LatencyHistogram());
        Assert.Equal((1, 500, 500), (histogram.Count, histogram.Min, histogram.Max));
    }

    [Fact]
    public void A_histogram_is_made_again_of_its_buckets()
    {
        LatencyHistogram histogram = new(), again = new();
        foreach (long value in (long[])[3, 3, 1_000_000, 1_000_001, long.MaxValue])
        {
            histogram.Record(value);
        }

        foreach ((long value, long count) in histogram.Buckets())
        {
            again.Record(value, count);
        }

        Assert.Equal(histogram.Buckets(), again.Buckets());
    }

    [Fact]
    public void Cleared_it_is_as_new()
    {
        LatencyHistogram histogram = new();
        histogram.Record(1_000_000);
        histogram.Clear();
        Assert.Empty(histogram.Buckets());
        histogram.Record(-5);
        Assert.Equal((1, 0, 0, 0), (histogram.Count, histogram.Min, histogram.Max, histogram.Percentile(50)));
    }

    [Fact]
    public void The_standard_deviation_is_that_of_all_values()
    {
        LatencyHistogram histogram = new();
        foreach (long value in (long[])[2, 4, 4, 4, 5, 5, 7, 9])
        {
            histogram.Record(value);
        }

        Assert.Equal(2, histogram.StandardDeviation, 1e-9);
    }
}
