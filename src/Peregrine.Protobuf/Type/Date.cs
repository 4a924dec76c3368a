// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Converts to and from the date types of .NET.</content>
public sealed partial class Date
{
    /// <summary>Converts a <see cref="DateOnly"/>.</summary>
    /// <param name="date">Any value.</param>
    /// <returns>The same date.</returns>
    public static Date FromDateOnly(DateOnly date) => new() { Year = date.Year, Month = date.Month, Day = date.Day };

    /// <summary>Converts the date of a <see cref="System.DateTime"/>; its time of day and kind are lost.</summary>
    /// <param name="dateTime">Any value.</param>
    /// <returns>The date that it shows.</returns>
    public static Date FromDateTime(System.DateTime dateTime) => FromDateOnly(DateOnly.FromDateTime(dateTime));

    /// <summary>Converts the date of a <see cref="DateTimeOffset"/>, as its own clock shows it; time of day and offset are lost.</summary>
    /// <param name="dateTimeOffset">Any value.</param>
    /// <returns>The date that it shows.</returns>
    public static Date FromDateTimeOffset(DateTimeOffset dateTimeOffset) => FromDateTime(dateTimeOffset.DateTime);

    /// <summary>Converts to a <see cref="DateOnly"/>.</summary>
    /// <returns>The same date.</returns>
    /// <exception cref="InvalidOperationException">
    /// The date is partial: year, month or day is 0. Or there is no such date, as the 30th of February.
    /// </exception>
    public DateOnly ToDateOnly()
    {
        CivilTime.CheckDate(Year, Month, Day);
        return new DateOnly(Year, Month, Day);
    }

    /// <summary>Converts to a <see cref="System.DateTime"/>: midnight of the date, of unspecified kind.</summary>
    /// <returns>The start of the date.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="ToDateOnly"/>.</exception>
    public System.DateTime ToDateTime() => ToDateOnly().ToDateTime(TimeOnly.MinValue);

    /// <summary>Converts to a <see cref="DateTimeOffset"/>: midnight of the date, offset zero.</summary>
    /// <returns>The start of the date in UTC.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="ToDateOnly"/>.</exception>
    public DateTimeOffset ToDateTimeOffset() => new(ToDateTime(), TimeSpan.Zero);
}
