// SPDX-License-Identifier: Apache-2.0
using Peregrine.LoadBalancing;

namespace Peregrine.Tests.Client;

public sealed class ConnectionBackoffTests
{
    private static ConnectionBackoff WithoutJitter() =>
        new(ConnectionBackoff.DefaultInitial, ConnectionBackoff.DefaultMaximum, static () => 0.5);

    [Fact]
    public void Pauses_start_at_1_s_and_grow_by_1_6_up_to_120_s()
    {
        var backoff = WithoutJitter();

        Assert.Equal(1.0, backoff.Next().TotalSeconds, 6);
        Assert.Equal(1.6, backoff.Next().TotalSeconds, 6);
        Assert.Equal(2.56, backoff.Next().TotalSeconds, 6);
        for (var i = 0; i < 20; i++)
        {
            _ = backoff.Next();
        }

        Assert.Equal(120, backoff.Next().TotalSeconds, 6);
    }

    [Theory]
    [InlineData(0.0, 0.8)]
    [InlineData(0.25, 0.9)]
    [InlineData(1.0, 1.2)]
    public void Jitter_is_20_percent_both_ways(double random, double expected)
    {
        var backoff = new ConnectionBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120), () => random);

        Assert.Equal(expected, backoff.Next().TotalSeconds, 6);
    }

    [Fact]
    public void Reset_starts_over()
    {
        var backoff = WithoutJitter();
        _ = backoff.Next();
        _ = backoff.Next();

        backoff.Reset();

        Assert.Equal(1.0, backoff.Next().TotalSeconds, 6);
    }

    [Fact]
    public void The_longest_of_pauses_does_not_overflow()
    {
        var backoff = new ConnectionBackoff(TimeSpan.MaxValue, TimeSpan.MaxValue, static () => 0.999);

        Assert.True(backoff.Next() > TimeSpan.FromDays(1_000_000));
        Assert.True(backoff.Next() > TimeSpan.FromDays(1_000_000));
    }

    [Fact]
    public void The_initial_pause_never_exceeds_the_maximum()
    {
        var backoff = new ConnectionBackoff(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), static () => 0.5);

        Assert.Equal(2.0, backoff.Next().TotalSeconds, 6);
        Assert.Equal(2.0, backoff.Next().TotalSeconds, 6);
    }
}
