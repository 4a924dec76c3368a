// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.LoadBalancing;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Client;

/// <summary>
/// One try of a call on one stream: opens it, lets the request flow, takes in what the peer answers. A call makes a second attempt
/// only when the peer has certainly not processed the first (gRFC A6, transparent retries).
/// </summary>
/// <remarks>
/// The callbacks of <see cref="StreamHandler"/> run on the reading thread and only note what came; the call and its reader act on it. What
/// they note is published by a volatile write. An attempt and its stream serve another call when nobody can refer to them any more
/// (<see cref="SpareParts"/>).
/// </remarks>
internal sealed class CallAttempt : StreamHandler
{
    // How much of a body that is not gRPC goes into the status: enough for a proxy's one-line explanation.
    private const int ForeignBodyLength = 200;
    private const int HttpOk = 200;

    private readonly Lock _trailersLock = new();
    private ClientCall _call = null!;
    private HeaderList? _headers;
    private HeaderList? _trailers;
    private StreamFailure _failure;
    private volatile bool _headersCame;
    private volatile bool _ended;
    private volatile bool _failed;
    private bool _trailersOnly;
    private long _openedAt;
    private long _firstByteAt;
    private CallOutcome? _endedOutcome;

    /// <summary>The connection that carries the stream; null until it is opened.</summary>
    internal SubchannelConnection? Connection { get; private set; }

    /// <summary>What observes the attempt; null when nobody does.</summary>
    internal AttemptTrace? Trace { get; private set; }

    /// <summary>How response messages are decompressed; null when they are not compressed.</summary>
    internal ICompressionProvider? Compression { get; private set; }

    /// <summary>The response's <c>grpc-encoding</c>; null when it names none, or identity.</summary>
    internal string? EncodingName { get; private set; }

    /// <summary>When the stream was opened; null before.</summary>
    internal FlightEvent? Opened => _openedAt == 0 ? null : new FlightEvent(_openedAt, FlightEventKind.HeadersSent, Stream.Id, 0);

    /// <summary>When the first byte of the answer came; null before.</summary>
    internal FlightEvent? FirstByte => _firstByteAt == 0 ? null : new FlightEvent(_firstByteAt, FlightEventKind.HeadersReceived, Stream.Id, 0);

    /// <summary>Whether the peer has ended the stream, one way or the other: nothing more need be sent.</summary>
    internal bool IsOver => _ended || _failed;

    /// <summary>Whether the call still waits for the head of the response.</summary>
    internal bool AwaitsHeaders => !_headersCame && !_failed && _call.Outcome is null;

    /// <summary>The transport has given the stream up, so that it and the attempt may be used again.</summary>
    internal bool IsFree { get; private set; }

    /// <summary>An attempt of a call.</summary>
    internal static CallAttempt For(ClientCall call)
    {
        var attempt = SpareParts.TakeAttempt();
        attempt._call = call;
        return attempt;
    }

    /// <summary>Puts an attempt that is over into its first state. Its stream stays with it.</summary>
    internal void Reset()
    {
        Stream.Detach();
        _call = null!;
        _headers = null;
        _trailers = null;
        _failure = default;
        _headersCame = false;
        _ended = false;
        _failed = false;
        _trailersOnly = false;
        _openedAt = 0;
        _firstByteAt = 0;
        _endedOutcome = null;
        Connection = null;
        Trace = null;
        Compression = null;
        EncodingName = null;
        IsFree = false;
    }

    // ---- What arrives. On the reading thread: note it, wake whoever waits, return.

    public override void OnHeaders(HeaderList headers, bool endStream)
    {
        _firstByteAt = Note(FlightEventKind.HeadersReceived);
        _headers = headers;
        _trailersOnly = endStream;
        _ended = endStream;
        _headersCame = true;
        Stream.Wake();
    }

    public override void OnData(int length) => NoteNext(FlightEventKind.DataReceived, length);

    public override void OnEndOfStream(HeaderList? trailers)
    {
        NoteNext(FlightEventKind.EndReceived);
        _trailers = trailers;
        _ended = true;
        Stream.Wake();
    }

    public override void OnFailed(in StreamFailure failure)
    {
        _ = Note(FlightEventKind.StreamFailed, (int)failure.Error.Code);

        // After END_STREAM the peer may still reset what we send (RFC 9113 section 8.1): its answer stands.
        if (!_ended)
        {
            _failure = failure;
            _failed = true;
        }

        Stream.Wake();
    }

    // ---- Steps of a life.

    /// <summary>
    /// Opens a stream: resolves, connects, does TLS and SETTINGS where no connection is ready, waits for a slot where the peer's limit is
    /// reached, sends the request headers and the messages written so far. From then on the caller's thread sends its messages itself.
    /// </summary>
    /// <returns>False: the call has ended.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> OpenAsync()
    {
        Trace = _call.Trace?.StartAttempt();
        var subchannel = _call.Channel.Subchannel;
        while (_call.Outcome is null)
        {
            if (subchannel.Ready.Length == 0 && !await PickAsync().ConfigureAwait(false))
            {
                return false;
            }

            if ((!subchannel.Slots.HasWaiters && TryOpen(subchannel.Ready)) || await OpenInTurnAsync(subchannel).ConfigureAwait(false))
            {
                _call.Request.Attach(this);
                return true;
            }
        }

        return false;
    }

