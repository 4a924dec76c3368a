// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Bench.Calls;
using CallBench.Clients;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>How long a server takes from the start of its process to its first answer, and a client to the first answer it gets.</summary>
internal static class StartupQuestion
{
    public static async Task RunAsync(RunSettings settings)
    {
        Contestant[] contestants = [.. ((Contestant[])[Contestant.Ours, Contestant.Baseline, .. Contestant.Peers]).Where(settings.Takes)];
        List<Figures>[] servers = [.. contestants.Select(_ => new List<Figures>())];
        List<Figures>[] clients = [.. contestants.Select(_ => new List<Figures>())];
        for (int round = -1; round < settings.Rounds; round++)
        {
            for (int i = 0; i < contestants.Length; i++)
            {
                Figures server = await StartServerAsync(contestants[i]);
                Figures client = await StartClientAsync(contestants[i]);
                if (round >= 0) // the first round brings files into memory, and warms the prober
                {
                    servers[i].Add(server);
                    clients[i].Add(client);
                }
            }
        }

        Print("server: process start to first call answered", contestants, servers, Column.ServerCpu);
        Print("client: process start to first call answered", contestants, clients, Column.ClientCpu);
    }

    private static async Task<Figures> StartServerAsync(Contestant contestant)
    {
        long start = Stopwatch.GetTimestamp();
        await using MeasuredProcess server = Pair.StartServer(contestant);
        int port = int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture);
        await using (HttpEchoClient prober = new(new ClientSettings(new Flags([$"port={port}"]))))
        {
            await prober.UnaryAsync(new Blob());
        }

        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double cpu = (await server.MeasureAsync()).CpuMicroseconds;
        return new Figures { [Column.Milliseconds] = milliseconds, [Column.ServerCpu] = cpu };
    }

    private static async Task<Figures> StartClientAsync(Contestant contestant)
    {
        await using MeasuredProcess server = Pair.StartServer(Contestant.Ours);
        int port = int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture);
        await using (HttpEchoClient prober = new(new ClientSettings(new Flags([$"port={port}"]))))
        {
            await prober.UnaryAsync(new Blob()); // the server's first call is not the client's
        }

        long start = Stopwatch.GetTimestamp();
        await using MeasuredProcess client = Pair.StartClient(contestant, port);
        await client.ReadLineAsync();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        double cpu = (await client.MeasureAsync()).CpuMicroseconds;
        return new Figures { [Column.Milliseconds] = milliseconds, [Column.ClientCpu] = cpu };
    }

    private static void Print(string title, Contestant[] contestants, List<Figures>[] turns, Column cpu) =>
        Table.Print(title, [.. contestants.Select((contestant, i) => (contestant, Figures.Median(turns[i])))], Column.Milliseconds, cpu);
}
