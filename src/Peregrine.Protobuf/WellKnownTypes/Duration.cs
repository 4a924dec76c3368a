// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from <see cref="TimeSpan"/>, compares and calculates.</content>
/// <remarks>
/// A duration is <em>normalized</em> when its seconds lie within plus or minus 315,576,000,000 (about 10,000 years), its
/// nanoseconds within plus or minus 999,999,999, and both have the same sign or one is zero.
/// </remarks>
public sealed partial class Duration : IComparable<Duration>
{
    /// <summary>Nanoseconds in a second.</summary>
    public const int NanosecondsPerSecond = TimeRanges.NanosPerSecond;

    /// <summary>Nanoseconds in a <see cref="TimeSpan"/> tick.</summary>
    public const int NanosecondsPerTick = 100;

    /// <summary>Seconds of the longest duration.</summary>
    public const long MaxSeconds = TimeRanges.MaxDurationSeconds;

    /// <summary>Seconds of the longest duration in the other direction.</summary>
    public const long MinSeconds = -TimeRanges.MaxDurationSeconds;

    /// <summary>Converts to a <see cref="TimeSpan"/>; what is below a tick (100 ns) is cut off towards zero.</summary>
    /// <returns>The same span of time.</returns>
    /// <exception cref="InvalidOperationException">This duration is not normalized.</exception>
    public TimeSpan ToTimeSpan()
    {
        if (!TimeRanges.IsDuration(Seconds, Nanos))
        {
            throw new InvalidOperationException(
                $"Duration with {Seconds} seconds and {Nanos} nanos is not a valid normalized duration.");
        }

        return TimeSpan.FromTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanos / NanosecondsPerTick));
    }

    /// <summary>Converts a <see cref="TimeSpan"/>, exactly (a tick is 100 ns).</summary>
    /// <param name="timeSpan">Any value; one beyond 315,576,000,000 seconds either way gives a duration that is not normalized.</param>
    /// <returns>The same span of time, seconds and nanoseconds of one sign.</returns>
    public static Duration FromTimeSpan(TimeSpan timeSpan) => new()
    {
        Seconds = timeSpan.Ticks / TimeSpan.TicksPerSecond,
        Nanos = (int)(timeSpan.Ticks % TimeSpan.TicksPerSecond) * NanosecondsPerTick,
    };

    /// <summary>The same span of time in the other direction.</summary>
    /// <param name="value">The duration to negate.</param>
    /// <returns>A normalized duration.</returns>
    /// <exception cref="InvalidOperationException">The result is outside the range of the standard.</exception>
    public static Duration operator -(Duration value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Normalize(-(Int128)value.Seconds, -(long)value.Nanos);
    }

    /// <summary>The sum of two durations.</summary>
    /// <param name="lhs">One summand.</param>
    /// <param name="rhs">The other.</param>
    /// <returns>A normalized duration.</returns>
    /// <exception cref="InvalidOperationException">The sum is outside the range of the standard.</exception>
    public static Duration operator +(Duration lhs, Duration rhs)
    {
        ArgumentNullException.ThrowIfNull(lhs);
        ArgumentNullException.ThrowIfNull(rhs);
        return Normalize((Int128)lhs.Seconds + rhs.Seconds, (long)lhs.Nanos + rhs.Nanos);
    }

    /// <summary>The difference of two durations.</summary>
    /// <param name="lhs">What is subtracted from.</param>
    /// <param name="rhs">What is subtracted.</param>
    /// <returns>A normalized duration.</returns>
    /// <exception cref="InvalidOperationException">The difference is outside the range of the standard.</exception>
    public static Duration operator -(Duration lhs, Duration rhs)
    {
        ArgumentNullException.ThrowIfNull(lhs);
        ArgumentNullException.ThrowIfNull(rhs);
        return Normalize((Int128)lhs.Seconds - rhs.Seconds, (long)lhs.Nanos - rhs.Nanos);
    }

    // The fields hold any value, and so sums of them are wider than the fields are.
    internal static Duration Normalize(Int128 seconds, long nanoseconds)
    {
        long carry = nanoseconds / NanosecondsPerSecond;
        nanoseconds -= carry * NanosecondsPerSecond;
        seconds += carry;
        if (seconds < 0 && nanoseconds > 0)
        {
            seconds++;
            nanoseconds -= NanosecondsPerSecond;
        }
        else if (seconds > 0 && nanoseconds < 0)
        {
            seconds--;
            nanoseconds += NanosecondsPerSecond;
        }

        if (seconds < MinSeconds || seconds > MaxSeconds)
        {
            throw new InvalidOperationException(
                $"The duration of {seconds} seconds and {nanoseconds} nanos is outside the range of the standard.");
        }

        return new Duration { Seconds = (long)seconds, Nanos = (int)nanoseconds };
    }

    /// <summary>Orders by length, negative durations first; null is before everything.</summary>
    /// <param name="other">The duration to compare with.</param>
    /// <returns>Negative, zero or positive as this is shorter than, equal to or longer than the other.</returns>
    public int CompareTo(Duration? other) =>
        other is null ? 1
        : Seconds != other.Seconds ? Seconds.CompareTo(other.Seconds)
        : Nanos.CompareTo(other.Nanos);

    /// <summary>True when <paramref name="a"/> is shorter than <paramref name="b"/>.</summary>
    /// <param name="a">One duration, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator <(Duration? a, Duration? b) => Compare(a, b) < 0;

    /// <summary>True when <paramref name="a"/> is longer than <paramref name="b"/>.</summary>
    /// <param name="a">One duration, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator >(Duration? a, Duration? b) => Compare(a, b) > 0;

    /// <summary>True when <paramref name="a"/> is not longer than <paramref name="b"/>.</summary>
    /// <param name="a">One duration, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator <=(Duration? a, Duration? b) => Compare(a, b) <= 0;

    /// <summary>True when <paramref name="a"/> is not shorter than <paramref name="b"/>.</summary>
    /// <param name="a">One duration, or null, which is before everything.</param>
    /// <param name="b">The other.</param>
    public static bool operator >=(Duration? a, Duration? b) => Compare(a, b) >= 0;

    /// <summary>True when both are null or hold the same fields.</summary>
    /// <param name="a">One duration.</param>
    /// <param name="b">The other.</param>
    public static bool operator ==(Duration? a, Duration? b) => ReferenceEquals(a, b) || (a is not null && a.Equals(b));

    /// <summary>True when one is null and the other not, or their fields differ.</summary>
    /// <param name="a">One duration.</param>
    /// <param name="b">The other.</param>
    public static bool operator !=(Duration? a, Duration? b) => !(a == b);

    private static int Compare(Duration? a, Duration? b) => a is null ? (b is null ? 0 : -1) : a.CompareTo(b);
}
