// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.WellKnownTypes;

/// <summary>The ranges that timestamp.proto and duration.proto set for their fields.</summary>
internal static class TimeRanges
{
    /// <summary>Seconds of 0001-01-01T00:00:00Z, the earliest timestamp.</summary>
    public const long MinTimestampSeconds = -62135596800;

    /// <summary>Seconds of 9999-12-31T23:59:59Z, the latest timestamp but for its fraction.</summary>
    public const long MaxTimestampSeconds = 253402300799;

    /// <summary>Seconds of the longest duration either way: 10,000 years of 365.25 days.</summary>
    public const long MaxDurationSeconds = 315_576_000_000;

    public const int NanosPerSecond = 1_000_000_000;

    public static bool IsTimestamp(long seconds, int nanos) =>
        seconds is >= MinTimestampSeconds and <= MaxTimestampSeconds && nanos is >= 0 and < NanosPerSecond;

    public static bool IsDuration(long seconds, int nanos) =>
        seconds is >= -MaxDurationSeconds and <= MaxDurationSeconds
        && nanos is > -NanosPerSecond and < NanosPerSecond
        && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0));
}
