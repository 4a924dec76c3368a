// SPDX-License-Identifier: Apache-2.0
using Google.Type;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;
using DateTime = Google.Type.DateTime;
using DayOfWeek = Google.Type.DayOfWeek;
using TimeZone = Google.Type.TimeZone;

namespace Peregrine.Protobuf.Tests.GoogleTypes;

public sealed class CivilTimeTests
{
    // Clocks go from 01:59 to 03:00 on the last Sunday of March, and show 02:00 to 02:59 twice on the last Sunday of October.
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone(
        "test",
        TimeSpan.FromHours(1),
        "test",
        "standard",
        "summer",
        [
            TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                System.DateTime.MinValue.Date,
                System.DateTime.MaxValue.Date,
                TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new System.DateTime(1, 1, 1, 2, 0, 0), 3, 5, System.DayOfWeek.Sunday),
                TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new System.DateTime(1, 1, 1, 3, 0, 0), 10, 5, System.DayOfWeek.Sunday)),
        ]);

    [Fact]
    public void Dates_make_the_round_trip()
    {
        foreach (DateOnly date in new[] { DateOnly.MinValue, DateOnly.MaxValue, new DateOnly(2024, 2, 29) })
        {
            Assert.Equal(date, date.ToDate().ToDateOnly());
            Assert.Equal(date.ToDateTime(TimeOnly.MinValue), date.ToDateTime(TimeOnly.MaxValue).ToDate().ToDateTime());
        }

        Assert.Equal(DateTimeKind.Unspecified, new Date { Year = 1, Month = 1, Day = 1 }.ToDateTime().Kind);
        Assert.Equal(TimeSpan.Zero, new Date { Year = 1, Month = 1, Day = 1 }.ToDateTimeOffset().Offset);
    }

    [Fact]
    public void The_date_of_a_DateTimeOffset_is_what_its_own_clock_shows() =>
        Assert.Equal(
            new Date { Year = 2026, Month = 1, Day = 2 },
            new DateTimeOffset(2026, 1, 2, 0, 30, 0, TimeSpan.FromHours(1)).ToDate());

    [Theory]
    [InlineData(0, 12, 24)]
    [InlineData(2026, 0, 0)]
    [InlineData(2026, 12, 0)]
    [InlineData(0, 0, 0)]
    public void A_partial_date_is_an_error_that_says_so(int year, int month, int day) =>
        Assert.Contains(
            "is partial",
            Assert.Throws<InvalidOperationException>(() => new Date { Year = year, Month = month, Day = day }.ToDateOnly()).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(2025, 2, 29)]
    [InlineData(2025, 13, 1)]
    [InlineData(10000, 1, 1)]
    [InlineData(-1, 1, 1)]
    [InlineData(2025, 1, -1)]
    [InlineData(2025, 4, 31)]
    [InlineData(0, 13, 1)]
    public void A_date_that_does_not_exist_is_an_error(int year, int month, int day) =>
        Assert.Contains(
            "There is no date",
            Assert.Throws<InvalidOperationException>(() => new Date { Year = year, Month = month, Day = day }.ToDateOnly()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Times_of_day_make_the_round_trip()
    {
        foreach (TimeOnly time in new[] { TimeOnly.MinValue, TimeOnly.MaxValue, new TimeOnly(13, 1, 2, 3, 4) })
        {
            Assert.Equal(time, TimeOfDay.FromTimeOnly(time).ToTimeOnly());
        }

        Assert.Equal(new TimeOnly(1), new TimeOfDay { Nanos = 199 }.ToTimeOnly());
    }

    [Theory]
    [InlineData(24, 0, 0, 0, "24:00:00")]
    [InlineData(23, 59, 60, 0, "leap second")]
    [InlineData(24, 0, 0, 1, "no time of day")]
    [InlineData(0, 60, 0, 0, "no time of day")]
    [InlineData(0, 0, 61, 0, "no time of day")]
    [InlineData(0, 0, 0, 1_000_000_000, "no time of day")]
    [InlineData(-1, 0, 0, 0, "no time of day")]
    public void A_time_that_TimeOnly_cannot_be_is_an_error(int hours, int minutes, int seconds, int nanos, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidOperationException>(
                () => new TimeOfDay { Hours = hours, Minutes = minutes, Seconds = seconds, Nanos = nanos }.ToTimeOnly()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_DateTimeOffset_keeps_its_offset()
    {
        DateTimeOffset time = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(-210));
        DateTime message = DateTime.FromDateTimeOffset(time.AddTicks(7));
        Assert.Equal(new Duration { Seconds = -210 * 60 }, message.UtcOffset);
        Assert.Equal(700, message.Nanos);
        Assert.True(message.ToDateTimeOffset().EqualsExact(time.AddTicks(7)));
        Assert.Equal(time.UtcDateTime.AddTicks(7), message.ToDateTime());
        Assert.Equal(DateTimeKind.Utc, message.ToDateTime().Kind);
    }

    [Fact]
    public void The_kind_of_a_DateTime_decides_the_offset()
    {
        System.DateTime clock = new(2026, 1, 2, 3, 4, 5);
        DateTime unspecified = DateTime.FromDateTime(clock);
        Assert.Equal(DateTime.TimeOffsetOneofCase.None, unspecified.TimeOffsetCase);
        Assert.Equal((clock, DateTimeKind.Unspecified), (unspecified.ToDateTime(), unspecified.ToDateTime().Kind));
        DateTime utc = DateTime.FromDateTime(System.DateTime.SpecifyKind(clock, DateTimeKind.Utc));
        Assert.Equal(new Duration(), utc.UtcOffset);
        Assert.Equal((clock, DateTimeKind.Utc), (utc.ToDateTime(), utc.ToDateTime().Kind));
        System.DateTime local = System.DateTime.SpecifyKind(clock, DateTimeKind.Local);
        Assert.Equal(new DateTimeOffset(local), DateTime.FromDateTime(local).ToDateTimeOffset());
    }

    [Fact]
    public void Local_time_needs_a_zone_to_be_an_instant()
    {
        DateTime time = DateTime.FromDateTime(new System.DateTime(2026, 7, 1, 12, 0, 0));
        Assert.Contains("neither an offset nor a time zone", Assert.Throws<InvalidOperationException>(() => time.ToDateTimeOffset()).Message, StringComparison.Ordinal);
        Assert.True(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2)).EqualsExact(time.ToDateTimeOffset(Zone)));
        time.UtcOffset = new Duration();
        Assert.Equal(TimeSpan.Zero, time.ToDateTimeOffset(Zone).Offset);
    }

    [Fact]
    public void A_time_that_a_zone_skips_is_an_error_and_one_that_it_has_twice_is_standard_time()
    {
        DateTime skipped = DateTime.FromDateTime(new System.DateTime(2026, 3, 29, 2, 30, 0));
        Assert.Contains("never show 2026-03-29 02:30:00", Assert.Throws<InvalidOperationException>(() => skipped.ToDateTimeOffset(Zone)).Message, StringComparison.Ordinal);
        DateTime twice = DateTime.FromDateTime(new System.DateTime(2026, 10, 25, 2, 30, 0));
        Assert.Equal(TimeSpan.FromHours(1), twice.ToDateTimeOffset(Zone).Offset);
    }

    [Fact]
    public void A_time_zone_is_found_by_its_name()
    {
        DateTime time = DateTime.FromDateTime(new System.DateTime(2026, 7, 1, 12, 0, 0));
        time.TimeZone = TimeZone.FromTimeZoneInfo(TimeZoneInfo.Utc);
        Assert.Equal(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero), time.ToDateTimeOffset());
        time.TimeZone = new TimeZone { Id = "Nowhere/At_All" };
        Assert.Throws<TimeZoneNotFoundException>(() => time.ToDateTimeOffset());
        Assert.Throws<ArgumentException>(() => TimeZone.FromTimeZoneInfo(Zone));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData((14 * 3600) + 60, 0)]
    [InlineData(-18 * 3600, 0)]
    [InlineData(long.MinValue, 0)]
    public void An_offset_that_DateTimeOffset_cannot_have_is_an_error(long seconds, int nanos)
    {
        DateTime time = DateTime.FromDateTime(new System.DateTime(2026, 7, 1));
        time.UtcOffset = new Duration { Seconds = seconds, Nanos = nanos };
        Assert.Contains("whole minutes", Assert.Throws<InvalidOperationException>(() => time.ToDateTimeOffset()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_whose_UTC_is_outside_of_the_calendar_is_an_error()
    {
        DateTime time = DateTime.FromDateTime(System.DateTime.MinValue);
        time.UtcOffset = new Duration { Seconds = 60 };
        Assert.Contains("outside of years 1 to 9999", Assert.Throws<InvalidOperationException>(() => time.ToDateTimeOffset()).Message, StringComparison.Ordinal);
        time = DateTime.FromDateTime(System.DateTime.MaxValue);
        time.UtcOffset = new Duration { Seconds = -60 };
        Assert.Throws<InvalidOperationException>(() => time.ToDateTime());
    }

    [Fact]
    public void Days_of_the_week_make_the_round_trip()
    {
        foreach (System.DayOfWeek day in System.Enum.GetValues<System.DayOfWeek>())
        {
            Assert.Equal(day.ToString(), day.ToDayOfWeek().ToString());
            Assert.Equal(day, day.ToDayOfWeek().ToClrDayOfWeek());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => DayOfWeek.Unspecified.ToClrDayOfWeek());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DayOfWeek)8).ToClrDayOfWeek());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((System.DayOfWeek)7).ToDayOfWeek());
    }

    [Fact]
    public void An_interval_has_its_start_and_not_its_end()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(1));
        DateTimeOffset end = start.AddDays(1);
        Interval day = Interval.FromDateTimeOffsets(start, end);
        Assert.Equal((start, end), day.ToDateTimeOffsets());
        Assert.True(day.Contains(start.ToTimestamp()));
        Assert.True(day.Contains(end.AddTicks(-1).ToTimestamp()));
        Assert.False(day.Contains(end.ToTimestamp()));
        Assert.False(day.Contains(start.AddTicks(-1).ToTimestamp()));
        Assert.False(Interval.FromDateTimeOffsets(start, start).Contains(start.ToTimestamp()));
        Assert.True(new Interval().Contains(start.ToTimestamp()));
        Assert.Equal((null, end), Interval.FromDateTimeOffsets(null, end).ToDateTimeOffsets());
        Assert.False(Interval.FromDateTimeOffsets(start, null).Contains(start.AddTicks(-1).ToTimestamp()));
    }

    [Fact]
    public void An_interval_that_ends_before_it_starts_is_an_error()
    {
        DateTimeOffset start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Throws<ArgumentException>(() => Interval.FromDateTimeOffsets(start, start.AddTicks(-1)));
        Interval wrong = new() { StartTime = start.ToTimestamp(), EndTime = start.AddTicks(-1).ToTimestamp() };
        Assert.Throws<InvalidOperationException>(() => wrong.ToDateTimeOffsets());
        Assert.Throws<InvalidOperationException>(() => wrong.Contains(start.ToTimestamp()));
    }
}
