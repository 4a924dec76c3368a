// SPDX-License-Identifier: Apache-2.0
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What a message costs in a stream, in either direction, in both at once and to and fro; one stream at a time.</summary>
internal static class StreamingQuestion
{
    // Messages of one stream: enough that its begin and end do not count.
    private static readonly (int Size, int Messages)[] Sizes = [(16, 20_000), (1024, 10_000), (65_536, 1000)];

    private static readonly (string Kind, string Title)[] Flows =
        [("download", "server streaming"), ("upload", "client streaming"), ("flow", "both ways at once, echoed messages")];

    public static async Task RunAsync(RunSettings settings)
    {
        await using Contest contest = await Contest.StartAsync(
            settings, [.. Contestant.Crosswise, .. Contestant.Peers, Contestant.BareSockets]);
        await contest.WarmUpAsync("unary size=16 inflight=1");
        foreach ((string kind, string title) in Flows)
        {
            foreach ((int size, int messages) in Sizes)
            {
                await contest.AnswerAsync(
                    $"{title}, {size} B",
                    $"{kind} size={size} messages={messages}",
                    [Column.PerSecond, Column.MegabytesPerSecond, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated]);
            }
        }

        foreach ((int size, int _) in Sizes)
        {
            await contest.AnswerAsync(
                $"ping-pong on one stream, {size} B",
                $"pingpong size={size} messages=200",
                [Column.PerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated]);
        }
    }
}
