// SPDX-License-Identifier: Apache-2.0
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What a call costs when both messages are compressed.</summary>
internal static class GzipQuestion
{
    public static async Task RunAsync(RunSettings settings)
    {
        await using Contest contest = await Contest.StartAsync(settings, Contestant.Crosswise, "gzip=1");
        await contest.WarmUpAsync("unary size=1024 inflight=16");
        foreach (int size in (int[])[1024, 65_536])
        {
            await contest.AnswerAsync(
                $"gzip both ways, {size} B of text, 16 in flight",
                $"unary size={size} inflight=16",
                [Column.PerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated]);
        }
    }
}
