// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.WellKnown; // not ...WellKnownTypes, which would hide the namespace under test

public sealed class TimeTests
{
    [Fact]
    public void Every_extreme_of_DateTime_makes_the_round_trip()
    {
        foreach (DateTime time in new[] { DateTime.MinValue, DateTime.MaxValue, DateTime.UnixEpoch, new DateTime(1969, 12, 31, 23, 59, 59, 999) })
        {
            DateTime utc = DateTime.SpecifyKind(time, DateTimeKind.Utc);
            Assert.Equal(utc, utc.ToTimestamp().ToDateTime());
            Assert.InRange(utc.ToTimestamp().Nanos, 0, 999_999_999);
        }
    }

    [Fact]
    public void A_DateTime_that_is_not_UTC_is_refused() => Assert.Throws<ArgumentException>(() => new DateTime(2020, 1, 1).ToTimestamp());

    [Fact]
    public void An_offset_is_taken_into_the_instant()
    {
        DateTimeOffset time = new(2020, 1, 1, 1, 0, 0, TimeSpan.FromHours(1));
        Assert.Equal(time.UtcDateTime, time.ToTimestamp().ToDateTimeOffset().UtcDateTime);
        Assert.Equal(TimeSpan.Zero, time.ToTimestamp().ToDateTimeOffset().Offset);
    }

    [Fact]
    public void Dates_and_times_of_day_are_those_of_UTC()
    {
        DateOnly date = new(2026, 11, 29);
        TimeOnly time = new(23, 59, 59, 999);
        Assert.Equal(new DateTime(2026, 11, 29, 0, 0, 0, DateTimeKind.Utc), Timestamp.FromDateOnly(date).ToDateTime());
        Timestamp both = Timestamp.FromDateOnly(date, time);
        Assert.Equal((date, time), (both.ToDateOnly(), both.ToTimeOnly()));
        Assert.Equal(DateOnly.MaxValue, Timestamp.FromDateOnly(DateOnly.MaxValue, TimeOnly.MaxValue).ToDateOnly());
        Assert.Equal(new DateOnly(1969, 12, 31), new Timestamp { Seconds = -1 }.ToDateOnly());
        Assert.Throws<InvalidOperationException>(() => new Timestamp { Nanos = -1 }.ToTimeOnly());
    }

    [Theory]
    [InlineData(-62135596801, 0)]
    [InlineData(253402300800, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1_000_000_000)]
    public void A_timestamp_outside_the_standard_does_not_convert(long seconds, int nanos) =>
        Assert.Throws<InvalidOperationException>(() => new Timestamp { Seconds = seconds, Nanos = nanos }.ToDateTime());

    [Fact]
    public void Timestamps_and_durations_calculate()
    {
        Timestamp t = new() { Seconds = 10, Nanos = 1 };
        Assert.Equal(new Timestamp { Seconds = 9, Nanos = 999_999_999 }, t - new Duration { Nanos = 2 });
        Assert.Equal(new Timestamp { Seconds = 11, Nanos = 0 }, t + new Duration { Nanos = 999_999_999 });
        Assert.Equal(new Duration { Seconds = -1, Nanos = -2 }, t - new Timestamp { Seconds = 11, Nanos = 3 });
        Assert.Equal(new Duration { Nanos = -1 }, new Duration { Seconds = 1 } - new Duration { Seconds = 1, Nanos = 1 });
        Assert.Equal(new Duration { Seconds = 1, Nanos = -0 }, -new Duration { Seconds = -1 });
        Assert.Throws<InvalidOperationException>(() => new Timestamp { Seconds = 253402300799 } + new Duration { Seconds = 1 });
    }

    [Fact]
    public void What_no_field_holds_is_told_as_what_is_outside_the_standard()
    {
        Timestamp last = new() { Seconds = long.MaxValue, Nanos = int.MaxValue };
        Timestamp first = new() { Seconds = long.MinValue, Nanos = int.MinValue };
        Duration longest = new() { Seconds = long.MaxValue, Nanos = int.MaxValue };
        Duration back = new() { Seconds = long.MinValue, Nanos = int.MinValue };
        foreach (Func<object> calculate in (Func<object>[])
            [() => last - first, () => first - last, () => last + longest, () => first - longest, () => longest + longest, () => back - longest, () => -back, () => -longest])
        {
            Assert.Contains("outside", Assert.Throws<InvalidOperationException>(calculate).Message, StringComparison.Ordinal);
        }

        Assert.Equal(new Timestamp { Seconds = -3 }, new Timestamp { Seconds = long.MaxValue - 2 } + new Duration { Seconds = long.MinValue });
        Assert.Equal(new Duration { Seconds = 4, Nanos = 294_967_294 }, new Duration { Nanos = int.MaxValue } + new Duration { Nanos = int.MaxValue });
    }

    [Fact]
    public void Timestamps_and_durations_compare()
    {
        Timestamp early = new() { Seconds = 1 };
        Timestamp late = new() { Seconds = 1, Nanos = 1 };
        Assert.True(early < late && late > early && early <= late && late >= early && early != late && early == early.Clone());
        Assert.True(early.CompareTo(null) > 0);
        Assert.True((Timestamp?)null < early);
        Assert.True(new Duration { Nanos = -1 } < new Duration());
    }

    [Fact]
    public void Every_TimeSpan_of_the_standard_range_makes_the_round_trip()
    {
        foreach (TimeSpan span in new[] { TimeSpan.FromSeconds(315_576_000_000L), TimeSpan.FromSeconds(-315_576_000_000L), TimeSpan.Zero, TimeSpan.FromTicks(-1) })
        {
            Assert.Equal(span, span.ToDuration().ToTimeSpan());
        }

        Assert.Equal(new Duration { Nanos = -100 }, TimeSpan.FromTicks(-1).ToDuration());
        Assert.Throws<InvalidOperationException>(() => new Duration { Seconds = 1, Nanos = -1 }.ToTimeSpan());
        Assert.Throws<InvalidOperationException>(() => new Duration { Seconds = 315_576_000_001 }.ToTimeSpan());
    }

    [Fact]
    public void What_is_below_a_tick_is_cut_off()
    {
        Assert.Equal(0, new Duration { Nanos = -99 }.ToTimeSpan().Ticks);
        Assert.Equal(DateTime.UnixEpoch, new Timestamp { Nanos = 99 }.ToDateTime());
    }
}
