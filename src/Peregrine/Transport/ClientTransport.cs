// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Transport;

/// <summary>One client connection: opens the streams of calls. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "CloseAsync and Abort end the pump, which frees itself when its last byte is read.")]
internal sealed class ClientTransport : ConnectionHandler
{
    private readonly ClientTransportEvents _events;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Http2Pump _pump;
    private readonly ByteDuplex _duplex;
    private readonly TimeProvider _time;
    private readonly long _id = LiveEntities.NextId();

    /// <summary>Takes over the duplex and begins HTTP/2 on it.</summary>
    public ClientTransport(
        ByteDuplex duplex, EndPoint? remote, AuthContext authContext, ClientTransportOptions options, ClientTransportEvents events, FlightRecorder flight)
    {
        _events = events;
        Flight = flight;
        RemoteEndPoint = remote;
        Peer = PeerAddress.Format(remote);
        AuthContext = authContext;
        IsSecure = options.Tls is not null;
        _duplex = duplex;
        _time = options.TimeProvider;
        _pump = new Http2Pump(Http2Role.Client, duplex, options.Http2, options.TimeProvider, this);
    }

    /// <summary>What happened on the connection, for the timelines of its calls.</summary>
    public FlightRecorder Flight { get; }

    /// <summary>The server's address.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>The server's address as gRPC writes it.</summary>
    public string Peer { get; }

    /// <summary>What TLS says about the server.</summary>
    public AuthContext AuthContext { get; }

    /// <summary>Whether TLS protects the connection.</summary>
    public bool IsSecure { get; }

    /// <summary>Whether a stream could be opened now.</summary>
    public bool CanOpenStream => _pump.CanOpenStream;

    /// <summary>Whether no new streams can be opened any more.</summary>
    public bool IsDraining => _pump.IsDraining;

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed => _pump.IsClosed;

    /// <summary>The header list size that the server accepts, in octets as RFC 9113 section 10.5.1 counts.</summary>
    public long PeerMaxHeaderListSize => _pump.PeerMaxHeaderListSize;

    /// <summary>The streams that the server accepts at a time.</summary>
    public long PeerMaxConcurrentStreams => _pump.PeerMaxConcurrentStreams;

    /// <summary>Streams that are open.</summary>
    public int ActiveStreams => _pump.ActiveStreams;

    /// <summary>Ends when the connection is closed and its socket given back. Never faults.</summary>
    public Task Completion => _pump.Completion;

    /// <summary>Connects by TCP or inside the process, does the TLS handshake, and waits for the server's SETTINGS.</summary>
    /// <exception cref="TransportException">It failed, or the token was cancelled (the inner exception says so).</exception>
    public static Task<ClientTransport> ConnectAsync(
        EndPoint endPoint, ClientTransportOptions options, ClientTransportEvents events, CancellationToken cancellationToken) =>
        endPoint is InProcessEndPoint name
            ? InProcessConnector.ConnectAsync(name, options, events, cancellationToken)
            : SocketConnector.ConnectAsync(endPoint, options, events, cancellationToken);

    /// <summary>
    /// Opens a stream and sends the request's head. False: no stream may be opened now. The handler's callbacks may start before
    /// this returns.
    /// </summary>
    public bool TryOpenStream(
        StreamHandler handler, OutgoingHeaders headers, bool endStream, out TransportStream? stream, bool flush = true) =>
        _pump.TryOpenStream(handler, headers, endStream, flush, out stream);

    /// <summary>Sends GOAWAY(NO_ERROR); running streams end, then the connection closes.</summary>
    public Task CloseAsync()
    {
        _pump.BeginDrain();
        return _pump.Completion;
    }

    /// <summary>Closes at once; streams fail with the reason.</summary>
    public void Abort(string reason) => _pump.Close(Http2ErrorCode.NoError, reason);

    /// <summary>The connection now, for <see cref="LiveEntities"/>.</summary>
    public ConnectionSnapshot Observe() => ConnectionObservation.Of(_id, _pump, _duplex, Peer, _time);

    /// <summary>Starts HTTP/2 and completes with the server's SETTINGS; faults with what ended the connection before.</summary>
    internal Task StartAsync()
    {
        _pump.Start();
        return _ready.Task;
    }

    /// <inheritdoc/>
    public override void OnReady()
    {
        // SETTINGS may come again later.
        if (!_ready.Task.IsCompleted)
        {
            Flight.Phase(FlightEventKind.Ready);
            _ = _ready.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public override void OnStreamsAvailable() => _events.OnStreamsAvailable();

    /// <inheritdoc/>
    public override void OnGoAway(in Http2Error error)
    {
        _ = Flight.Note(FlightEventKind.GoAwayReceived, streamId: 0, (int)error.Code);
        _events.OnGoAway(error);
    }

    /// <inheritdoc/>
    public override void OnClosed(in Http2Error error, Exception? cause)
    {
        _ = Flight.Note(FlightEventKind.Closed, streamId: 0, (int)error.Code);
        if (!_ready.TrySetException(new ConnectionEndedException(error, cause)))
        {
            _events.OnClosed(error, cause);
        }
    }

    /// <summary>Says to <see cref="SocketConnector"/> why the connection ended before the server's SETTINGS.</summary>
    [SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Never leaves the transport: SocketConnector turns it into a TransportException.")]
    internal sealed class ConnectionEndedException(Http2Error error, Exception? cause) : Exception(error.ToString(), cause)
    {
        public Http2Error Error { get; } = error;
    }
}
