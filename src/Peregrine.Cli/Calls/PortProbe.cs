// SPDX-License-Identifier: Apache-2.0

using System;
using System.ComponentModel;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Calls;

/// <summary>Finds out what a port speaks to which no connection could be made: TLS where plaintext was tried, or the other way round.</summary>
internal static class PortProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>What to do, as a sentence with a blank before it; empty when the port tells nothing.</summary>
    public static async Task<string> HintAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        if (!connection.Settings.TryGetHost(out var host, out var port))
        {
            return "";
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token).ConfigureAwait(false);
            return connection.UsesTls
                ? await SpeaksPlaintextAsync(client.GetStream(), limit.Token).ConfigureAwait(false) ? " That port speaks plaintext: " + Plaintext(connection.Settings.Address) : ""
                : await SpeaksTlsAsync(client.GetStream(), host, limit.Token).ConfigureAwait(false) ? " That port speaks TLS: add --tls." : "";
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            return "";
        }
    }

    // An address that asks for TLS by itself contradicts the flag.
    private static string Plaintext(string address) => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "write http:// instead of https://." : "add --plaintext.";

    // A certificate came: whatever the handshake comes to, it is TLS.
    private static async Task<bool> SpeaksTlsAsync(NetworkStream stream, string host, CancellationToken cancellationToken)
    {
        var seen = false;
        using var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    ApplicationProtocols = [SslApplicationProtocol.Http2],
                    RemoteCertificateValidationCallback = (_, _, _, _) => !(seen = true),
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or Win32Exception)
        {
            // The callback refuses every certificate: nothing is sent over this connection.
        }

        return seen;
    }

    // The preface of HTTP/2 with empty SETTINGS (RFC 9113 section 3.4); a server answers with its SETTINGS, a frame of type 4.
    private static async Task<bool> SpeaksPlaintextAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        var header = new byte[9];
        await stream.ReadExactlyAsync(header, cancellationToken).ConfigureAwait(false);
        return header[3] == 4;
    }
}
