// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.WellKnownTypes;

namespace Google.Type;

/// <content>Converts to and from pairs of <see cref="DateTimeOffset"/>, and tells what lies inside.</content>
public sealed partial class Interval
{
    /// <summary>Makes an interval.</summary>
    /// <param name="start">The first instant; null for no bound.</param>
    /// <param name="end">The first instant behind it; null for no bound.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="ArgumentException">The start is after the end.</exception>
    public static Interval FromDateTimeOffsets(DateTimeOffset? start, DateTimeOffset? end)
    {
        if (start > end)
        {
            throw new ArgumentException($"The interval starts at {start:O}, which is after its end {end:O}.", nameof(start));
        }

        return new Interval
        {
            StartTime = start is { } first ? Timestamp.FromDateTimeOffset(first) : null,
            EndTime = end is { } last ? Timestamp.FromDateTimeOffset(last) : null,
        };
    }

    /// <summary>Converts to a pair; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The first instant and the first instant behind it, of offset zero; null where there is no bound.</returns>
    /// <exception cref="InvalidOperationException">The start is after the end, or a timestamp is outside of years 1 to 9999.</exception>
    public (DateTimeOffset? Start, DateTimeOffset? End) ToDateTimeOffsets()
    {
        CheckOrder();
        return (StartTime?.ToDateTimeOffset(), EndTime?.ToDateTimeOffset());
    }

    /// <summary>Whether an instant lies in the interval: not before the start, and before the end.</summary>
    /// <param name="time">The instant.</param>
    /// <returns>True when it does; an interval without bounds has every instant in it, one that starts at its end none.</returns>
    /// <exception cref="InvalidOperationException">The start is after the end.</exception>
    public bool Contains(Timestamp time)
    {
        ArgumentNullException.ThrowIfNull(time);
        CheckOrder();
        return (StartTime is null || StartTime <= time) && (EndTime is null || time < EndTime);
    }

    private void CheckOrder()
    {
        if (StartTime is not null && EndTime is not null && StartTime > EndTime)
        {
            throw new InvalidOperationException($"The interval starts at {StartTime}, which is after its end {EndTime}.");
        }
    }
}
