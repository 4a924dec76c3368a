// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Diagnostics;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>Makes client connections: TCP, a proxy's tunnel, TLS, HTTP/2 preface and SETTINGS, with one error text for each way to fail.</summary>
internal static class SocketConnector
{
    /// <summary>Connects. The connection is usable, and the server known to speak HTTP/2, when this completes.</summary>
    /// <exception cref="TransportException">It failed, or the token was cancelled.</exception>
    public static async Task<ClientTransport> ConnectAsync(
        EndPoint endPoint, ClientTransportOptions options, ClientTransportEvents events, CancellationToken cancellationToken)
    {
        var target = $"{options.TargetName} ({PeerAddress.Format(endPoint)})";
        var proxied = endPoint as ProxiedEndPoint;
        var peer = proxied is null ? target : $"the proxy {proxied.Proxy} ({PeerAddress.Format(proxied.ProxyAddress)}) of {proxied.Target}";
        var socket = await ConnectSocketAsync(proxied?.ProxyAddress ?? endPoint, peer, options.UserTimeout, cancellationToken).ConfigureAwait(false);
        var flight = new FlightRecorder(options.TimeProvider);
        flight.Phase(FlightEventKind.Connected);
        try
        {
            if (proxied is not null)
            {
                await ProxyTunnel.OpenAsync(socket, proxied, cancellationToken).ConfigureAwait(false);
            }

            var tls = options.Tls is { } clientTls
                ? await TlsHandshake.AsClientAsync(socket, clientTls, options.TargetName, target, cancellationToken).ConfigureAwait(false)
                : null;
            if (tls is not null)
            {
                flight.Phase(FlightEventKind.Secured);
            }

            var transport = new ClientTransport(
                tls?.Duplex ?? new SocketDuplex(socket),
                SocketEnds.RemoteOf(socket),
                tls?.AuthContext ?? Credentials.TlsAuthContext.Insecure,
                options,
                events,
                flight);
            await WaitForSettingsAsync(transport, tls, target, cancellationToken).ConfigureAwait(false);
            options.Tls?.ServerWas(isContent: tls is { ClientCertificateMissing: false });
            return transport;
        }
        catch
        {
            options.Tls?.ServerWas(isContent: false);
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Socket> ConnectSocketAsync(
        EndPoint endPoint, string target, TimeSpan? userTimeout, CancellationToken cancellationToken)
    {
        var socket = endPoint is IPEndPoint or DnsEndPoint
            ? new Socket(endPoint.AddressFamily is AddressFamily.Unspecified ? AddressFamily.InterNetwork : endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (socket.ProtocolType == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
                if (userTimeout is { } timeout)
                {
                    TcpUserTimeout.Set(socket, timeout);
                }
            }

            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            var why = e switch
            {
                SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                    endPoint is UnixDomainSocketEndPoint
                        ? "connection refused: the socket's file is there, but no server listens on it"
                        : "connection refused; is the server running and listening on this port?",
                SocketException { SocketErrorCode: SocketError.AddressNotAvailable } when endPoint is UnixDomainSocketEndPoint =>
                    "there is no such socket; is the server running?",
                SocketException s => s.Message,
                _ => "it took too long or was cancelled",
            };
            throw new TransportException(TransportPhase.Connect, $"Connecting to {target} failed: {why}", e);
        }
    }

    private static async Task WaitForSettingsAsync(
        ClientTransport transport, TlsSession? tls, string target, CancellationToken cancellationToken)
    {
        try
        {
            await transport.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            transport.Abort("no SETTINGS came in time");
            throw new TransportException(
                TransportPhase.Settings,
                $"{target} accepted the connection but sent no HTTP/2 SETTINGS before this took too long or was cancelled; does it speak HTTP/2 on this port?",
                e);
        }
        catch (ClientTransport.ConnectionEndedException e)
        {
            throw new TransportException(TransportPhase.Settings, Explain(e, tls, target), e.InnerException ?? e);
        }
    }

    private static string Explain(ClientTransport.ConnectionEndedException e, TlsSession? tls, string target)
    {
        if (e.InnerException is { } cause && TlsHandshake.FindAlert(cause) is { } alert)
        {
            return $"TLS with {target} failed: the server sent the alert \"{alert}\" after the handshake";
        }

        if (tls is { ClientCertificateMissing: true } && (e.InnerException is not null || e.Error.Code == Http2ErrorCode.NoError || e.Error.Initiator == Http2ErrorInitiator.Remote))
        {
            return $"{target} closed the connection right after the TLS handshake and had asked for a client certificate, but none is configured";
        }

        // In TLS 1.3 the client is done before the server has looked at its certificate.
        var advice = tls switch
        {
            null => "; does it expect TLS on this port?",
            { ClientCertificateConfigured: true } => "; it may have refused the client's certificate, its log says why",
            _ => "",
        };
        return $"{target} ended the connection before HTTP/2 was set up: {e.InnerException?.Message ?? e.Message}{advice}";
    }
}
