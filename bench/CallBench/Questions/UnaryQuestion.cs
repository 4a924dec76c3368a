// SPDX-License-Identifier: Apache-2.0
using CallBench.Clients;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What a small unary call costs: one after the other, and a hundred in flight on one connection.</summary>
internal static class UnaryQuestion
{
    private static readonly Column[] Columns =
    [
        Column.PerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated,
    ];

    public static Task RunAsync(RunSettings settings) =>
        RunAsync(settings, "unary", [.. Contestant.Crosswise, .. Contestant.Peers, Contestant.BareSockets]);

    public static async Task RunOverTlsAsync(RunSettings settings)
    {
        string tls = TlsFiles.Create();
        try
        {
            await RunAsync(settings, "unary over TLS", Contestant.Crosswise, "tls=" + tls);
        }
        finally
        {
            Directory.Delete(tls, recursive: true);
        }
    }

    private static async Task RunAsync(RunSettings settings, string title, Contestant[] contestants, params string[] options)
    {
        await using Contest contest = await Contest.StartAsync(settings, contestants, options);
        Func<Pair, bool> manyAtOnce = pair => pair.Contestant != Contestant.BareSockets;
        await contest.WarmUpAsync("unary size=16 inflight=100", manyAtOnce);
        await contest.AnswerAsync($"{title}, 16 B, 100 in flight on one connection", "unary size=16 inflight=100", Columns, manyAtOnce);
        await contest.AnswerAsync($"{title}, 16 B, 1 in flight", "unary size=16 inflight=1", Columns);
    }
}
