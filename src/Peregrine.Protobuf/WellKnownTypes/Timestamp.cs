// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the time types of .NET, compares and calculates.</content>
/// <remarks>
/// A timestamp is <em>normalized</em> when it lies between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z and
/// its nanoseconds lie between 0 and 999,999,999. The fields accept any value, as the wire does; the conversions and
/// operators below need normalized input.
/// </remarks>
public sealed partial class Timestamp : IComparable<Timestamp>
{
    private const int NanosPerTick = 100;

    /// <summary>Converts a UTC <see cref="DateTime"/>, exactly (a tick is 100 ns).</summary>
    /// <param name="dateTime">A value whose <see cref="DateTime.Kind"/> is <see cref="DateTimeKind.Utc"/>.</param>
    /// <returns>The same instant.</returns>
    /// <exception cref="ArgumentException">The kind is local or unspecified, so that the instant would be a guess.</exception>
    public static Timestamp FromDateTime(DateTime dateTime)
    {
        if (dateTime.Kind != DateTimeKind.Utc)
        {
            throw new ArgumentException(
                $"A timestamp needs a UTC DateTime, not kind {dateTime.Kind}; call ToUniversalTime() or SpecifyKind first.",
                nameof(dateTime));
        }

        // Ticks count from year 1, so both results are non-negative and the division needs no correction.
        long seconds = dateTime.Ticks / TimeSpan.TicksPerSecond;
        int nanos = (int)(dateTime.Ticks % TimeSpan.TicksPerSecond) * NanosPerTick;
        return new Timestamp { Seconds = seconds + TimeRanges.MinTimestampSeconds, Nanos = nanos };
    }

    /// <summary>Converts a <see cref="DateTimeOffset"/>, exactly; its offset is lost.</summary>
    /// <param name="dateTimeOffset">Any value.</param>
    /// <returns>The same instant.</returns>
    public static Timestamp FromDateTimeOffset(DateTimeOffset dateTimeOffset) => FromDateTime(dateTimeOffset.UtcDateTime);

    /// <summary>Converts to a UTC <see cref="DateTime"/>; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The same instant, rounded towards the past.</returns>
    /// <exception cref="InvalidOperationException">This timestamp is not normalized.</exception>
    public DateTime ToDateTime()
    {
        if (!TimeRanges.IsTimestamp(Seconds, Nanos))
        {
            throw new InvalidOperationException(
                $"Timestamp with {Seconds} seconds and {Nanos} nanos is outside the range of the standard.");
        }

        return new DateTime(((Seconds - TimeRanges.MinTimestampSeconds) * TimeSpan.TicksPerSecond) + (Nanos / NanosPerTick), DateTimeKind.Utc);
    }

    /// <summary>Converts to a <see cref="DateTimeOffset"/> of offset zero; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The same instant, rounded towards the past.</returns>
    /// <exception cref="InvalidOperationException">This timestamp is not normalized.</exception>
    public DateTimeOffset ToDateTimeOffset() => new(ToDateTime(), TimeSpan.Zero);

    /// <summary>The start of a day in UTC. A date alone is no instant: with the clocks of a place, the day starts at another one.</summary>
    /// <param name="date">Any value.</param>
    /// <returns>Midnight in UTC, with which the date begins.</returns>
    public static Timestamp FromDateOnly(DateOnly date) => FromDateOnly(date, TimeOnly.MinValue);

    /// <summary>Converts a date and a time of day in UTC, exactly (a tick is 100 ns).</summary>
    /// <param name="date">Any value.</param>
    /// <param name="time">Any value.</param>
    /// <returns>The instant at which clocks of UTC show both.</returns>
    public static Timestamp FromDateOnly(DateOnly date, TimeOnly time) => FromDateTime(date.ToDateTime(time, DateTimeKind.Utc));

    /// <summary>The date that calendars of UTC show at this instant.</summary>
    /// <returns>The date.</returns>
    /// <exception cref="InvalidOperationException">This timestamp is not normalized.</exception>
    public DateOnly ToDateOnly() => DateOnly.FromDateTime(ToDateTime());

    /// <summary>The time of day that clocks of UTC show at this instant; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The time of day.</returns>
    /// <exception cref="InvalidOperationException">This timestamp is not normalized.</exception>
    public TimeOnly ToTimeOnly() => TimeOnly.FromDateTime(ToDateTime());

