// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Endurance.Protocol;
using Peregrine;
using Peregrine.Client;
using Peregrine.Protobuf;

namespace Endurance.Soak;

/// <summary>The mixed calls: each worker makes one after the other, chosen at random, and notes how it ended.</summary>
internal sealed class SoakCalls : IDisposable
{
    private const int Channels = 4;
    private const int LargestMessage = 64 << 10;

    private readonly string _address;
    private readonly int _seed;
    private readonly GrpcChannel[] _channels;
    private readonly long[] _ended = new long[17];

    public SoakCalls(string address, int seed)
    {
        _address = address;
        _seed = seed;
        _channels = [.. Enumerable.Range(0, Channels).Select(_ => GrpcChannel.ForAddress(address))];
    }

    /// <summary>Calls that ended as they may not.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    public long Total => _ended.Sum();

    public long Ended(StatusCode code) => Interlocked.Read(ref _ended[(int)code]);

    public void Dispose()
    {
        foreach (GrpcChannel channel in _channels)
        {
            channel.Dispose();
        }
    }

    public async Task RunAsync(int worker, Func<bool> goesOn)
    {
        Random random = new(_seed + worker);
        Target.TargetClient client = new(_channels[worker % Channels]);
        while (goesOn())
        {
            switch (random.Next(20))
            {
                case < 8:
                    await NoteAsync("echo", () => EchoAsync(client, random), StatusCode.OK);
                    break;
                case < 10:
                    await NoteAsync("collect", () => CollectAsync(client, random), StatusCode.OK);
                    break;
                case < 12:
                    await NoteAsync("expand", () => ExpandAsync(client, random), StatusCode.OK);
                    break;
                case < 14:
                    await NoteAsync("chat", () => ChatAsync(client, random, CancellationToken.None), StatusCode.OK);
                    break;
                case 14:
                    await NoteAsync("cancelled wait", () => CancelledWaitAsync(client, random), StatusCode.Cancelled);
                    break;
                case 15:
                    await NoteAsync("cancelled chat", () => CancelledChatAsync(client, random), StatusCode.OK, StatusCode.Cancelled);
                    break;
                case 16:
                    await NoteAsync("wait out of time", () => LateWaitAsync(client, random), StatusCode.DeadlineExceeded);
                    break;
                case 17:
                    await NoteAsync("echo in a hurry", () => HurriedEchoAsync(client, random), StatusCode.OK, StatusCode.DeadlineExceeded);
                    break;
                case 18:
                    await NoteAsync("abandoned expansion", () => AbandonAsync(client, random), StatusCode.Cancelled);
                    break;
                default:
                    await NoteAsync("echo on a new channel", () => EchoOnceAsync(random), StatusCode.OK);
                    break;
            }
        }
    }

    private async Task NoteAsync(string name, Func<Task<Status>> call, params StatusCode[] expected)
    {
        Status status;
        try
        {
            status = await call();
        }
        catch (RpcException e)
        {
            status = e.Status;
        }
        catch (InvalidDataException e)
        {
            status = new Status(StatusCode.DataLoss, e.Message);
        }

        Interlocked.Increment(ref _ended[(int)status.StatusCode]);
        if (!expected.Contains(status.StatusCode))
        {
            Wrong.Enqueue($"{name}: {status}");
        }
    }

    private static Blob RandomBlob(Random random)
    {
        byte[] bytes = new byte[random.Next(4) == 0 ? random.Next(LargestMessage) : random.Next(200)];
        random.NextBytes(bytes);
        return new Blob { Data = ByteString.CopyFrom(bytes) };
    }

    private static void Same(Blob sent, Blob? received)
    {
        if (received is null || !sent.Data.Equals(received.Data))
        {
            throw new InvalidDataException($"{sent.Data.Length} octets were sent; {received?.Data.Length ?? -1} others came back");
        }
    }

    private static async Task<Status> EchoAsync(Target.TargetClient client, Random random)
    {
        Blob blob = RandomBlob(random);
        Same(blob, await client.EchoAsync(blob));
        return Status.DefaultSuccess;
    }

