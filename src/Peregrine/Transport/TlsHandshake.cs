// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Credentials;

namespace Peregrine.Transport;

/// <summary>
/// TLS handshakes of both roles over <see cref="SslStream"/>, with ALPN <c>h2</c> required (RFC 9113 section 3.2), and what their
/// failures mean. The side that checks a certificate says what the check found; the other says what it can know.
/// </summary>
internal static class TlsHandshake
{
    /// <summary>The client's handshake.</summary>
    /// <exception cref="TransportException">It failed, or the token was cancelled.</exception>
    public static async Task<TlsSession> AsClientAsync(
        Socket socket, ClientTls tls, string targetName, string target, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        var verification = new TlsVerification();
        var certificateAskedFor = false;
        try
        {
            var options = tls.CreateOptions(targetName, verification);
            if (tls.WatchesForCertificateRequest)
            {
                // Called once before the handshake, and again, with the server's certificate, when the server asks for ours.
                options.LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
                {
                    certificateAskedFor |= remote is not null;
                    return null!;
                };
            }

            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                throw new AuthenticationException("the server did not agree to HTTP/2 by ALPN; it must offer \"h2\"");
            }

            return new TlsSession(new TlsDuplex(stream, socket), verification.AuthContext, certificateAskedFor, tls.HasClientCertificate);
        }
        catch (Exception e)
        {
            // Whatever it is, callbacks of the platform and of users among it, the connection is lost with it.
            await stream.DisposeAsync().ConfigureAwait(false);
            var why = verification.RefusalReason ?? Explain(e, certificateAskedFor, "server");
            throw new TransportException(TransportPhase.Tls, $"The TLS handshake with {target} failed: {why}", e);
        }
    }

    /// <summary>The server's handshake.</summary>
    /// <exception cref="TransportException">It failed, or the token was cancelled.</exception>
    public static async Task<TlsSession> AsServerAsync(
        Socket socket, ServerTls tls, HandshakeGate gate, string peer, CancellationToken cancellationToken)
    {
        var wire = new HandshakeStream(socket, gate);
        var stream = new SslStream(wire);
        var verification = new TlsVerification();
        try
        {
            await stream.AuthenticateAsServerAsync(
                async (_, hello, _, stop) =>
                {
                    await wire.BeginAsync(stop).ConfigureAwait(false);
                    return tls.CreateOptions(hello.ServerName, verification);
                },
                null,
                cancellationToken).ConfigureAwait(false);
            if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            {
                throw new AuthenticationException("the client did not offer HTTP/2 by ALPN (\"h2\")");
            }

            return new TlsSession(new TlsDuplex(stream, socket), verification.AuthContext);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            var why = wire.WaitsForPlace
                ? $"it waited for its turn until time was up, behind {gate.Limit} others, the most that are computed at once (GrpcServerOptions.MaxConcurrentHandshakes)"
                : verification.RefusalReason ?? Explain(e, certificateAskedFor: false, "client");
            throw new TransportException(TransportPhase.Tls, $"The TLS handshake with {peer} failed: {why}", e);
        }
        finally
        {
            wire.End();
        }
    }

    /// <summary>The name of the TLS alert that the peer sent, if an exception of <see cref="SslStream"/> tells of one.</summary>
    public static string? FindAlert(Exception exception)
    {
        // OpenSSL writes "error:0A000412:SSL routines::sslv3 alert bad certificate"; the exception types are not public.
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            var at = e.Message.IndexOf(" alert ", StringComparison.Ordinal);
            if (at >= 0)
            {
                return e.Message[(at + " alert ".Length)..].Trim();
            }
        }

        return null;
    }

    private static string Explain(Exception exception, bool certificateAskedFor, string peer)
    {
        if (FindAlert(exception) is { } alert)
        {
            return $"the {peer} sent the TLS alert \"{alert}\"";
        }

        var innermost = exception;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        return exception switch
        {
            OperationCanceledException => "it took too long or was cancelled",

            // SslStream itself finds no frame, or OpenSSL no TLS version, in what came.
            _ when innermost.Message.Contains("frame", StringComparison.Ordinal)
                || innermost.Message.Contains("wrong version number", StringComparison.Ordinal)
                || innermost.Message.Contains("packet length too long", StringComparison.Ordinal) =>
                $"the {peer} answers with bytes that are not TLS; is it a plaintext port?",
            AuthenticationException { InnerException: null } => exception.Message,
            IOException or SocketException when certificateAskedFor =>
                $"the {peer} closed the connection and had asked for a client certificate, but none is configured",
            IOException or SocketException => $"the {peer} closed the connection during the handshake ({innermost.Message})",
            _ => innermost.Message,
        };
    }
}
