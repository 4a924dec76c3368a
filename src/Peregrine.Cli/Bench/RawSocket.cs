// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Certificates;

namespace Peregrine.Cli.Bench;

/// <summary>Opens the connections of raw mode: a socket, or TLS over one.</summary>
internal static class RawSocket
{
    /// <summary>Connects.</summary>
    /// <exception cref="ToolException">It failed.</exception>
    public static async Task<Stream> ConnectAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.ConnectTimeout);
        Stream? stream = null;
        try
        {
            stream = new NetworkStream(await ConnectSocketAsync(settings, limit.Token).ConfigureAwait(false), ownsSocket: true);
            if (!settings.UsesTls)
            {
                return stream;
            }

            var tls = new SslStream(stream);
            stream = tls;
            await tls.AuthenticateAsClientAsync(OptionsOf(settings), limit.Token).ConfigureAwait(false);
            return tls.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
                ? tls
                : throw new AuthenticationException("the server did not agree to HTTP/2 by ALPN; it must offer \"h2\"");
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            var why = exception is OperationCanceledException ? $"no connection within {settings.ConnectTimeout.TotalSeconds:0.###} s (--connect-timeout)" : exception.GetBaseException().Message.TrimEnd('.');
            throw new ToolException($"Connecting to \"{settings.Address}\" failed: {why}. Check the address, and that a gRPC server listens there.", ExitCode.Of(StatusCode.Unavailable));
        }
    }

    /// <summary>The <c>:authority</c> of calls.</summary>
    public static string AuthorityOf(ConnectionSettings settings) =>
        settings.Authority ?? (settings.TryGetHost(out var host, out var port) ? $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}" : "localhost");

    private static async Task<Socket> ConnectSocketAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        var isTcp = settings.TryGetHost(out var host, out var port);
        if (!isTcp && !settings.Address.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ToolException($"Raw mode connects to host:port or unix:PATH, not to \"{settings.Address}\".", ExitCode.Usage);
        }

        var socket = isTcp ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true } : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (isTcp)
            {
                await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathOf(settings.Address)), cancellationToken).ConfigureAwait(false);
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // unix:PATH or unix:///PATH.
    private static string PathOf(string address)
    {
        var path = address["unix:".Length..];
        return path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
    }

    private static SslClientAuthenticationOptions OptionsOf(ConnectionSettings settings)
    {
        _ = settings.TryGetHost(out var host, out _);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = settings.ServerName ?? (host.Length > 0 ? host : "localhost"),
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (settings.CaCertificate is { } roots)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(CertificateFiles.Read(roots));
        }

        if (settings is { Certificate: { } certificate, Key: { } key })
        {
            options.ClientCertificates = [CertificateFiles.ReadPair(certificate, key)];
        }

        if (settings.SkipsVerification)
        {
            // The user's --insecure; the command has warned.
#pragma warning disable CA5359
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }
}