    private async Task<Status> EchoOnceAsync(Random random)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(_address);
        return await EchoAsync(new Target.TargetClient(channel), random);
    }

    private static async Task<Status> HurriedEchoAsync(Target.TargetClient client, Random random)
    {
        Blob blob = RandomBlob(random);
        Same(blob, await client.EchoAsync(blob, deadline: DateTime.UtcNow.AddMilliseconds(random.Next(1, 20))));
        return Status.DefaultSuccess;
    }

    private static async Task<Status> CollectAsync(Target.TargetClient client, Random random)
    {
        using AsyncClientStreamingCall<Blob, Total> call = client.Collect();
        int count = random.Next(50);
        long octets = 0;
        for (int i = 0; i < count; i++)
        {
            Blob blob = RandomBlob(random);
            octets += blob.Data.Length;
            await call.RequestStream.WriteAsync(blob);
        }

        await call.RequestStream.CompleteAsync();
        Total total = await call;
        return total.Messages == count && total.Octets == octets
            ? call.GetStatus()
            : throw new InvalidDataException($"{count} messages of {octets} octets were sent; {total} were counted");
    }

    private static async Task<Status> ExpandAsync(Target.TargetClient client, Random random)
    {
        Expansion wanted = new() { Messages = random.Next(100), OctetsEach = random.Next(10_000) };
        using AsyncServerStreamingCall<Blob> call = client.Expand(wanted);
        int received = 0;
        await foreach (Blob blob in call.ResponseStream.ReadAllAsync())
        {
            received += blob.Data.Length == wanted.OctetsEach ? 1 : 0;
        }

        return received == wanted.Messages
            ? call.GetStatus()
            : throw new InvalidDataException($"{wanted.Messages} messages were wanted; {received} came as they should");
    }

    private static async Task<Status> ChatAsync(Target.TargetClient client, Random random, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<Blob, Blob> call = client.Chat(cancellationToken: cancellationToken);
        for (int i = random.Next(20); i >= 0; i--)
        {
            Blob blob = RandomBlob(random);
            await call.RequestStream.WriteAsync(blob, CancellationToken.None);
            Same(blob, await call.ResponseStream.MoveNext(CancellationToken.None) ? call.ResponseStream.Current : null);
        }

        await call.RequestStream.CompleteAsync();
        return await call.ResponseStream.MoveNext(CancellationToken.None)
            ? throw new InvalidDataException("a message came behind the last")
            : call.GetStatus();
    }

    private static async Task<Status> CancelledChatAsync(Target.TargetClient client, Random random)
    {
        using CancellationTokenSource cancel = new(random.Next(1, 10));
        return await ChatAsync(client, random, cancel.Token);
    }

    private static async Task<Status> CancelledWaitAsync(Target.TargetClient client, Random random)
    {
        using CancellationTokenSource cancel = new(random.Next(10));
        using AsyncServerStreamingCall<Blob> call = client.Wait(RandomBlob(random), cancellationToken: cancel.Token);
        await call.ResponseStream.MoveNext(CancellationToken.None);
        return call.GetStatus();
    }

    private static async Task<Status> LateWaitAsync(Target.TargetClient client, Random random)
    {
        using AsyncServerStreamingCall<Blob> call = client.Wait(RandomBlob(random), deadline: DateTime.UtcNow.AddMilliseconds(random.Next(20)));
        await call.ResponseStream.MoveNext(CancellationToken.None);
        return call.GetStatus();
    }

    // Read a little, then dispose of the call: the stream is reset while the server still sends.
    private static async Task<Status> AbandonAsync(Target.TargetClient client, Random random)
    {
        AsyncServerStreamingCall<Blob> call = client.Expand(new Expansion { Messages = 1_000_000, OctetsEach = 1000 });
        for (int i = random.Next(10); i >= 0; i--)
        {
            await call.ResponseStream.MoveNext(CancellationToken.None);
        }

        call.Dispose();
        return call.GetStatus();
    }
}
