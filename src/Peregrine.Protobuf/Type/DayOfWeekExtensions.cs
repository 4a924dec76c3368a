// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <summary>Conversions between the days of the week of google.type, whose Sunday is 7, and of .NET, whose Sunday is 0.</summary>
public static class DayOfWeekExtensions
{
    /// <summary>Converts a day of .NET.</summary>
    /// <param name="day">One of the seven days.</param>
    /// <returns>The same day.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the days.</exception>
    public static DayOfWeek ToDayOfWeek(this System.DayOfWeek day) => day switch
    {
        System.DayOfWeek.Sunday => DayOfWeek.Sunday,
        >= System.DayOfWeek.Monday and <= System.DayOfWeek.Saturday => (DayOfWeek)day,
        _ => throw new ArgumentOutOfRangeException(nameof(day), day, "The value is none of the seven days."),
    };

    /// <summary>Converts to a day of .NET.</summary>
    /// <param name="day">One of the seven days.</param>
    /// <returns>The same day.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The day is unspecified, or none that this version knows.</exception>
    public static System.DayOfWeek ToClrDayOfWeek(this DayOfWeek day) => day switch
    {
        DayOfWeek.Sunday => System.DayOfWeek.Sunday,
        >= DayOfWeek.Monday and <= DayOfWeek.Saturday => (System.DayOfWeek)day,
        _ => throw new ArgumentOutOfRangeException(nameof(day), day, "The value is none of the seven days."),
    };
}
