// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Bench.Calls;
using CallBench.Clients;

namespace CallBench;

/// <summary>What <see cref="SocketEchoClient"/> asks: the first octet of a connection says what it is for.</summary>
internal static class SocketServer
{
    private const int BufferLength = 256 * 1024;

    public static void Run(Flags flags)
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, flags.Number("port", 0)));
        listener.Listen();
        _ = AcceptAsync(listener);
        ServerControl.Serve(((IPEndPoint)listener.LocalEndPoint!).Port);
    }

    private static async Task AcceptAsync(Socket listener)
    {
        using (listener)
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptAsync());
            }
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            byte[] buffer = new byte[BufferLength];
            await ReceiveAsync(socket, buffer.AsMemory(0, 1));
            switch (buffer[0])
            {
                case SocketEchoClient.Echo:
                    await EchoAsync(socket, buffer);
                    break;
                case SocketEchoClient.Download:
                    await SendManyAsync(socket, buffer);
                    break;
                default:
                    await TakeManyAsync(socket, buffer);
                    break;
            }
        }
    }

    private static async Task EchoAsync(Socket socket, byte[] buffer)
    {
        while (await socket.ReceiveAsync(buffer.AsMemory()) is int read and > 0)
        {
            await SocketEchoClient.SendAsync(socket, buffer.AsMemory(0, read));
        }
    }

    private static async Task SendManyAsync(Socket socket, byte[] buffer)
    {
        (int messages, int octetsEach) = await ReadCommandAsync(socket, buffer);
        for (int i = 0; i < messages; i++)
        {
            await SocketEchoClient.SendAsync(socket, buffer.AsMemory(0, octetsEach));
        }
    }

    private static async Task TakeManyAsync(Socket socket, byte[] buffer)
    {
        (int messages, int octetsEach) = await ReadCommandAsync(socket, buffer);
        long left = (long)messages * octetsEach;
        while (left > 0 && await socket.ReceiveAsync(buffer.AsMemory()) is int read and > 0)
        {
            left -= read;
        }

        await SocketEchoClient.SendAsync(socket, buffer.AsMemory(0, 1));
    }

    private static async Task<(int Messages, int OctetsEach)> ReadCommandAsync(Socket socket, byte[] buffer)
    {
        await ReceiveAsync(socket, buffer.AsMemory(0, SocketEchoClient.CommandLength));
        return (BinaryPrimitives.ReadInt32BigEndian(buffer), BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(4)));
    }

    private static async Task ReceiveAsync(Socket socket, Memory<byte> target)
    {
        while (!target.IsEmpty)
        {
            int read = await socket.ReceiveAsync(target);
            target = read > 0 ? target[read..] : throw new EndOfStreamException("The client closed the connection.");
        }
    }
}
