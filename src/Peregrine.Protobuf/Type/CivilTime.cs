// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <summary>The rules that date.proto, timeofday.proto and datetime.proto share: which fields are a date, and which a time of day.</summary>
internal static class CivilTime
{
    private const int NanosPerTick = 100;

    /// <summary>Checks that there is such a date, all of it.</summary>
    /// <exception cref="InvalidOperationException">There is none, or a part is missing.</exception>
    public static void CheckDate(int year, int month, int day)
    {
        if (year is >= 0 and <= 9999 && month is >= 0 and <= 12 && day is >= 0 and <= 31 && (year == 0 || month == 0 || day == 0))
        {
            throw new InvalidOperationException(
                $"The date with year {year}, month {month} and day {day} is partial (0 means that there is none), which .NET's dates cannot be. "
                + "Read its fields instead.");
        }

        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > System.DateTime.DaysInMonth(year, month))
        {
            throw new InvalidOperationException($"There is no date with year {year}, month {month} and day {day}.");
        }
    }

    /// <summary>The ticks since midnight, below a day; what is below a tick (100 ns) is cut off.</summary>
    /// <exception cref="InvalidOperationException">There is no such time of day, or .NET has none.</exception>
    public static long Ticks(int hours, int minutes, int seconds, int nanos)
    {
        if (hours == 24 && minutes == 0 && seconds == 0 && nanos == 0)
        {
            throw new InvalidOperationException(
                "The time is 24:00:00, the end of a day, which .NET's times cannot be. Take it as 00:00:00 of the next day.");
        }

        if (seconds == 60 && hours is >= 0 and <= 23 && minutes is >= 0 and <= 59 && nanos is >= 0 and <= 999_999_999)
        {
            throw new InvalidOperationException(
                $"The time {hours:00}:{minutes:00}:60 is a leap second, which .NET's times cannot be. Take it as second 59, or as the next minute.");
        }

        if (hours is < 0 or > 23 || minutes is < 0 or > 59 || seconds is < 0 or > 59 || nanos is < 0 or > 999_999_999)
        {
            throw new InvalidOperationException(
                $"There is no time of day with {hours} hours, {minutes} minutes, {seconds} seconds and {nanos} nanos.");
        }

        return new TimeSpan(hours, minutes, seconds).Ticks + (nanos / NanosPerTick);
    }

    /// <summary>The nanoseconds within the second.</summary>
    public static int Nanos(long ticks) => (int)(ticks % TimeSpan.TicksPerSecond) * NanosPerTick;
}