    /// <summary>The time that passed from <paramref name="rhs"/> to <paramref name="lhs"/>.</summary>
    /// <param name="lhs">The end.</param>
    /// <param name="rhs">The start.</param>
    /// <returns>A normalized duration, negative when the end is before the start.</returns>
    /// <exception cref="InvalidOperationException">The result is outside the range of durations, as that of two normalized timestamps never is.</exception>
    public static Duration operator -(Timestamp lhs, Timestamp rhs)
    {
        ArgumentNullException.ThrowIfNull(lhs);
        ArgumentNullException.ThrowIfNull(rhs);
        return Duration.Normalize((Int128)lhs.Seconds - rhs.Seconds, (long)lhs.Nanos - rhs.Nanos);
    }

    /// <summary>The instant a duration after another.</summary>
    /// <param name="lhs">The start.</param>
    /// <param name="rhs">The time to add; may be negative.</param>
    /// <returns>A normalized timestamp.</returns>
    /// <exception cref="InvalidOperationException">The result is outside years 1 to 9999.</exception>
    public static Timestamp operator +(Timestamp lhs, Duration rhs)
    {
        ArgumentNullException.ThrowIfNull(lhs);
        ArgumentNullException.ThrowIfNull(rhs);
        return Normalize((Int128)lhs.Seconds + rhs.Seconds, (long)lhs.Nanos + rhs.Nanos);
    }

    /// <summary>The instant a duration before another.</summary>
    /// <param name="lhs">The start.</param>
    /// <param name="rhs">The time to subtract; may be negative.</param>
    /// <returns>A normalized timestamp.</returns>
    /// <exception cref="InvalidOperationException">The result is outside years 1 to 9999.</exception>
    public static Timestamp operator -(Timestamp lhs, Duration rhs)
    {
        ArgumentNullException.ThrowIfNull(lhs);
        ArgumentNullException.ThrowIfNull(rhs);
        return Normalize((Int128)lhs.Seconds - rhs.Seconds, (long)lhs.Nanos - rhs.Nanos);
    }

    // The fields hold any value, and so sums of them are wider than the fields are.
    private static Timestamp Normalize(Int128 seconds, long nanoseconds)
    {
        long carry = nanoseconds / TimeRanges.NanosPerSecond;
        nanoseconds -= carry * TimeRanges.NanosPerSecond;
        seconds += carry;
        if (nanoseconds < 0)
        {
            nanoseconds += TimeRanges.NanosPerSecond;
            seconds--;
        }

        if (seconds < TimeRanges.MinTimestampSeconds || seconds > TimeRanges.MaxTimestampSeconds)
        {
            throw new InvalidOperationException(
                $"The timestamp of {seconds} seconds and {nanoseconds} nanos is outside years 1 to 9999.");
        }

        return new Timestamp { Seconds = (long)seconds, Nanos = (int)nanoseconds };
    }

    /// <summary>Orders by time; null is before everything.</summary>
    /// <param name="other">The timestamp to compare with.</param>
    /// <returns>Negative, zero or positive as this is before, at or after the other.</returns>
    public int CompareTo(Timestamp? other) =>
        other is null ? 1
        : Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds)
        : Nanos.CompareTo(other.Nanos);

    /// <summary>True when <paramref name="a"/> is before <paramref name="b"/>.</summary>
    /// <param name="a">One timestamp, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator <(Timestamp? a, Timestamp? b) => Compare(a, b) < 0;

    /// <summary>True when <paramref name="a"/> is after <paramref name="b"/>.</summary>
    /// <param name="a">One timestamp, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator >(Timestamp? a, Timestamp? b) => Compare(a, b) > 0;

    /// <summary>True when <paramref name="a"/> is not after <paramref name="b"/>.</summary>
    /// <param name="a">One timestamp, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator <=(Timestamp? a, Timestamp? b) => Compare(a, b) <= 0;

    /// <summary>True when <paramref name="a"/> is not before <paramref name="b"/>.</summary>
    /// <param name="a">One timestamp, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator >=(Timestamp? a, Timestamp? b) => Compare(a, b) >= 0;

    /// <summary>True when both are null or hold the same fields.</summary>
    /// <param name="a">One timestamp.</param>
    /// <param name="b">The other.</param>
    public static bool operator ==(Timestamp? a, Timestamp? b) => ReferenceEquals(a, b) || (a is not null && a.Equals(b));

    /// <summary>True when one is null and the other not, or their fields differ.</summary>
    /// <param name="a">One timestamp.</param>
    /// <param name="b">The other.</param>
    public static bool operator !=(Timestamp? a, Timestamp? b) => !(a == b);

    private static int Compare(Timestamp? a, Timestamp? b) => a is null ? (b is null ? 0 : -1) : a.CompareTo(b);
}
