// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What many connections hold while nothing happens, and what a call costs when each comes on another of them.</summary>
internal static class ConnectionsQuestion
{
    private static readonly int[] Steps = [1000, 10_000];

    public static async Task RunAsync(RunSettings settings)
    {
        int[] counts = [.. Steps.Where(step => step <= settings.MostConnections)];
        foreach (int connections in counts.Length > 0 ? counts : [settings.MostConnections])
        {
            await RunAsync(settings, connections);
        }
    }

    private static async Task RunAsync(RunSettings settings, int connections)
    {
        await using Contest contest = await Contest.StartAsync(
            settings, [Contestant.Ours, Contestant.Baseline], $"connections={connections}");
        ProcessUsage[] clients = await MeasureAsync(contest.Pairs, pair => pair.Client);
        ProcessUsage[] servers = await MeasureAsync(contest.Pairs, pair => pair.Server);
        await contest.WarmUpAsync("unary size=16 inflight=16");
        List<(string Name, Figures Figures)> rows = await contest.RunAsync("unary size=16 inflight=16");
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Figures[Column.ClientResident] = clients[i].Resident / 1e6;
            rows[i].Figures[Column.ServerResident] = servers[i].Resident / 1e6;
        }

        Table.Print(
            $"{connections} connections: memory of the whole process while idle, after a collection; then calls on all in turns, 16 in flight",
            rows,
            Column.ClientResident, Column.ServerResident, Column.PerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu);
    }

    private static async Task<ProcessUsage[]> MeasureAsync(IEnumerable<Pair> pairs, Func<Pair, MeasuredProcess> side)
    {
        List<ProcessUsage> usages = [];
        foreach (Pair pair in pairs)
        {
            usages.Add(await side(pair).MeasureAsync(collect: true));
        }

        return [.. usages];
    }
}
