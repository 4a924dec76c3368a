// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Bench.Calls;

namespace CallBench.Measuring;

/// <summary>A client's process and a server's, which stay connected from turn to turn.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(Contestant contestant, MeasuredProcess client, MeasuredProcess server)
    {
        Contestant = contestant;
        Client = client;
        Server = server;
    }

    public Contestant Contestant { get; }

    public MeasuredProcess Client { get; }

    public MeasuredProcess Server { get; }

    public static async Task<Pair> StartAsync(Contestant contestant, params IReadOnlyCollection<string> options)
    {
        MeasuredProcess server = StartServer(contestant, options);
        int port = int.Parse(await server.ReadLineAsync(), CultureInfo.InvariantCulture);
        MeasuredProcess client = StartClient(contestant, port, options);
        await client.ReadLineAsync(); // all its connections have answered once
        return new Pair(contestant, client, server);
    }

    public static MeasuredProcess StartServer(Contestant contestant, params IReadOnlyCollection<string> options) =>
        contestant switch
        {
            { IsPeer: true } => MeasuredProcess.StartPeer(contestant.Server, ["server", "0", "control=1", .. options]),
            { Server: Contestant.Sockets } => MeasuredProcess.Start("CallBench", [Contestant.Sockets, .. options]),
            _ => MeasuredProcess.Start(contestant.Server, ["0", "control=1", .. options]),
        };

    public static MeasuredProcess StartClient(Contestant contestant, int port, params IReadOnlyCollection<string> options) =>
        contestant.IsPeer
            ? MeasuredProcess.StartPeer(contestant.Client, ["client", $"port={port}", .. options])
            : MeasuredProcess.Start("CallBench", ["client", $"kind={contestant.Client}", $"port={port}", .. options]);

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
