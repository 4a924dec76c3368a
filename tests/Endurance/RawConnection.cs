// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Peregrine.TestKit;

namespace Endurance;

/// <summary>A client's connection in frames written by hand: it costs this process little, and sends what a client would not.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Stream _stream;

    private RawConnection(Stream stream) => _stream = stream;

    /// <summary>Connects, without a word.</summary>
    public static async Task<RawConnection> ConnectAsync(int port) => new(await ConnectSocketAsync(port));

    /// <summary>Connects and sends the preface and SETTINGS, and their acknowledgment ahead of those of the server.</summary>
    public static async Task<RawConnection> OpenAsync(int port, params (ushort Id, uint Value)[] settings)
    {
        RawConnection connection = await ConnectAsync(port);
        await connection.OpenHttp2Async(settings);
        return connection;
    }

    /// <summary>The same under TLS, to the server whose certificate has this hash.</summary>
    public static async Task<RawConnection> OpenTlsAsync(int port, string certificateHash)
    {
        SslStream stream = new(await ConnectSocketAsync(port));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == certificateHash,
        });
        RawConnection connection = new(stream);
        await connection.OpenHttp2Async();
        return connection;
    }

    public static byte[] Settings(params (ushort Id, uint Value)[] settings)
    {
        byte[] payload = [.. settings.SelectMany(setting => new byte[]
        {
            (byte)(setting.Id >> 8), (byte)setting.Id,
            (byte)(setting.Value >> 24), (byte)(setting.Value >> 16), (byte)(setting.Value >> 8), (byte)setting.Value,
        })];
        return new RawFrame(RawFrameType.Settings, 0, 0, payload).ToArray();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>The next frame; null at the end of the connection.</summary>
    public Task<RawFrame?> ReadAsync() => RawFrame.ReadAsync(_stream);

    /// <summary>Waits until the server has read all that was sent.</summary>
    public async Task SynchronizeAsync()
    {
        byte[] payload = Encoding.ASCII.GetBytes("are you?");
        await SendAsync(new RawFrame(RawFrameType.Ping, 0, 0, payload).ToArray());
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type == RawFrameType.Ping && frame.Has(RawFrame.Ack))
            {
                return;
            }
        }

        throw new IOException("The server closed the connection.");
    }

    public void Dispose() => _stream.Dispose();

    private static async Task<NetworkStream> ConnectSocketAsync(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task OpenHttp2Async(params (ushort Id, uint Value)[] settings)
    {
        byte[] opening = [.. Preface, .. Settings(settings), .. new RawFrame(RawFrameType.Settings, RawFrame.Ack, 0, []).ToArray()];
        await SendAsync(opening);
    }
}
