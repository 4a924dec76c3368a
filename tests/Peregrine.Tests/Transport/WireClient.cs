// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Peregrine.Http2;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Transport;

/// <summary>A client that writes octets of its own, frames right or wrong, and reads frames: what a conformance tool does.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Stream _stream;

    private WireClient(Stream stream) => _stream = stream;

    /// <summary>A whole request head without Huffman code or table entries.</summary>
    public static byte[] RequestHead(string method = "POST", string path = "/test.Svc/Unary") =>
    [
        .. Field(":method", method), .. Field(":scheme", "http"), .. Field(":path", path), .. Field(":authority", "localhost"),
        .. Field("te", "trailers"), .. Field("content-type", "application/grpc"),
    ];

    public static async Task<WireClient> ConnectAsync(int port, bool tls, byte[] afterPreface)
    {
        Stream stream = new NetworkStream(RawClient.ConnectSocket(port), ownsSocket: true);
        if (tls)
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            stream = secured;
        }

        var client = new WireClient(stream);
        await client.SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, 0), .. Frame(4, 1, 0), .. afterPreface]);
        return client;
    }

    public static byte[] Frame(int type, int flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public static byte[] Field(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)];

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(RawClient.Patience);

    /// <summary>The next frame; null at the orderly end of the connection.</summary>
    public async Task<(int Type, int Flags, int Stream, byte[] Payload)?> NextAsync()
    {
        var header = new byte[9];
        var read = await _stream.ReadAtLeastAsync(header, 9, throwOnEndOfStream: false).AsTask().WaitAsync(RawClient.Patience);
        if (read == 0)
        {
            return null;
        }

        Assert.Equal(9, read);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
        await _stream.ReadExactlyAsync(payload).AsTask().WaitAsync(RawClient.Patience);
        return (header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)), payload);
    }

    /// <summary>The next frame of a type; others are passed over.</summary>
    public async Task<(int Type, int Flags, int Stream, byte[] Payload)?> NextAsync(int type)
    {
        var frame = await NextAsync();
        while (frame is { } other && other.Type != type)
        {
            frame = await NextAsync();
        }

        return frame;
    }

    /// <summary>Waits for GOAWAY and then for the end of the connection, which must not be a reset.</summary>
    public async Task<Http2ErrorCode> EndAsync()
    {
        var goAway = await NextAsync(7);
        Assert.NotNull(goAway);
        Assert.Null(await NextAsync(-1));
        return (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(goAway.Value.Payload.AsSpan(4));
    }

    /// <summary>Sends PING and waits for its answer: the server has read all before it.</summary>
    public async Task PingAsync()
    {
        await SendAsync(Frame(6, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8));
        var answer = await NextAsync(6);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], answer!.Value.Payload);
    }

    public void Dispose() => _stream.Dispose();
}
