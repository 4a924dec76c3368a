// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Bench.Calls;
using CallBench.Clients;
using CallBench.Measuring;
using Peregrine;
using Peregrine.Client;

namespace CallBench.Questions;

/// <summary>
/// What a new connection costs with its first call: a full TLS handshake, a resumed one, and none. A channel resumes for a name, not for an address;
/// nothing else differs. OpenSSL's configuration (<c>OPENSSL_CONF</c>, <c>MaxProtocol = TLSv1.2</c>) chooses another version of TLS.
/// </summary>
internal static class HandshakeQuestion
{
    private const int NameWidth = 26;
    private const int Width = 11;
    private const string Full = "full (by address)";
    private const string Resumed = "resumed (by name)";
    private const string Plaintext = "plaintext (by name)";

    public static async Task RunAsync(RunSettings settings)
    {
        string tls = TlsFiles.Create();
        try
        {
            await using MeasuredProcess secure = MeasuredProcess.Start("PeregrineServer", "0", "control=1", "tls=" + tls);
            await using MeasuredProcess plain = MeasuredProcess.Start("PeregrineServer", "0", "control=1");
            using ConnectionCutter secureWay = new(await PortOfAsync(secure));
            using ConnectionCutter plainWay = new(await PortOfAsync(plain));
            SslCredentials credentials = new(await File.ReadAllTextAsync(TlsFiles.Certificate(tls)));
            using GrpcChannel full = GrpcChannel.ForAddress($"https://127.0.0.1:{secureWay.Port}", new GrpcChannelOptions { Credentials = credentials });
            using GrpcChannel resumed = GrpcChannel.ForAddress($"https://localhost:{secureWay.Port}", new GrpcChannelOptions { Credentials = credentials });
            using GrpcChannel none = GrpcChannel.ForAddress($"http://localhost:{plainWay.Port}");
            (string Name, GrpcChannel Channel, ConnectionCutter Way, MeasuredProcess Server)[] contestants =
                [(Full, full, secureWay, secure), (Resumed, resumed, secureWay, secure), (Plaintext, none, plainWay, plain)];
            List<List<Figures>> turns = [.. contestants.Select(_ => new List<Figures>())];
            for (int round = -1; round < settings.Rounds; round++)
            {
                for (int i = 0; i < contestants.Length; i++)
                {
                    Figures figures = await TurnAsync(contestants[i].Channel, contestants[i].Way, contestants[i].Server, settings.Seconds);
                    if (round >= 0)
                    {
                        turns[i].Add(figures);
                    }
                }
            }

            Console.WriteLine();
            Console.WriteLine("a connection and its first call, one after the other; client us with the relay that cuts connections");
            Console.WriteLine($"{"",-NameWidth}{"p50 us",Width}{"p99 us",Width}{"client us",Width}{"server us",Width}");
            for (int i = 0; i < contestants.Length; i++)
            {
                Figures median = Figures.Median(turns[i]);
                Console.WriteLine(
                    $"{contestants[i].Name,-NameWidth}{median[Column.P50],Width:F0}{median[Column.P99],Width:F0}{median[Column.ClientCpu],Width:F0}{median[Column.ServerCpu],Width:F0}");
            }
        }
        finally
        {
            Directory.Delete(tls, recursive: true);
        }
    }

    private static async Task<int> PortOfAsync(MeasuredProcess server) => int.Parse((await server.ReadLineAsync()).Split(' ', '=')[^1], CultureInfo.InvariantCulture);

    private static async Task<Figures> TurnAsync(GrpcChannel channel, ConnectionCutter way, MeasuredProcess server, double seconds)
    {
        Echo.EchoClient client = new(channel.CreateCallInvoker());
        List<double> times = [];
        ProcessUsage serverBefore = await server.MeasureAsync();
        ProcessUsage before = ProcessUsage.Read();
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
        {
            long began = Stopwatch.GetTimestamp();
            _ = await client.UnaryAsync(new Blob());
            times.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds);
            way.Cut();
            await channel.WaitForStateChangedAsync(ConnectivityState.Ready);
        }

        ProcessUsage after = ProcessUsage.Read();
        ProcessUsage serverAfter = await server.MeasureAsync();
        times.Sort();
        Figures figures = new();
        figures[Column.P50] = times[times.Count / 2];
        figures[Column.P99] = times[times.Count * 99 / 100];
        figures[Column.ClientCpu] = (after.CpuMicroseconds - before.CpuMicroseconds) / times.Count;
        figures[Column.ServerCpu] = (serverAfter.CpuMicroseconds - serverBefore.CpuMicroseconds) / times.Count;
        return figures;
    }
}
