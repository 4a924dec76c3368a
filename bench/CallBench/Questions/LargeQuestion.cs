// SPDX-License-Identifier: Apache-2.0
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>How fast large messages go, there and back.</summary>
internal static class LargeQuestion
{
    private const int Mebibyte = 1024 * 1024;

    public static async Task RunAsync(RunSettings settings)
    {
        await using Contest contest = await Contest.StartAsync(settings, [.. Contestant.Crosswise, .. Contestant.Peers], "unlimited=1");
        await contest.WarmUpAsync("unary size=1024 inflight=100");
        foreach ((int size, int inFlight) in ((int, int)[])[(1, 4), (16, 1)])
        {
            await contest.AnswerAsync(
                $"echo of {size} MiB, {inFlight} in flight",
                $"unary size={size * Mebibyte} inflight={inFlight}",
                [Column.PerSecond, Column.MegabytesPerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated]);
        }
    }
}
