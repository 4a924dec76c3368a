// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Bench.Calls;

namespace CallBench.Measuring;

/// <summary>A client's process and a server's, which stay connected from turn to turn.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(string name, MeasuredProcess client, MeasuredProcess server)
    {
        Name = name;
        Client = client;
        Server = server;
    }

    public string Name { get; }

    public MeasuredProcess Client { get; }

    public MeasuredProcess Server { get; }

    public static async Task<Pair> StartAsync(Contestant contestant, params IReadOnlyCollection<string> options)
    {
        MeasuredProcess server = StartServer(contestant, options);
        int port = int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture);
        MeasuredProcess client = StartClient(contestant, port, options);
        await client.ReadLineAsync(); // all its connections have answered once
        return new Pair(contestant.Name, client, server);
    }

    public static MeasuredProcess StartServer(Contestant contestant, params IReadOnlyCollection<string> options) =>
        contestant.Server == Contestant.Sockets
            ? MeasuredProcess.Start("CallBench", [Contestant.Sockets, .. options])
            : MeasuredProcess.Start(contestant.Server, ["0", "control=1", .. options]);

    public static MeasuredProcess StartClient(Contestant contestant, int port, params IReadOnlyCollection<string> options) =>
        MeasuredProcess.Start("CallBench", ["client", $"kind={contestant.Client}", $"port={port}", .. options]);

    /// <summary>Lets the client do its work and says what that cost both.</summary>
    public async Task<Figures> RunAsync(string work)
    {
        ProcessUsage serverBefore = await Server.MeasureAsync();
        ProcessUsage clientBefore = await Client.MeasureAsync();
        string answer = await Client.AskAsync(work);
        ProcessUsage clientAfter = await Client.MeasureAsync();
        ProcessUsage serverAfter = await Server.MeasureAsync();

        string[] parts = answer.Split(' ', 2);
        double count = double.Parse(parts[0], CultureInfo.InvariantCulture);
        Figures figures = Figures.Parse(parts[1]);
        figures[Column.ClientCpu] = (clientAfter.CpuMicroseconds - clientBefore.CpuMicroseconds) / count;
        figures[Column.ServerCpu] = (serverAfter.CpuMicroseconds - serverBefore.CpuMicroseconds) / count;
        figures[Column.ClientAllocated] = (clientAfter.Allocated - clientBefore.Allocated) / count;
        figures[Column.ServerAllocated] = (serverAfter.Allocated - serverBefore.Allocated) / count;
        return figures;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
