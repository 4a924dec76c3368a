// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Net.Sockets;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Credentials;

/// <summary>A client that has said hello, has got the server's answer, and says nothing more.</summary>
internal sealed class StalledHandshake : IDisposable
{
    private readonly Socket _socket;

    private StalledHandshake(Socket socket) => _socket = socket;

    public static async Task<StalledHandshake> StartAsync(int port)
    {
        var socket = RawClient.ConnectSocket(port);
        await socket.SendAsync(await HelloAsync());
        Assert.Equal(1, await socket.ReceiveAsync(new byte[1]).WaitAsync(RawClient.Patience));
        return new StalledHandshake(socket);
    }

    /// <summary>A whole ClientHello.</summary>
    public static async Task<byte[]> HelloAsync()
    {
        using var wire = new HelloStream();
        await using var stream = new SslStream(wire);
        await Assert.ThrowsAnyAsync<IOException>(() => stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        }));
        return wire.Written.ToArray();
    }

    public void Dispose() => _socket.Dispose();

    // Takes what is written; there is nothing to read.
    private sealed class HelloStream : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
