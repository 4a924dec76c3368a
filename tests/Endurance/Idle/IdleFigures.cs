// SPDX-License-Identifier: Apache-2.0
using Endurance.Protocol;
using Peregrine.TestKit;

namespace Endurance.Idle;

/// <summary>
/// What an idle connection and an idle stream cost the server: growth of its resident memory after a forced collection, for each.
/// <c>--connections</c>, <c>--streams</c> and <c>--tls-connections</c> say how many; the last are none by default, since handshakes take time.
/// </summary>
internal static class IdleFigures
{
    private const int StreamsPerConnection = 1000;
    private const int MostPerConnection = 6_000;
    private const int MostPerTlsConnection = 60_000;
    private const int MostPerStream = 2_200; // 1,874 to 1,924 were seen

    public static async Task<int> RunAsync(Flags flags)
    {
        int connections = flags.Number("connections", 10_000);
        int streams = flags.Number("streams", 100_000);
        int tlsConnections = flags.Number("tls-connections", 0);
        Report report = new();
        if (connections > 0)
        {
            await ConnectionsAsync(report, connections, MostPerConnection, certificate: null);
        }

        if (tlsConnections > 0)
        {
            using ServerCertificate certificate = new();
            await ConnectionsAsync(report, tlsConnections, MostPerTlsConnection, certificate);
        }

        if (streams > 0)
        {
            await StreamsAsync(report, streams);
        }

        return report.Finish("idle");
    }

    private static async Task ConnectionsAsync(Report report, int count, int bound, ServerCertificate? certificate)
    {
        string kind = certificate is null ? "idle connection" : "idle TLS connection";
        await using TargetProcess server = await TargetProcess.StartAsync(certificate: certificate);
        await WarmUpAsync(server, certificate);
        Measurement before = await server.MeasureAsync();

        List<RawConnection> open = await OpenAsync(server.Port, count, certificate);
        Measurement after = await server.MeasureAsync();

        report.Figure("server, before", Describe(before));
        report.Figure($"server, {count} {kind}s", Describe(after));
        report.Check($"{count} {kind}s are open", after.Descriptors - before.Descriptors >= count, $"{after.Descriptors} descriptors");
        report.AtMost($"octets for an {kind}", bound, Growth(before, after, count));
        report.Check("no thread for a connection", after.Threads < before.Threads + 32, $"{after.Threads} threads");

        open.ForEach(connection => connection.Dispose());
        Measurement end = await server.MeasureUntilAsync(m => m.Descriptors <= before.Descriptors + 8);
        report.Figure("server, after their end", Describe(end));
        report.Check("their sockets are gone", end.Descriptors <= before.Descriptors + 8, $"{end.Descriptors} descriptors");
    }

    private static async Task StreamsAsync(Report report, int count)
    {
        await using TargetProcess server = await TargetProcess.StartAsync();
        await WarmUpAsync(server, certificate: null);
        List<RawConnection> open = await OpenAsync(server.Port, (count + StreamsPerConnection - 1) / StreamsPerConnection, certificate: null);
        Measurement before = await server.MeasureAsync();

        byte[] requests = Requests(StreamsPerConnection);
        foreach (RawConnection connection in open)
        {
            await connection.SendAsync(requests);
            await connection.SynchronizeAsync();
        }

        int opened = open.Count * StreamsPerConnection;
        Measurement after = await server.MeasureUntilAsync(m => m.Handlers == opened);

        report.Figure("server, before", Describe(before));
        report.Figure($"server, {opened} streams on {open.Count} connections", Describe(after));
        report.Check($"{opened} handlers wait", after.Handlers == opened, $"{after.Handlers}");
        report.AtMost("octets for an idle stream", MostPerStream, Growth(before, after, opened));
        report.Check("no thread for a stream", after.Threads < before.Threads + 32, $"{after.Threads} threads");

        open.ForEach(connection => connection.Dispose());
        Measurement end = await server.MeasureUntilAsync(m => m.Handlers == 0);
        report.Figure("server, after their end", Describe(end));
        report.Check("all handlers ended", end.Handlers == 0, $"{end.Handlers} run");
    }

    // Code is compiled and pools are filled before the first measure.
    private static async Task WarmUpAsync(TargetProcess server, ServerCertificate? certificate)
    {
        List<RawConnection> open = await OpenAsync(server.Port, 200, certificate);
        byte[] requests = Requests(100);
        foreach (RawConnection connection in open)
        {
            await connection.SendAsync(requests);
            await connection.SynchronizeAsync();
        }

        open.ForEach(connection => connection.Dispose());
        await server.MeasureUntilAsync(m => m.Handlers == 0);
    }

    private static async Task<List<RawConnection>> OpenAsync(int port, int count, ServerCertificate? certificate)
    {
        List<RawConnection> open = [];
        while (open.Count < count)
        {
            int next = Math.Min(100, count - open.Count);
            open.AddRange(await Task.WhenAll(Enumerable.Range(0, next).Select(async _ =>
            {
                RawConnection connection = certificate is null
                    ? await RawConnection.OpenAsync(port)
                    : await RawConnection.OpenTlsAsync(port, certificate.Hash);
                await connection.SynchronizeAsync();
                return connection;
            })));
        }

        return open;
    }

    // Calls with 50 octets of metadata, and an empty message.
    private static byte[] Requests(int count)
    {
        byte[] head = HeaderBlock.Request("/endurance.Target/Wait", ("x-idle-stream-id", new string('i', 50 - "x-idle-stream-id".Length)));
        using MemoryStream bytes = new();
        for (int i = 0; i < count; i++)
        {
            int stream = (2 * i) + 1;
            new RawFrame(RawFrameType.Headers, RawFrame.EndHeaders, stream, head).WriteTo(bytes);
            new RawFrame(RawFrameType.Data, RawFrame.EndStream, stream, [0, 0, 0, 0, 0]).WriteTo(bytes);
        }

        return bytes.ToArray();
    }

    private static double Growth(Measurement before, Measurement after, int count) =>
        (double)(after.ResidentOctets - before.ResidentOctets) / count;

    private static FormattableString Describe(Measurement m) =>
        $"resident {m.ResidentOctets / 1e6:F1} MB, managed {m.ManagedOctets / 1e6:F1} MB, {m.Threads} threads, {m.Descriptors} descriptors, {m.Handlers} handlers";
}