    // False: the call has ended.
    private async ValueTask<bool> PickAsync()
    {
        _call.Mark(FlightEventKind.WaitsForConnection);
        try
        {
            var pick = await _call.Channel.Subchannel.PickAsync(_call.Options.IsWaitForReady, _call.WaitToken).ConfigureAwait(false);
            if (pick.Connection is null)
            {
                var isShutdown = _call.Channel.Subchannel.State == ConnectivityState.Shutdown;
                _ = _call.TryEnd(new CallOutcome(pick.Failure) { Reason = isShutdown ? CancellationReason.Shutdown : CancellationReason.None });
            }

            else
            {
                _call.Mark(FlightEventKind.HasConnection);
            }

            return pick.Connection is not null;
        }
        catch (OperationCanceledException) when (_call.Outcome is not null)
        {
            return false;
        }
    }

    // False: no connection takes streams any more, or the call has ended.
    private async ValueTask<bool> OpenInTurnAsync(Subchannel subchannel)
    {
        _call.Mark(FlightEventKind.WaitsForStream);
        var place = subchannel.Slots.Enter();
        try
        {
            while (true)
            {
                var turn = subchannel.Slots.NextTurn(place);
                var connections = subchannel.Ready;
                if (connections.Length == 0 || _call.Outcome is not null)
                {
                    return false;
                }

                if (subchannel.Slots.IsFirst(place))
                {
                    if (TryOpen(connections))
                    {
                        return true;
                    }

                    subchannel.RequestAnotherConnection();
                }

                await turn.WaitAsync(_call.WaitToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_call.Outcome is not null)
        {
            return false;
        }
        finally
        {
            subchannel.Slots.Leave(place);
        }
    }

    private bool TryOpen(SubchannelConnection[] connections)
    {
        foreach (var connection in connections)
        {
            if (TryOpen(connection))
            {
                return true;
            }

            if (_call.Outcome is not null)
            {
                break;
            }
        }

        return false;
    }

    private bool TryOpen(SubchannelConnection connection)
    {
        var transport = connection.Transport;
        if (!transport.CanOpenStream)
        {
            if (transport.IsDraining || transport.IsClosed)
            {
                connection.EndStreams();
            }

            return false;
        }

        if (_call.TryGetRequestHeaders() is not { } headers)
        {
            return false;
        }

        var opened = TryOpen(connection, headers);
        ClientCall.KeepRequestHeaders(headers);
        return opened && _call.TryAttach(this);
    }

    private bool TryOpen(SubchannelConnection connection, OutgoingHeaders headers)
    {
        var transport = connection.Transport;
        if (headers.Size > transport.PeerMaxHeaderListSize)
        {
            // The server would answer 431 or not at all (RFC 9113 section 10.5.1): nothing of the call need leave.
            _ = _call.TryEnd(CallStatuses.RequestHeadersTooLarge(_call, headers.Size, transport.PeerMaxHeaderListSize));
            return false;
        }

        Connection = connection;
        if (Trace is { } trace)
        {
            trace.Peer = transport.Peer;
        }

        // A request message that is there already follows at once and leaves in the same system call.
        if (!transport.TryOpenStream(this, headers, endStream: false, out _, flush: !_call.Request.HasUnsent))
        {
            return false;
        }

        _openedAt = Note(FlightEventKind.HeadersSent);
        return true;
    }

    /// <summary>Commits the call to this attempt, if its response is gRPC; if it is not, the body is no message but may say what went wrong.</summary>
    /// <returns>False: the call has ended, because the response is not one that gRPC can go on with.</returns>
    internal ValueTask<bool> TryCommitAsync()
    {
        if (_trailersOnly)
        {
            // No headers to the caller; their metadata are trailers, which the reader meets at once.
            _call.Commit(this, Metadata.Empty);
            return new ValueTask<bool>(true);
        }

        var headers = _headers!;
        var head = new ResponseHead(headers, _call.Channel.Compression, _call.ContentSubtype);
        if (!head.IsGrpc)
        {
            return EndByForeignResponseAsync(head);
        }

        Compression = head.Compression;
        EncodingName = head.HasEncoding ? head.EncodingName : null;
        var readable = head.TryReadMetadata(out var metadata, out var failure);
        Http2Connection.ReleaseHeaders(headers);
        if (!readable)
        {
            _ = _call.TryEnd(new CallOutcome(failure));
            return new ValueTask<bool>(false);
        }

        _call.Commit(this, metadata);
        return new ValueTask<bool>(true);
    }

    // A response that is not gRPC: its HTTP status says what it means, the start of its body perhaps why (http-grpc-status-mapping.md).
    private async ValueTask<bool> EndByForeignResponseAsync(ResponseHead head)
    {
        var text = new byte[ForeignBodyLength];
        var length = 0;
        for (var isAtEnd = false; length < text.Length && !isAtEnd && _call.Outcome is null;)
        {
            var read = Stream.ReadBytes(text.AsSpan(length), out isAtEnd);
            length += read;
            if (read == 0 && !isAtEnd)
            {
                await Stream.WaitToReadAsync().ConfigureAwait(false);
            }
        }

        // grpc-status wins over the HTTP status (checked by the reader of trailers), but cannot make gRPC of another content type, nor
        // of headers of which a part is missing.
        var outcome = _trailers is { } trailers && head.IsGrpcContent && !head.IsTooLarge && ResponseHead.HasGrpcStatus(trailers)
            ? _call.CheckCardinality(ReadTrailers(trailers))
            : new CallOutcome(head.ToForeignStatus(text.AsSpan(0, length)));
        _ = _call.TryEnd(outcome, byPeer: _ended);
        return false;
    }

    // ---- For the call and its reader.

    /// <summary>A request message is on its way.</summary>
    /// <param name="length">Its length without the prefix, as it is sent: compressed, if it is.</param>
    internal void OnMessageSent(int length)
    {
        Trace?.MessageSent(length);
        NoteNext(FlightEventKind.MessageSent, MessageWriter.PrefixLength + length);
    }

    /// <summary>The end of the request is on its way.</summary>
    internal void OnEndSent() => NoteNext(FlightEventKind.EndSent);

    /// <summary>Whether response headers came; a Trailers-Only response counts.</summary>
    internal bool HeadersCame => _headersCame;

    /// <summary>Whether the stream failed so that the peer certainly did nothing for it.</summary>
    internal bool WasNeverProcessed => _failed && (_failure.Unprocessed || _failure.NeverSent) && !_headersCame;

    /// <summary>Whether the stream failed before anything of the request had left this process.</summary>
    internal bool WasNeverSent => _failed && _failure.NeverSent;

    /// <summary>
    /// Gives the call its outcome, from what the peer sent, now that the reader has got to the end of the messages. The transport
    /// tells of an end here before a reader can see it.
    /// </summary>
    internal void Conclude(MessageReadResult result)
    {
        if (_call.Outcome is not null)
        {
            return;
        }

        var outcome = _failed ? CallStatuses.FromFailure(_call, this, _failure)
            : result == MessageReadResult.Truncated ? CallStatuses.Truncated(_call)
            : _call.CheckCardinality(EndedOutcome());
        _ = _call.TryEnd(outcome, byPeer: true);
    }

    /// <summary>The status that the peer ended the stream with, before its messages were read: what a writer is told.</summary>
    internal CallOutcome EarlyOutcome() => _failed ? CallStatuses.FromFailure(_call, this, _failure) : EndedOutcome();

    /// <summary>The call has ended: nothing more is to come of this stream.</summary>
    /// <param name="reset">The code of RST_STREAM for what is still open; null when nothing is.</param>
    internal void Abandon(Http2ErrorCode? reset)
    {
        if (reset is { } code)
        {
            _ = Note(FlightEventKind.ResetSent, (int)code);
            Stream.Reset(code);
        }

        Release();
    }

    /// <summary>Gives the stream back to the transport. What it brought was read or is left to the garbage collector.</summary>
    internal void Release()
    {
        IsFree = Stream.Release();
        Connection!.OnCallEnded();
    }

    // Read once: a writer may ask before the reader does.
    private CallOutcome EndedOutcome()
    {
        lock (_trailersLock)
        {
            if (_endedOutcome is null)
            {
                var last = _trailersOnly ? _headers : _trailers;
                _endedOutcome = last is not null ? ReadTrailers(last) : new CallOutcome(ResponseTrailersReader.WithoutStatus(HttpOk));
                if (last is not null)
                {
                    Http2Connection.ReleaseHeaders(last);
                }
            }

            return _endedOutcome;
        }
    }

    private CallOutcome ReadTrailers(HeaderList trailers)
    {
        var status = ResponseTrailersReader.Read(trailers, _trailersOnly ? trailers.Status : HttpOk, out var metadata);
        if (status.StatusCode == StatusCode.Cancelled && CallStatuses.IsOutOfTime(_call))
        {
            // The server enforced the same deadline and said so as CANCELLED: what the peer sent is ignored (PROTOCOL-HTTP2).
            return CallStatuses.DeadlineExceeded(_call);
        }

        return status.StatusCode == StatusCode.OK && metadata.Count == 0 && status.Detail.Length == 0
            ? CallOutcome.Success
            : new CallOutcome(status, metadata);
    }

    private void NoteNext(FlightEventKind kind, int detail = 0) => Connection!.Transport.Flight.NoteNext(kind, Stream.Id, detail);

    private long Note(FlightEventKind kind, int detail = 0) => Connection!.Transport.Flight.Note(kind, Stream.Id, detail);
}
