// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>
/// When a call gives up, as a UTC time; <see cref="None"/> is never. An immutable value; time is passed in, so that tests
/// own the clock.
/// </summary>
internal readonly struct Deadline : IEquatable<Deadline>
{
    /// <summary>No deadline.</summary>
    public static readonly Deadline None = new(DateTime.MaxValue);

    private Deadline(DateTime utc) => Utc = utc;

    /// <summary>The time, of kind UTC; <see cref="DateTime.MaxValue"/> for never.</summary>
    public DateTime Utc { get; }

    /// <summary>Whether there is no deadline.</summary>
    public bool IsNone => Utc == DateTime.MaxValue;

    /// <summary>
    /// The deadline of <see cref="CallOptions.Deadline"/>. Only UTC is taken: a local time silently shifted by the zone is
    /// the classic bug. <see cref="DateTime.MinValue"/> and <see cref="DateTime.MaxValue"/> pass whatever their kind, as they
    /// name no moment in any zone.
    /// </summary>
    /// <exception cref="InvalidOperationException">The time is local or of unspecified kind.</exception>
    public static Deadline FromUtc(DateTime? deadline)
    {
        if (deadline is not { } time || time == DateTime.MaxValue)
        {
            return None;
        }

        if (time == DateTime.MinValue)
        {
            return new Deadline(DateTime.SpecifyKind(time, DateTimeKind.Utc));
        }

        return time.Kind == DateTimeKind.Utc
            ? new Deadline(time)
            : throw new InvalidOperationException(
                $"A deadline must be a UTC time; this one is of kind {time.Kind}. Use DateTime.UtcNow.AddSeconds(...), or ToUniversalTime().");
    }

    /// <summary>The deadline that lies a time span after now; a span past the end of the calendar is no deadline.</summary>
    public static Deadline After(TimeSpan timeout, TimeProvider clock)
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        return timeout >= DateTime.MaxValue - now ? None : new Deadline(now + timeout);
    }

    /// <summary>The earlier of two.</summary>
    public static Deadline Earliest(Deadline left, Deadline right) => left.Utc <= right.Utc ? left : right;

    /// <summary>What is left: zero when expired, <see cref="TimeSpan.MaxValue"/> when there is no deadline.</summary>
    public TimeSpan Remaining(TimeProvider clock)
    {
        if (IsNone)
        {
            return TimeSpan.MaxValue;
        }

        TimeSpan left = Utc - clock.GetUtcNow().UtcDateTime;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether the time has come.</summary>
    public bool HasExpired(TimeProvider clock) => HasExpired(clock, TimeSpan.Zero);

    /// <summary>Whether the time has come, or is so close as not to matter.</summary>
    public bool HasExpired(TimeProvider clock, TimeSpan tolerance) => !IsNone && clock.GetUtcNow().UtcDateTime + tolerance >= Utc;

    public bool Equals(Deadline other) => Utc == other.Utc;

    public override bool Equals(object? obj) => obj is Deadline other && Equals(other);

    public override int GetHashCode() => Utc.GetHashCode();

    public override string ToString() => IsNone ? "none" : Utc.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
}
