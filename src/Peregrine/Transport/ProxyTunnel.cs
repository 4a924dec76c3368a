// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Transport;

/// <summary>Asks an HTTP proxy for a tunnel to a server (RFC 9110 section 9.3.6); what is sent on the socket then reaches the server.</summary>
internal static class ProxyTunnel
{
    private const int PieceLength = 1024;

    /// <summary>Opens the tunnel over a socket that is connected to the proxy.</summary>
    /// <exception cref="TransportException">The proxy refused, or did not answer as a proxy; or the token was cancelled.</exception>
    public static async Task OpenAsync(Socket socket, ProxiedEndPoint endPoint, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> request = Encoding.ASCII.GetBytes(Request(endPoint));
            while (!request.IsEmpty)
            {
                request = request[await socket.SendAsync(request, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
            }

            var response = await ReceiveResponseAsync(socket, cancellationToken).ConfigureAwait(false);
            if (Explain(response, endPoint.Proxy) is { } problem)
            {
                throw new TransportException(TransportPhase.Proxy, $"{Subject(endPoint)} {problem}", null);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            var why = e is SocketException ? $"failed: {e.Message}" : "failed: no answer came before it took too long or was cancelled";
            throw new TransportException(TransportPhase.Proxy, $"{Subject(endPoint)} {why}; check the proxy, which {endPoint.Proxy.Source} names.", e);
        }
    }

    private static string Subject(ProxiedEndPoint endPoint) =>
        $"Opening a tunnel to {endPoint.Target} through the proxy {endPoint.Proxy} ({PeerAddress.Format(endPoint.ProxyAddress)})";

    private static string Request(ProxiedEndPoint endPoint)
    {
        var authorization = endPoint.Proxy.Authorization is { } credentials ? $"Proxy-Authorization: {credentials}\r\n" : "";
        return $"CONNECT {endPoint.Target} HTTP/1.1\r\nHost: {endPoint.Target}\r\n{authorization}\r\n";
    }

    private static async Task<ConnectResponseReader> ReceiveResponseAsync(Socket socket, CancellationToken cancellationToken)
    {
        var response = new ConnectResponseReader();
        var piece = new byte[PieceLength];
        while (!response.IsComplete && !response.IsMalformed)
        {
            // Seen first, taken after: what follows the head is the server's, and stays in the socket.
            var seen = await socket.ReceiveAsync(piece, SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
            if (seen == 0)
            {
                break;
            }

            var taken = response.Read(piece.AsSpan(0, seen));
            while (taken > 0)
            {
                taken -= await socket.ReceiveAsync(piece.AsMemory(0, taken), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            }
        }

        return response;
    }

    // Null: the tunnel is open. Otherwise what happened, and what to do.
    private static string? Explain(ConnectResponseReader response, HttpProxy proxy)
    {
        if (response.IsMalformed)
        {
            return $"failed: it answered \"{response.StatusLine}\", which is not the head of an HTTP/1 response of at most "
                + $"{ConnectResponseReader.MaxLength} bytes. Does {proxy.Source} name an HTTP proxy?";
        }

        if (!response.IsComplete)
        {
            return $"failed: it closed the connection before its answer was complete. Does {proxy.Source} name an HTTP proxy?";
        }

        var advice = response.Status switch
        {
            >= 200 and < 300 => null,
            407 when proxy.Authorization is null =>
                $"It wants to know who asks: write user and password into {proxy.Source}, http://user:password@host:port.",
            407 => $"It does not accept the user or the password in {proxy.Source}.",
            502 or 503 or 504 => "It cannot reach the server: check the server's name and port.",
            _ => "Ask who runs it to allow CONNECT to this host and port, or reach the host without proxy (no_proxy, ChannelProxy.None).",
        };
        return advice is null ? null : $"was refused: \"{response.StatusLine}\". {advice}";
    }
}
