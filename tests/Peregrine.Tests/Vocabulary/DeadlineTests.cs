// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests.Vocabulary;

public class DeadlineTests
{
    private static readonly DateTime Noon = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Only_utc_times_are_taken()
    {
        Assert.Throws<InvalidOperationException>(() => Deadline.FromUtc(DateTime.SpecifyKind(Noon, DateTimeKind.Local)));
        Assert.Throws<InvalidOperationException>(() => Deadline.FromUtc(DateTime.SpecifyKind(Noon, DateTimeKind.Unspecified)));
        Assert.Equal(Noon, Deadline.FromUtc(Noon).Utc);
        Assert.Equal(DateTimeKind.Utc, Deadline.FromUtc(DateTime.MinValue).Utc.Kind);
    }

    [Fact]
    public void Null_and_the_largest_time_are_no_deadline()
    {
        Assert.True(Deadline.FromUtc(null).IsNone);
        Assert.True(Deadline.FromUtc(DateTime.MaxValue).IsNone);
        Assert.Equal(TimeSpan.MaxValue, Deadline.None.Remaining(new Clock(Noon)));
        Assert.False(Deadline.None.HasExpired(new Clock(Noon)));
    }

    [Fact]
    public void What_remains_shrinks_to_zero()
    {
        Deadline deadline = Deadline.After(TimeSpan.FromSeconds(5), new Clock(Noon));
        Assert.Equal(TimeSpan.FromSeconds(3), deadline.Remaining(new Clock(Noon.AddSeconds(2))));
        Assert.False(deadline.HasExpired(new Clock(Noon.AddSeconds(4.999))));
        Assert.True(deadline.HasExpired(new Clock(Noon.AddSeconds(5))));
        Assert.Equal(TimeSpan.Zero, deadline.Remaining(new Clock(Noon.AddSeconds(9))));
    }

    [Fact]
    public void A_timeout_past_the_end_of_the_calendar_is_no_deadline() =>
        Assert.True(Deadline.After(TimeSpan.MaxValue, new Clock(Noon)).IsNone);

    [Fact]
    public void The_earlier_deadline_wins() => Assert.Equal(
        Noon, Deadline.Earliest(Deadline.None, Deadline.Earliest(Deadline.FromUtc(Noon.AddHours(1)), Deadline.FromUtc(Noon))).Utc);

    private sealed class Clock(DateTime now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(now);
    }
}
