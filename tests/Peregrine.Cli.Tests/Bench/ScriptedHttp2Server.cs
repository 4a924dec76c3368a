// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>A server that answers each call with the same header list and nothing else, right or wrong. Takes one connection after the other.</summary>
internal sealed class ScriptedHttp2Server : IAsyncDisposable
{
    private const int PrefaceLength = 24;
    private const int FrameHeaderLength = 9;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    /// <summary>Listens for any number of connections.</summary>
    public ScriptedHttp2Server(int callsUntilGoAway, params (string Name, string Value)[] fields)
        : this(callsUntilGoAway, int.MaxValue, fields)
    {
    }

    /// <summary>Listens.</summary>
    /// <param name="callsUntilGoAway">How many calls it answers before it ends the connection.</param>
    /// <param name="connections">How many connections it takes before it is gone.</param>
    /// <param name="fields">What it answers behind <c>:status 200</c>.</param>
    public ScriptedHttp2Server(int callsUntilGoAway, int connections, params (string Name, string Value)[] fields)
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString()!;
        List<byte> block = [0x88];
        foreach ((string name, string value) in fields)
        {
            block.Add(0);
            AddText(block, name);
            AddText(block, value);
        }

        _serving = ServeAllAsync([.. block], callsUntilGoAway, connections);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAllAsync(byte[] block, int callsUntilGoAway, int connections)
    {
        try
        {
            for (int i = 1; ; i++)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                if (i == connections)
                {
                    _listener.Stop();
                }

                await ServeAsync(client, block, callsUntilGoAway);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or SocketException or ObjectDisposedException)
        {
            // It listens no more.
        }
    }

    private static async Task ServeAsync(TcpClient client, byte[] block, int callsUntilGoAway)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[1 << 16];
            await stream.WriteAsync(Frame(type: 4, flags: 0, id: 0, []));
            await stream.ReadExactlyAsync(buffer.AsMemory(0, PrefaceLength));
            if (callsUntilGoAway == 0)
            {
                await stream.WriteAsync(Frame(type: 7, flags: 0, id: 0, new byte[8]));
                return;
            }

            for (int calls = 0; ;)
            {
                await stream.ReadExactlyAsync(buffer.AsMemory(0, FrameHeaderLength));
                int length = (buffer[0] << 16) | (buffer[1] << 8) | buffer[2];
                (byte type, int id) = (buffer[3], BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(5)));
                await stream.ReadExactlyAsync(buffer.AsMemory(0, length));
                if (type == 1)
                {
                    // GOAWAY before the answer: no more calls begin behind it.
                    if (++calls == callsUntilGoAway)
                    {
                        byte[] last = new byte[8];
                        BinaryPrimitives.WriteInt32BigEndian(last, id);
                        await stream.WriteAsync(Frame(type: 7, flags: 0, id: 0, last));
                    }

                    // The whole response: a head that ends the stream.
                    await stream.WriteAsync(Frame(type: 1, flags: 5, id, block));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test has ended.
        }
    }

    private static byte[] Frame(byte type, byte flags, int id, byte[] payload)
    {
        byte[] frame = [0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        return frame;
    }

    // Without Huffman code (RFC 7541, section 5).
    private static void AddText(List<byte> block, string text)
    {
        int rest = text.Length - 127;
        block.Add((byte)Math.Min(text.Length, 127));
        if (rest >= 0)
        {
            for (; rest >= 128; rest >>= 7)
            {
                block.Add((byte)(rest | 128));
            }

            block.Add((byte)rest);
        }

        block.AddRange(Encoding.ASCII.GetBytes(text));
    }
}
