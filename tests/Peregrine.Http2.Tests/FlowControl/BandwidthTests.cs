// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.FlowControl;

namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>The receive windows follow the bandwidth and the delay of the path, under virtual time.</summary>
public sealed class BandwidthTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_fat_path_is_filled_whoever_sends(bool toClient)
    {
        // 100 ms there and back, 40 MB a second: 4 MB are on the way.
        using LongPath path = new(delay: 50, octetsPerMillisecond: 40_000, toClient);
        path.Run(milliseconds: 3_000);
        long before = path.Received;
        path.Run(milliseconds: 1_000);
        Assert.InRange(path.Received - before, 38_000_000, 40_100_000);
        Assert.InRange(path.Pings, 3, 60);
    }

    [Fact]
    public void Without_estimation_the_window_limits_what_the_path_could_carry()
    {
        using LongPath path = new(delay: 50, octetsPerMillisecond: 40_000, toClient: true, new() { MaxStreamWindow = 0 });
        path.Run(milliseconds: 3_000);
        Assert.InRange(path.Received, 10 * Megabyte, 33 * Megabyte);
        Assert.Equal(0, path.Pings);
    }

    [Fact]
    public void A_short_path_keeps_its_window()
    {
        // 2 ms there and back, 40 MB a second: 80 kB are on the way.
        using LongPath path = new(delay: 1, octetsPerMillisecond: 40_000, toClient: true);
        path.Run(milliseconds: 3_000);
        Assert.InRange(path.Received, 115_000_000, 121_000_000);
        Assert.InRange(path.StreamWindow, 0, 2 * Megabyte);
        Assert.InRange(path.Pings, 1, 20);
    }

    [Fact]
    public void Who_does_not_read_grants_no_larger_window()
    {
        using LongPath path = new(delay: 50, octetsPerMillisecond: 40_000, toClient: true);
        path.Run(milliseconds: 1_000);
        path.Reads = false;
        path.Run(milliseconds: 2_000);
        long before = path.Received;
        path.Run(milliseconds: 1_000);
        Assert.Equal(before, path.Received);
        Assert.Equal(0, path.StreamWindow);
    }

    [Fact]
    public void The_window_grows_to_twice_what_one_round_trip_brings_and_never_beyond_its_limit()
    {
        BandwidthEstimator estimator = new(1000, 10_000);
        Assert.Equal(1000, Next(ref estimator, at: 0, octets: 500, roundTrip: 10));
        Assert.Equal(1400, Next(ref estimator, at: 1_000, octets: 700, roundTrip: 10));
        Assert.Equal(2800, Next(ref estimator, at: 2_000, octets: 1400, roundTrip: 10));
        Assert.Equal(10_000, Next(ref estimator, at: 3_000, octets: 9000, roundTrip: 10));
        Assert.False(estimator.OnData(100_000, 100_000));
    }

    [Fact]
    public void More_octets_in_more_time_are_a_queue_and_no_bandwidth()
    {
        BandwidthEstimator estimator = new(1000, 100_000);
        Assert.Equal(2000, Next(ref estimator, at: 0, octets: 1000, roundTrip: 10));
        Assert.Equal(2000, Next(ref estimator, at: 1_000, octets: 2000, roundTrip: 30));
    }

    [Fact]
    public void A_stable_estimate_asks_less_and_less_often_and_never_twice_at_a_time()
    {
        BandwidthEstimator estimator = new(1000, 100_000);
        List<long> asked = [];
        for (long now = 0; now < 60_000; now++)
        {
            if (estimator.OnData(250, now))
            {
                Assert.False(estimator.OnData(250, now + 50_000));
                asked.Add(now);
                estimator.OnAnswer(now + 1);
            }
        }

        Assert.Equal([0, 201, 602, 1403, 3004, 6205, 12606, 22607, 32608, 42609, 52610], asked);
    }

    [Fact]
    public void Little_data_asks_nothing_and_an_answer_to_nothing_means_nothing()
    {
        BandwidthEstimator estimator = new(1000, 100_000);
        Assert.False(estimator.OnData(249, 0));
        estimator.OnAnswer(1);
        Assert.True(estimator.OnData(1, 0));
        Assert.Equal(1000, estimator.Window);
    }

    private static int Next(ref BandwidthEstimator estimator, long at, int octets, int roundTrip)
    {
        Assert.True(estimator.OnData(estimator.Window, at));
        Assert.False(estimator.OnData(octets, at));
        estimator.OnAnswer(at + roundTrip);
        return estimator.Window;
    }
}
