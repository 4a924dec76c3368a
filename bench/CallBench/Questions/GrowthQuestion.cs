// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>
/// How the cost of a unary call grows with the number of connections, of calls in flight on one connection, of entries of metadata and
/// with the size of the message. Prints tables; with <c>results=FOLDER</c> it also writes growth.csv, of which bench/Plot draws.
/// </summary>
internal static class GrowthQuestion
{
    private static readonly Dimension[] Dimensions =
    [
        new("connections", [1, 10, 100, 1000], n => [$"connections={n}"], _ => "unary size=16 inflight=100", IsLinear: false),
        new("streams", [1, 2, 5, 10, 20, 50, 100, 200], _ => [], n => $"unary size=16 inflight={n}", IsLinear: false),
        new("headers", [0, 1, 4, 16, 32, 64], n => [$"headers={n}"], _ => "unary size=16 inflight=50", IsLinear: true),
        new("size", [16, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576], _ => [], n => $"unary size={n} inflight=8", IsLinear: true),
    ];

    public static async Task RunAsync(RunSettings settings)
    {
        List<string> lines = ["dimension,value,contestant,calls_per_second,client_us,server_us"];
        foreach (Dimension dimension in Dimensions.Where(dimension => settings.Wants(dimension.Name)))
        {
            int[] values = [.. dimension.Values.Where(value => dimension.Name != "connections" || value <= settings.MostConnections)];
            List<Series> series = await MeasureAsync(settings, dimension, values);
            GrowthTable.Print(dimension.Name, values, series, dimension.IsLinear);
            lines.AddRange(
                from one in series
                from point in values.Zip(one.Points)
                select string.Create(
                    CultureInfo.InvariantCulture,
                    $"{dimension.Name},{point.First},{one.Contestant.ServerName},{point.Second[Column.PerSecond]:F0},{point.Second[Column.ClientCpu]:F2},{point.Second[Column.ServerCpu]:F2}"));
        }

        if (settings.Results is { } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllLinesAsync(Path.Combine(folder, "growth.csv"), lines);
        }
    }

    private static async Task<List<Series>> MeasureAsync(RunSettings settings, Dimension dimension, int[] values)
    {
        Contestant[] contestants = [Contestant.Ours, Contestant.Baseline, .. Contestant.Peers];
        List<Series> series = [.. contestants.Where(settings.Takes).Select(contestant => new Series(contestant, []))];
        Contest? contest = null;
        string[] options = [];
        try
        {
            foreach (int value in values)
            {
                // Values that need no other connections stay with the processes that are hot already.
                if (contest is null || !options.SequenceEqual(dimension.Options(value)))
                {
                    await (contest?.DisposeAsync() ?? ValueTask.CompletedTask);
                    contest = null;
                    options = dimension.Options(value);
                    contest = await Contest.StartAsync(settings, contestants, options);
                    await contest.WarmUpAsync("unary size=16 inflight=50");
                }

                List<(Contestant Contestant, Figures Figures)> rows = await contest.RunAsync(dimension.Work(value));
                for (int i = 0; i < rows.Count; i++)
                {
                    series[i].Points.Add(rows[i].Figures);
                }
            }
        }
        finally
        {
            await (contest?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        return series;
    }

    /// <summary>What grows: its name and values, what processes are started with for a value, what their clients do, and whether a call does more for each unit.</summary>
    private sealed record Dimension(string Name, int[] Values, Func<int, string[]> Options, Func<int, string> Work, bool IsLinear);
}
