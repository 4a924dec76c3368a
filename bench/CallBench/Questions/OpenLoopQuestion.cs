// SPDX-License-Identifier: Apache-2.0
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>How long calls take that come at a fixed rate, the slowest above all.</summary>
internal static class OpenLoopQuestion
{
    public static async Task RunAsync(RunSettings settings)
    {
        await using Contest contest = await Contest.StartAsync(settings, [.. Contestant.Crosswise, .. Contestant.Peers]);
        await contest.WarmUpAsync("unary size=16 inflight=100");
        foreach (int rate in (int[])[500, 4000])
        {
            await contest.AnswerAsync(
                $"{rate} calls a second on one connection, 16 B, latency from the moment that the schedule says",
                $"rate size=16 rate={rate}",
                [Column.PerSecond, Column.P50, Column.P99, Column.P999, Column.Longest, Column.ServerCpu]);
        }
    }
}
