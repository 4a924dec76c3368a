// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Peregrine.Tests.Credentials;

/// <summary>Both ends of a TLS connection over loopback, after the handshake, and how many bytes the server sent for it.</summary>
internal sealed class TlsStreams : IAsyncDisposable
{
    private TlsStreams(SslStream client, SslStream server)
    {
        Client = client;
        Server = server;
    }

    public SslStream Client { get; }

    public SslStream Server { get; }

    /// <summary>The bytes that the client has received so far.</summary>
    public long Received { get; private set; }

    public static async Task<TlsStreams> ConnectAsync(SslClientAuthenticationOptions clientOptions, SslServerAuthenticationOptions serverOptions)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new TcpClient();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var far = await listener.AcceptTcpClientAsync();
        var counted = new CountingStream(near.GetStream());
        var streams = new TlsStreams(new SslStream(counted), new SslStream(far.GetStream()));
        await Task.WhenAll(
            streams.Client.AuthenticateAsClientAsync(clientOptions), streams.Server.AuthenticateAsServerAsync(serverOptions)).WaitAsync(TimeSpan.FromSeconds(20));

        // Session tickets of TLS 1.3 come behind the handshake.
        await streams.Server.WriteAsync(new byte[1]);
        _ = await streams.Client.ReadAsync(new byte[1]);
        streams.Received = counted.Received;
        return streams;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }

    private sealed class CountingStream(Stream inner) : AsyncOnlyStream
    {
        public long Received { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            Received += count;
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
