// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Peregrine.Http2.Tests;

/// <summary>
/// State machines under random schedules: every call ends once at both ends, no octet is lost, invented or out of order, no window
/// drifts. <c>HTTP2_SEEDS=1000</c> in the environment runs that many seeds instead of the usual few.
/// </summary>
public sealed class RandomScheduleTests
{
    public static IEnumerable<TheoryDataRow<int>> Seeds()
    {
        string? wanted = Environment.GetEnvironmentVariable("HTTP2_SEEDS");
        int count = wanted is null ? 8 : int.Parse(wanted, CultureInfo.InvariantCulture);
        return Enumerable.Range(1, count).Select(seed => new TheoryDataRow<int>(seed));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Calls_end_once_and_windows_never_drift_whatever_the_schedule(int seed)
    {
        using RandomSchedule schedule = new(seed);
        schedule.Run(1500);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_server_keeps_to_windows_frame_size_and_table_size_that_settings_change_at_any_time(int seed) =>
        new SettingsSchedule(seed, Http2Role.Server).Run(600);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_client_keeps_to_windows_frame_size_and_table_size_that_settings_change_at_any_time(int seed) =>
        new SettingsSchedule(seed, Http2Role.Client).Run(600);
}
