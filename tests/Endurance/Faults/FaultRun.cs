// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using Endurance.Protocol;
using Peregrine;
using Peregrine.Client;
using Peregrine.Protobuf;

namespace Endurance.Faults;

/// <summary>
/// What becomes of calls when servers die, restart and drain, and when the network cuts, stalls, delays and shreds: each call ends, with
/// the right status, and the channel works again as soon as the network does.
/// </summary>
internal static class FaultRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DeregistrationDelay = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(Flags flags)
    {
        TimeSpan time = flags.Seconds("seconds", 5);
        Report report = new();
        await KilledServerAsync(report);
        await WithoutDescriptorsAsync(report);
        await CutAtEveryOctetAsync(report);
        await SilentNetworkAsync(report);
        await ShreddedStreamAsync(report);
        await RollingRestartAsync(report, time);
        return report.Finish("faults");
    }

    private static Blob Message(int length) => new() { Data = ByteString.CopyFrom(new byte[length]) };

    private static async Task<StatusCode> StatusOfAsync(Func<Task> call)
    {
        try
        {
            await call().WaitAsync(Patience);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    // A server that is killed takes its calls along; on the same port again, it is found again.
    private static async Task KilledServerAsync(Report report)
    {
        TargetProcess first = await TargetProcess.StartAsync();
        int port = first.Port;
        GrpcChannelOptions options = new() { InitialReconnectBackoff = TimeSpan.FromMilliseconds(100), MaxReconnectBackoff = TimeSpan.FromMilliseconds(500) };
        using GrpcChannel channel = GrpcChannel.ForAddress(first.Address, options);
        Target.TargetClient client = new(channel);
        await client.EchoAsync(Message(10));

        using AsyncServerStreamingCall<Blob> waiting = client.Wait(Message(0));
        Task<bool> read = waiting.ResponseStream.MoveNext(CancellationToken.None);
        await first.MeasureUntilAsync(m => m.Handlers == 1);
        first.Process.Kill();
        StatusCode lost = await StatusOfAsync(() => read);
        report.Check("killed server: its calls end with UNAVAILABLE", lost == StatusCode.Unavailable, $"{lost}");
        await first.Process.WaitForExitAsync();
        StatusCode refused = await StatusOfAsync(() => client.EchoAsync(Message(10)).ResponseAsync);
        report.Check("killed server: the next call fails with UNAVAILABLE", refused == StatusCode.Unavailable, $"{refused}");

        Task<Blob> patient = client.EchoAsync(Message(10), new CallOptions().WithWaitForReady()).ResponseAsync;
        await using TargetProcess second = await TargetProcess.StartAsync(port);
        StatusCode again = await StatusOfAsync(() => patient);
        report.Check("restarted server: a call that waits for it succeeds", again == StatusCode.OK, $"{again}");
        await first.DisposeAsync();
    }

    // More connections than the server has descriptors for wait in its backlog; those that it has go on, and it accepts again later. An
    // eighth it keeps for the process: the runtime ends a process that has none left for a new thread.
    private static async Task WithoutDescriptorsAsync(Report report)
    {
        const int limit = 300;
        await using TargetProcess server = await TargetProcess.StartLimitedAsync(limit);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        Target.TargetClient client = new(channel);
        await client.EchoAsync(Message(10));

        List<RawConnection> crowd = [];
        for (int i = 0; i < 2 * limit; i++)
        {
            crowd.Add(await RawConnection.OpenAsync(server.Port));
        }

        StatusCode[] during = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => StatusOfAsync(() => client.EchoAsync(Message(10)).ResponseAsync)));
        report.Check(
            "no descriptors left: calls on connections that are there succeed", during.All(status => status == StatusCode.OK), string.Join(", ", during.Distinct()));
        const int reserve = limit / 8;

        // Connections that clients believe in may still wait in the backlog.
        int open = server.Process.CountDescriptors();
        for (long start = Stopwatch.GetTimestamp(); open < limit - reserve - 5 && Stopwatch.GetElapsedTime(start) < Patience; open = server.Process.CountDescriptors())
        {
            await Task.Delay(20);
        }

        report.Check("no descriptors left: the server has taken all but its reserve", Math.Abs(limit - reserve - open) <= 15, $"{open} of {limit}");
        crowd.ForEach(connection => connection.Dispose());

        using GrpcChannel later = GrpcChannel.ForAddress(server.Address);
        StatusCode after = await StatusOfAsync(() => new Target.TargetClient(later).EchoAsync(Message(10)).ResponseAsync);
        report.Check("descriptors free again: a new connection is accepted", after == StatusCode.OK, $"{after}");
    }

    private static async Task CutAtEveryOctetAsync(Report report)
    {
        await using TargetProcess server = await TargetProcess.StartAsync();
        (long up, long down) = await CountAsync(server.Port);
        foreach (bool atOnce in (bool[])[true, false])
        {
            await CutAsync(report, server.Port, "from the client", up, octets => new Fault { CutUp = octets, CutsAtOnce = atOnce });
            await CutAsync(report, server.Port, "to the client", down, octets => new Fault { CutDown = octets, CutsAtOnce = atOnce });
        }

        Measurement end = await server.MeasureUntilAsync(m => m.Handlers == 0 && m.CallsStarted == m.CallsEnded.Values.Sum());
        report.Check("cut: no handler is left", end.Handlers == 0, $"{end.Handlers}");
        report.Check("cut: every call has ended on the server", end.CallsStarted == end.CallsEnded.Values.Sum(), $"{end.CallsStarted} began, {end.CallsEnded.Values.Sum()} ended");
    }

    private static async Task<(long Up, long Down)> CountAsync(int port)
    {
        await using FaultProxy proxy = new(port);
        using (GrpcChannel channel = GrpcChannel.ForAddress(proxy.Address))
        {
            await new Target.TargetClient(channel).EchoAsync(Message(100));
        }

        return proxy.Octets;
    }

    private static async Task CutAsync(Report report, int port, string direction, long octets, Func<long, Fault> fault)
    {
        await using FaultProxy proxy = new(port);
        ConcurrentDictionary<StatusCode, int> statuses = new();
        for (long i = 0; i <= octets; i++)
        {
            proxy.Fault = fault(i);
            using GrpcChannel channel = GrpcChannel.ForAddress(proxy.Address);
            StatusCode status = await StatusOfAsync(() => new Target.TargetClient(channel).EchoAsync(Message(100)).ResponseAsync);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        }

        report.Check(
            $"cut after each of {octets} octets {direction}: the call ends with UNAVAILABLE, or had ended",
            statuses.Keys.All(status => status is StatusCode.Unavailable or StatusCode.OK) && statuses.ContainsKey(StatusCode.Unavailable),
            string.Join(", ", statuses));
    }

    private static async Task SilentNetworkAsync(Report report)
    {
        await using TargetProcess server = await TargetProcess.StartAsync();
        await using FaultProxy proxy = new(server.Port) { Fault = new Fault { IsSilent = true } };
        using GrpcChannel channel = GrpcChannel.ForAddress(proxy.Address);
        Target.TargetClient client = new(channel);
        StatusCode late = await StatusOfAsync(() => client.EchoAsync(Message(10), deadline: DateTime.UtcNow.AddSeconds(1)).ResponseAsync);
        report.Check("silent network: a call ends with its deadline", late == StatusCode.DeadlineExceeded, $"{late}");
        using CancellationTokenSource cancel = new(200);
        StatusCode cancelled = await StatusOfAsync(() => client.EchoAsync(Message(10), cancellationToken: cancel.Token).ResponseAsync);
        report.Check("silent network: a call can be cancelled", cancelled == StatusCode.Cancelled, $"{cancelled}");
    }

    private static async Task ShreddedStreamAsync(Report report)
    {
        await using TargetProcess server = await TargetProcess.StartAsync();
        foreach (Fault fault in (Fault[])[new() { LargestPiece = 1 }, new() { LargestPiece = 7, MaxDelay = 2 }, new() { MaxDelay = 30 }])
        {
            await using FaultProxy proxy = new(server.Port) { Fault = fault };
            using GrpcChannel channel = GrpcChannel.ForAddress(proxy.Address);
            Target.TargetClient client = new(channel);
            StatusCode[] statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => StatusOfAsync(() => ExchangeAsync(client, i * 20))));
            report.Check(
                $"pieces of at most {Math.Min(fault.LargestPiece, 16384)} octets, {fault.MaxDelay} ms of delay: all calls succeed",
                statuses.All(status => status == StatusCode.OK),
                string.Join(", ", statuses));
        }
    }

    private static async Task ExchangeAsync(Target.TargetClient client, int length)
    {
        Blob sent = Message(length);
        Blob received = await client.EchoAsync(sent);
        if (!received.Data.Equals(sent.Data))
        {
            throw new RpcException(new Status(StatusCode.DataLoss, "another message came back"));
        }
    }

    // A server behind the same address takes over while the one before drains: no call notices.
    private static async Task RollingRestartAsync(Report report, TimeSpan time)
    {
        TargetProcess current = await TargetProcess.StartAsync();
        await using FaultProxy front = new(current.Port);
        ConcurrentDictionary<StatusCode, int> statuses = new();
        long start = Stopwatch.GetTimestamp();
        bool isOver = false;
        Task load = Task.WhenAll(Enumerable.Range(0, 20).Select(worker => Task.Run(async () =>
        {
            using GrpcChannel channel = GrpcChannel.ForAddress(front.Address);
            await channel.ConnectAsync();
            Target.TargetClient client = new(channel);
            while (!Volatile.Read(ref isOver))
            {
                StatusCode status = await StatusOfAsync(() => worker % 2 == 0 ? ExchangeAsync(client, 100) : ChatAsync(client));
                statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            }
        })));

        int restarts = 0;
        for (; Stopwatch.GetElapsedTime(start) < time || restarts == 0; restarts++)
        {
            TargetProcess next = await TargetProcess.StartAsync();
            front.TargetPort = next.Port;

            // What a load balancer does, too: connections that were on their way to the old server arrive before it stops listening.
            await Task.Delay(DeregistrationDelay);
            await current.StopAsync();
            current = next;
        }

        Volatile.Write(ref isOver, true);
        await load;
        await current.DisposeAsync();
        report.Figure("rolling restart", $"{restarts} restarts, {statuses.Values.Sum()} calls");
        report.Check("rolling restart: no call fails", statuses.Keys.All(status => status == StatusCode.OK), string.Join(", ", statuses));
    }

    private static async Task ChatAsync(Target.TargetClient client)
    {
        using AsyncDuplexStreamingCall<Blob, Blob> call = client.Chat();
        for (int i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(Message(i));
            if (!await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                throw new RpcException(new Status(StatusCode.DataLoss, "an answer is missing"));
            }
        }

        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext(CancellationToken.None);
    }
}
