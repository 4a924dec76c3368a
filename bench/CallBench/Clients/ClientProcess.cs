// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;

namespace CallBench.Clients;

/// <summary>A client in a process of its own: makes its connections, then does what it is told, a line each.</summary>
internal static class ClientProcess
{
    private const int ConnectAtOnce = 50;

    public static async Task RunAsync(Flags flags)
    {
        ClientSettings settings = new(flags);
        IEchoClient[] clients = [.. Enumerable.Range(0, settings.Connections).Select(_ => settings.Create())];
        await ConnectAsync(clients);
        Console.WriteLine("ready");

        Load load = new(clients);
        while (Console.ReadLine() is string line)
        {
            string[] words = line.Split(' ');
            Console.WriteLine(words[0] switch
            {
                ServerControl.Measure => ProcessUsage.Read().ToString(),
                ServerControl.CollectAndMeasure => ProcessUsage.Read(collect: true).ToString(),
                _ => await load.RunAsync(words[0], new Flags(words[1..])),
            });
        }

        foreach (IEchoClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    // Each connection answers one call.
    private static async Task ConnectAsync(IEchoClient[] clients)
    {
        Blob message = new();
        foreach (IEchoClient[] some in clients.Chunk(ConnectAtOnce))
        {
            await Task.WhenAll(some.Select(client => client.UnaryAsync(message).AsTask()));
        }
    }
}
