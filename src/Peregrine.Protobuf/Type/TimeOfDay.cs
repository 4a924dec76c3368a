// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Converts to and from <see cref="TimeOnly"/>.</content>
public sealed partial class TimeOfDay
{
    /// <summary>Converts a <see cref="TimeOnly"/>, exactly (a tick is 100 ns).</summary>
    /// <param name="time">Any value.</param>
    /// <returns>The same time of day.</returns>
    public static TimeOfDay FromTimeOnly(TimeOnly time) => new()
    {
        Hours = time.Hour,
        Minutes = time.Minute,
        Seconds = time.Second,
        Nanos = CivilTime.Nanos(time.Ticks),
    };

    /// <summary>Converts to a <see cref="TimeOnly"/>; what is below a tick (100 ns) is cut off.</summary>
    /// <returns>The same time of day.</returns>
    /// <exception cref="InvalidOperationException">
    /// The time is 24:00:00 or a leap second, which <see cref="TimeOnly"/> cannot be, or there is no such time.
    /// </exception>
    public TimeOnly ToTimeOnly() => new(CivilTime.Ticks(Hours, Minutes, Seconds, Nanos));
}
