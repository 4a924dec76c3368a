// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using Peregrine.Protobuf.WellKnownTypes;

namespace Google.Type;

/// <content>Converts to and from the time types of .NET.</content>
public sealed partial class DateTime
{
    /// <summary>Converts a <see cref="DateTimeOffset"/>, exactly, with its offset.</summary>
    /// <param name="dateTimeOffset">Any value.</param>
    /// <returns>The same date and time, with <see cref="UtcOffset"/> set.</returns>
    public static DateTime FromDateTimeOffset(DateTimeOffset dateTimeOffset)
    {
        DateTime result = FromClock(dateTimeOffset.DateTime);
        result.UtcOffset = Duration.FromTimeSpan(dateTimeOffset.Offset);
        return result;
    }

    /// <summary>Converts a <see cref="System.DateTime"/>, exactly.</summary>
    /// <param name="dateTime">
    /// Any value. One of kind UTC gets the offset zero, a local one the offset of this machine's time zone at that time, and one of
    /// unspecified kind none: it stays the time of a clock that is not known.
    /// </param>
    /// <returns>The same date and time.</returns>
    public static DateTime FromDateTime(System.DateTime dateTime) =>
        dateTime.Kind == DateTimeKind.Unspecified ? FromClock(dateTime) : FromDateTimeOffset(new DateTimeOffset(dateTime));

    /// <summary>Converts to a <see cref="DateTimeOffset"/>; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The same date and time. With a time zone, the offset is the one that the zone has then; where clocks are set back
    /// and show a time twice, it is the offset of standard time.</returns>
    /// <exception cref="InvalidOperationException">
    /// Neither an offset nor a time zone is set. Or the date is partial, or there is no such date or time. Or clocks of the time zone skip
    /// the time, or the offset is not one of whole minutes within 14 hours, as .NET has them.
    /// </exception>
    /// <exception cref="TimeZoneNotFoundException">The time zone is not known on this machine.</exception>
    public DateTimeOffset ToDateTimeOffset() =>
        UtcOffset is { } offset ? AtOffset(Clock(), offset)
        : TimeZone is { } zone ? InZone(Clock(), zone.ToTimeZoneInfo())
        : throw new InvalidOperationException(
            "The date and time has neither an offset nor a time zone: it is local time, of a place that is not said. "
            + "Call ToDateTimeOffset with the time zone of that place, or ToDateTime.");

    /// <summary>Converts to a <see cref="DateTimeOffset"/>, as <see cref="ToDateTimeOffset()"/>, with a time zone for local time.</summary>
    /// <param name="localZone">The time zone of a value that has neither an offset nor a time zone.</param>
    /// <returns>The same date and time.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="ToDateTimeOffset()"/>, except that something must be set.</exception>
    /// <exception cref="TimeZoneNotFoundException">The time zone is not known on this machine.</exception>
    public DateTimeOffset ToDateTimeOffset(TimeZoneInfo localZone)
    {
        ArgumentNullException.ThrowIfNull(localZone);
        return TimeOffsetCase == TimeOffsetOneofCase.None ? InZone(Clock(), localZone) : ToDateTimeOffset();
    }

    /// <summary>Converts to a <see cref="System.DateTime"/>; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>With an offset or a time zone, the same instant in UTC; with neither, what the clock shows, of unspecified kind.</returns>
    /// <exception cref="InvalidOperationException">As for <see cref="ToDateTimeOffset()"/>, except that nothing need be set.</exception>
    /// <exception cref="TimeZoneNotFoundException">The time zone is not known on this machine.</exception>
    public System.DateTime ToDateTime() => TimeOffsetCase == TimeOffsetOneofCase.None ? Clock() : ToDateTimeOffset().UtcDateTime;

    private static DateTime FromClock(System.DateTime clock) => new()
    {
        Year = clock.Year,
        Month = clock.Month,
        Day = clock.Day,
        Hours = clock.Hour,
        Minutes = clock.Minute,
        Seconds = clock.Second,
        Nanos = CivilTime.Nanos(clock.Ticks),
    };

    private static DateTimeOffset AtOffset(System.DateTime clock, Duration offset)
    {
        if (offset.Nanos != 0 || offset.Seconds % 60 != 0 || offset.Seconds is < -14 * 3600 or > 14 * 3600)
        {
            throw new InvalidOperationException(
                $"The offset of {offset.Seconds} seconds and {offset.Nanos} nanos is none that a DateTimeOffset can have: "
                + "whole minutes from -14 to +14 hours.");
        }

        return Combine(clock, TimeSpan.FromSeconds(offset.Seconds));
    }

    private static DateTimeOffset InZone(System.DateTime clock, TimeZoneInfo zone) => zone.IsInvalidTime(clock)
        ? throw new InvalidOperationException(
            $"Clocks of the time zone \"{zone.Id}\" never show {Shown(clock)}: they are set forward over it.")
        : Combine(clock, zone.GetUtcOffset(clock));

    private static DateTimeOffset Combine(System.DateTime clock, TimeSpan offset)
    {
        long utc = clock.Ticks - offset.Ticks;
        return utc >= System.DateTime.MinValue.Ticks && utc <= System.DateTime.MaxValue.Ticks
            ? new DateTimeOffset(clock, offset)
            : throw new InvalidOperationException(
                $"The date and time {Shown(clock)} with the offset {offset} from UTC is outside of years 1 to 9999 in UTC.");
    }

    private static string Shown(System.DateTime clock) => clock.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private System.DateTime Clock()
    {
        CivilTime.CheckDate(Year, Month, Day);
        return new System.DateTime(Year, Month, Day).AddTicks(CivilTime.Ticks(Hours, Minutes, Seconds, Nanos));
    }
}
