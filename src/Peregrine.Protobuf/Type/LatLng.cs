// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Checks the ranges.</content>
public sealed partial class LatLng
{
    /// <summary>Makes a place.</summary>
    /// <param name="latitude">Degrees north of the equator, from -90 to 90.</param>
    /// <param name="longitude">Degrees east of Greenwich, from -180 to 180.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside of its range, or no number.</exception>
    public static LatLng FromDegrees(double latitude, double longitude)
    {
        if (latitude is not (>= -90 and <= 90))
        {
            throw new ArgumentOutOfRangeException(nameof(latitude), latitude, "A latitude goes from -90 to 90 degrees.");
        }

        if (longitude is not (>= -180 and <= 180))
        {
            throw new ArgumentOutOfRangeException(nameof(longitude), longitude, "A longitude goes from -180 to 180 degrees.");
        }

        return new LatLng { Latitude = latitude, Longitude = longitude };
    }

    /// <summary>Whether both numbers lie in their ranges; the fields accept any, as the wire does.</summary>
    public bool IsInRange => Latitude is >= -90 and <= 90 && Longitude is >= -180 and <= 180;
}
