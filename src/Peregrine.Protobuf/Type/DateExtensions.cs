// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <summary>Conversions from the date types of .NET to <see cref="Date"/>.</summary>
public static class DateExtensions
{
    /// <summary>Converts a <see cref="DateOnly"/>.</summary>
    /// <param name="date">Any value.</param>
    /// <returns>The same date.</returns>
    public static Date ToDate(this DateOnly date) => Date.FromDateOnly(date);

    /// <summary>Converts the date of a <see cref="System.DateTime"/>; its time of day and kind are lost.</summary>
    /// <param name="dateTime">Any value.</param>
    /// <returns>The date that it shows.</returns>
    public static Date ToDate(this System.DateTime dateTime) => Date.FromDateTime(dateTime);

    /// <summary>Converts the date of a <see cref="DateTimeOffset"/>, as its own clock shows it; time of day and offset are lost.</summary>
    /// <param name="dateTimeOffset">Any value.</param>
    /// <returns>The date that it shows.</returns>
    public static Date ToDate(this DateTimeOffset dateTimeOffset) => Date.FromDateTimeOffset(dateTimeOffset);
}
