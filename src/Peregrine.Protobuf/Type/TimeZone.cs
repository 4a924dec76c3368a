// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Converts to and from <see cref="TimeZoneInfo"/>.</content>
public sealed partial class TimeZone
{
    /// <summary>Names the time zone of a <see cref="TimeZoneInfo"/>.</summary>
    /// <param name="zone">A zone of the IANA database, or one of Windows that has a counterpart there.</param>
    /// <returns>A time zone with that name; its version is empty.</returns>
    /// <exception cref="ArgumentException">The zone has no name in the IANA database.</exception>
    public static TimeZone FromTimeZoneInfo(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (zone.HasIanaId)
        {
            return new TimeZone { Id = zone.Id };
        }

        return TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out string? id)
            ? new TimeZone { Id = id }
            : throw new ArgumentException($"The time zone \"{zone.Id}\" has no name in the IANA database.", nameof(zone));
    }

    /// <summary>Finds the time zone on this machine. The version is not looked at: the machine has one version of the database.</summary>
    /// <returns>The time zone.</returns>
    /// <exception cref="TimeZoneNotFoundException">The machine does not know the name.</exception>
    public TimeZoneInfo ToTimeZoneInfo() => TimeZoneInfo.FindSystemTimeZoneById(Id);
}
