// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What many connections hold while nothing happens, and what a call costs when each comes on another of them.</summary>
internal static class ConnectionsQuestion
{
    // The peers' clients make one connection after the other.
    private const int MostOfPeers = 1000;

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
        string title = $"{connections} connections: memory of the whole process while idle, after a collection; then calls on all in turns, 16 in flight";
        if (!settings.Wants(title))
        {
            return;
        }

        await using Contest contest = await Contest.StartAsync(
            settings,
            [Contestant.Ours, Contestant.Baseline, .. connections <= MostOfPeers ? Contestant.Peers : []],
            $"connections={connections}");
        ProcessUsage[] clients = await MeasureAsync(contest.Pairs, pair => pair.Client);
        ProcessUsage[] servers = await MeasureAsync(contest.Pairs, pair => pair.Server);
        await contest.WarmUpAsync("unary size=16 inflight=16");
        List<(Contestant Contestant, Figures Figures)> rows = await contest.RunAsync("unary size=16 inflight=16");
        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Figures[Column.ClientResident] = clients[i].Resident / 1e6;
            rows[i].Figures[Column.ServerResident] = servers[i].Resident / 1e6;
        }

        Table.Print(
            title,
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
