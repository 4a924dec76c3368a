// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Credentials;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>Makes client connections to servers of the same process: no socket and no TLS, but the same HTTP/2.</summary>
internal static class InProcessConnector
{
    /// <summary>Connects. The connection is usable when this completes.</summary>
    /// <exception cref="TransportException">No server listens on the name, it stopped meanwhile, or the token was cancelled.</exception>
    public static async Task<ClientTransport> ConnectAsync(
        InProcessEndPoint endPoint, ClientTransportOptions options, ClientTransportEvents events, CancellationToken cancellationToken)
    {
        if (!InProcessListener.TryConnect(endPoint, out var duplex))
        {
            throw new TransportException(
                TransportPhase.Connect,
                $"Connecting to {endPoint} failed: no server of this process listens on that name; call GrpcServer.ListenAsync(\"{endPoint}\", ...) first.",
                inner: null);
        }

        var flight = new FlightRecorder(options.TimeProvider);
        flight.Phase(FlightEventKind.Connected);
        var transport = new ClientTransport(duplex, endPoint, TlsAuthContext.Insecure, options, events, flight);
        try
        {
            await transport.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return transport;
        }
        catch (OperationCanceledException e)
        {
            transport.Abort("no SETTINGS came in time");
            throw new TransportException(
                TransportPhase.Settings, $"The server on {endPoint} did not begin to serve before this took too long or was cancelled.", e);
        }
        catch (ClientTransport.ConnectionEndedException e)
        {
            throw new TransportException(TransportPhase.Settings, $"The server on {endPoint} stopped while this connected to it.", e.InnerException ?? e);
        }
    }
}
