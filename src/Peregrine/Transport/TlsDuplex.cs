// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Tasks;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>Bytes over a finished TLS handshake. Owns the TLS stream and the socket below it.</summary>
internal sealed class TlsDuplex(SslStream stream, Socket socket) : ByteDuplex
{
    public override EndPoint? LocalEndPoint => SocketEnds.LocalOf(socket);

    public override EndPoint? RemoteEndPoint => SocketEnds.RemoteOf(socket);

    public override TlsSnapshot? Tls
    {
        get
        {
            try
            {
                return new TlsSnapshot(
                    stream.NegotiatedCipherSuite.ToString(), stream.LocalCertificate?.GetRawCertData(), stream.RemoteCertificate?.GetRawCertData());
            }
            catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or System.Security.Cryptography.CryptographicException)
            {
                // Closed meanwhile.
                return null;
            }
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => stream.ReadAsync(buffer);

    public override async ValueTask SendAsync(List<ArraySegment<byte>> segments)
    {
        foreach (var segment in segments)
        {
            await stream.WriteAsync(segment.AsMemory()).ConfigureAwait(false);
        }
    }

    public override async ValueTask ShutdownSendAsync()
    {
        try
        {
            await stream.ShutdownAsync().ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            // The peer was faster, and nothing is left to shut down. What the platform's TLS throws then has more types than it says, some of
            // them internal; the connection is closed all the same.
        }
    }

    public override void Dispose()
    {
        // The socket first: SslStream.Dispose would wait for a write that is under way.
        socket.Dispose();
        stream.Dispose();
    }
}
