// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Clients;

/// <summary>The floor: about the octets that a call sends, on bare asynchronous sockets. One unary call at a time.</summary>
internal sealed class SocketEchoClient(ClientSettings settings) : IEchoClient
{
    public const byte Echo = (byte)'e';
    public const byte Download = (byte)'d';
    public const byte Upload = (byte)'u';

    /// <summary>Octets of a <see cref="Download"/> or <see cref="Upload"/>: two numbers.</summary>
    public const int CommandLength = 8;

    // Frame headers and a header block of which most stands in the compression's table.
    private const int OctetsAroundMessage = 60;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private Socket? _unary;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask UnaryAsync(Blob request)
    {
        _unary ??= await ConnectAsync(Echo);
        await RoundTripAsync(_unary, request.Data.Length + OctetsAroundMessage);
    }

    public async Task DownloadAsync(int messages, int octetsEach)
    {
        using Socket socket = await ConnectAsync(Download);
        await SendCommandAsync(socket, messages, octetsEach);
        await ReceiveAsync(socket, (long)messages * octetsEach);
    }

    public async Task UploadAsync(int messages, Blob message)
    {
        using Socket socket = await ConnectAsync(Upload);
        await SendCommandAsync(socket, messages, message.Data.Length);
        for (int i = 0; i < messages; i++)
        {
            await SendAsync(socket, _buffer.AsMemory(0, message.Data.Length));
        }

        await ReceiveAsync(socket, 1);
    }

    public async Task FlowAsync(int messages, Blob message)
    {
        using Socket socket = await ConnectAsync(Echo);
        Task sending = SendAllAsync();
        await ReceiveAsync(socket, (long)messages * message.Data.Length);
        await sending;

        async Task SendAllAsync()
        {
            byte[] octets = new byte[message.Data.Length]; // the field is what is received into
            for (int i = 0; i < messages; i++)
            {
                await SendAsync(socket, octets);
            }
        }
    }

    public async Task PingPongAsync(int messages, Blob message, LatencyHistogram latencies)
    {
        using Socket socket = await ConnectAsync(Echo);
        for (int i = 0; i < messages; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await RoundTripAsync(socket, message.Data.Length);
            latencies.RecordSince(start);
        }
    }

    public ValueTask DisposeAsync()
    {
        _unary?.Dispose();
        return ValueTask.CompletedTask;
    }

    public static async ValueTask SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private async Task<Socket> ConnectAsync(byte mode)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, settings.Port));
        await SendAsync(socket, (byte[])[mode]);
        return socket;
    }

    private static ValueTask SendCommandAsync(Socket socket, int messages, int octetsEach)
    {
        byte[] command = new byte[CommandLength];
        BinaryPrimitives.WriteInt32BigEndian(command, messages);
        BinaryPrimitives.WriteInt32BigEndian(command.AsSpan(4), octetsEach);
        return SendAsync(socket, command);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RoundTripAsync(Socket socket, int octets)
    {
        await SendAsync(socket, _buffer.AsMemory(0, octets));
        await ReceiveAsync(socket, octets);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync(Socket socket, long octets)
    {
        while (octets > 0)
        {
            int read = await socket.ReceiveAsync(_buffer.AsMemory());
            octets -= read > 0 ? read : throw new EndOfStreamException("The server closed the connection.");
        }
    }
}
