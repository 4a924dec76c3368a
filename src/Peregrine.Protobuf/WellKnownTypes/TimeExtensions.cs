// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <summary>Conversions from the time types of .NET to the well-known types.</summary>
public static class TimeExtensions
{
    /// <summary>Converts a UTC <see cref="DateTime"/>, exactly.</summary>
    /// <param name="dateTime">A value whose kind is UTC.</param>
    /// <returns>The same instant.</returns>
    /// <exception cref="ArgumentException">The kind is local or unspecified.</exception>
    public static Timestamp ToTimestamp(this DateTime dateTime) => Timestamp.FromDateTime(dateTime);

    /// <summary>Converts a <see cref="DateTimeOffset"/>, exactly; its offset is lost.</summary>
    /// <param name="dateTimeOffset">Any value.</param>
    /// <returns>The same instant.</returns>
    public static Timestamp ToTimestamp(this DateTimeOffset dateTimeOffset) => Timestamp.FromDateTimeOffset(dateTimeOffset);

    /// <summary>Converts a <see cref="TimeSpan"/>, exactly.</summary>
    /// <param name="timeSpan">Any value.</param>
    /// <returns>The same span of time.</returns>
    public static Duration ToDuration(this TimeSpan timeSpan) => Duration.FromTimeSpan(timeSpan);
}
