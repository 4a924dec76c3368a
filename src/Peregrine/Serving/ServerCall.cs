// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Serving;

/// <summary>
/// One call on the server, of any of the four kinds: a unary call is a stream with one message. <see cref="RunAsync"/> is its life.
/// </summary>
/// <remarks>
/// A call ends exactly once, with the first of: the handler's result, or what cancelled it (the client's reset, the deadline, the
/// loss of the connection). Once cancelled, nothing more is sent, and the handler learns of it by its token and by its streams.
/// The object serves another request after that, if nobody can refer to it any more (<see cref="TryDetach"/>).
/// </remarks>
internal sealed class ServerCall : StreamHandler, IReadyWork
{
    private const string ResetByClient = "The client reset the call.";

    // A connection with more calls than these has waiting ones among them that are better kept small than fast: their request headers
    // move out of the connection's pooled lists, which are made for calls that come and go.
    private const int FewCalls = 8;

    // Written by the sending side of one call at a time, so a thread can lend its own.
    [ThreadStatic]
    private static OutgoingHeaders? _spareHeaders;

    [ThreadStatic]
    private static MessageWriter? _spareWriter;

    private readonly Lock _gate = new();
    private ServingSettings _settings = null!;
    private RequestHead _head;
    private ICompressionProvider? _requestCompression;
    private ServerCallTrace? _trace;
    private CancellationTokenSource? _cancellation;
    private ITimer? _deadlineTimer;

    // What cut the call off; in a box, which calls that end regularly need not have. Both are set under the lock and read without.
    private volatile StrongBox<Status>? _cancelled;
    private volatile CancellationReason _cancellationReason;
    private volatile bool _ended;
    private volatile bool _requestEnded;
    private volatile bool _requestCompressed;
    private bool _headersSent;
    private ICompressionProvider? _responseCompression;

    // The response of a unary call, framed, between the end of its handler and the end of the call: it leaves with head and trailers.
    private MessageWriter? _heldResponse;

    // User code was let in behind the context, and may still be there when the call has ended.
    private bool _isShared;

    public ServerConnection Connection { get; private set; } = null!;

    public ServerMethod Method { get; private set; } = null!;

    /// <summary>The path of the request, <c>/package.Service/Method</c>.</summary>
    public string Path { get; private set; } = null!;

    /// <summary>What the handler sees; its own even where the call object is used again.</summary>
    public CallContext Context { get; private set; } = null!;

    public Deadline Deadline { get; private set; }

    /// <summary>Whether the request message that was read last came compressed.</summary>
    public bool IsRequestCompressed => _requestCompressed;

    /// <summary>Cancelled when the client gives up, the deadline passes, or the connection is lost. Made on first use.</summary>
    public CancellationToken CancellationToken
    {
        get
        {
            lock (_gate)
            {
                // A source of before is cancelled by a thread of its own, as its callbacks must not run here: until then this token says it.
                return IsCancelled ? new CancellationToken(canceled: true) : (_cancellation ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>What cancelled the call; none while nothing has.</summary>
    public CancellationReason CancellationReason => _cancellationReason;

    // ---- The life of the call.

    /// <summary>A call for a request.</summary>
    public static ServerCall For(
        ServerConnection connection,
        ServerMethod method,
        string path,
        HeaderList headers,
        in RequestHeadersReader request,
        ICompressionProvider? requestCompression)
    {
        var call = SpareCalls.Take();
        call.Connection = connection;
        call.Method = method;
        call.Path = path;
        call._settings = connection.Settings;
        call._head = new RequestHead(headers, request);
        call._requestCompression = requestCompression;
        call.Deadline = request.Timeout == TimeSpan.MaxValue ? Deadline.None : Deadline.After(request.Timeout, connection.Settings.Time);
        call.Context = new CallContext(call);
        return call;
    }

    /// <inheritdoc/>
    public override void OnHeaders(HeaderList headers, bool endStream)
    {
        _requestEnded = endStream;
        _settings.Statistics.OnStarted();
        Connection.Lifetime?.OnCallStarted();
        _trace = _settings.Tracer.StartServerCall(Method.IsAnyMethod ? null : Path, headers, Connection.Peer);
        if (!Deadline.IsNone)
        {
            _deadlineTimer = _settings.Time.CreateTimer(
                static call => ((ServerCall)call!).OnDeadline(), this, DeadlineTimer.Wait(_head.Timeout), Timeout.InfiniteTimeSpan);
        }

        if (Method.TakeInline())
        {
            Stream.Schedule(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    void IReadyWork.OnStalled() => Method.OnStalled(_settings.Logger);

    private async Task RunAsync()
    {
        _trace?.Enter();
        var waited = false;
        Status status;
        try
        {
            var handler = InvokeAsync();
            waited = !handler.IsCompleted;
            if (waited && Stream.Pump.ActiveStreams > FewCalls)
            {
                RetainHeaders();
            }

            await handler.ConfigureAwait(false);
            status = Context.Status;
        }
        catch (Exception e)
        {
            // The boundary to user code: whatever it throws becomes the status of this call and nothing else.
            try
            {
                status = ToStatus(e);
            }
            catch (Exception second)
            {
                // A logger, or the message of the exception itself, has thrown in its turn.
                status = new Status(StatusCode.Unknown, "The handler failed, and so did telling how.", second);
            }
        }

        var isFree = End(status);
        if (isFree && !waited && TryDetach())
        {
            SpareCalls.Keep(this);
        }
    }

    private ValueTask InvokeAsync() =>
        Method.Settings.Authorization is { } policy ? InvokeIfAllowedAsync(policy) : Method.InvokeAsync(this);

    private async ValueTask InvokeIfAllowedAsync(AuthorizationPolicy policy)
    {
        AuthorizationResult result;
        try
        {
            result = await policy(Context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException && !IsCancelled)
        {
            // The boundary to user code. Nothing is allowed by a failure, and nobody is told what it was.
            ServerLog.AuthorizationFailed(_settings.Logger, Path, failure);
            throw new RpcException(new Status(StatusCode.Internal, "The server could not decide whether the call is allowed.", failure));
        }

        if (!result.IsAllowed)
        {
            throw new RpcException(result.Status);
        }

        await Method.InvokeAsync(this).ConfigureAwait(false);
    }

    private Status ToStatus(Exception exception)
    {
        if (exception is RpcException rpc)
        {
            if (!ReferenceEquals(rpc.Trailers, Context.TrailersOrNull))
            {
                foreach (var entry in rpc.Trailers)
                {
                    Context.ResponseTrailers.Add(entry);
                }
            }

            return StatusMapping.FromHandlerException(exception, Method.Settings.EnableDetailedErrors);
        }

        var status = StatusMapping.FromHandlerException(exception, Method.Settings.EnableDetailedErrors);
        if (!IsCancelled)
        {
            ServerLog.HandlerFailed(_settings.Logger, Path, status.StatusCode, exception);
        }

        return status;
    }

    // True: the transport does not know the call any more.
    private bool End(Status status)
    {
        bool isCancelled;
        HeaderList? headers;
        lock (_gate)
        {
            _ended = true;
            isCancelled = _cancelled is not null;
            status = _cancelled?.Value ?? status;
            headers = _head.TakeHeaders();
        }

        _deadlineTimer?.Dispose();
        if (!isCancelled && !SendStatus(status))
        {
            status = new Status(StatusCode.Cancelled, ResetByClient);
        }

        DropHeldResponse();
        if (headers is not null)
        {
            Http2Connection.ReleaseHeaders(headers);
        }

        var isFree = Stream.Release();
        Connection.Lifetime?.OnCallEnded();
        _settings.Statistics.OnEnded(status.StatusCode);
        _trace?.End(status);
        if (status.StatusCode != StatusCode.OK)
        {
            ServerLog.CallFailed(_settings.Logger, Path, Connection.Peer, status.StatusCode, PrintableText.Escape(status.Detail));
        }

        return isFree;
    }

    /// <summary>
    /// Whether user code that comes by this context may use the call: the context's call it still is, and from now on will not be used
    /// for another request.
    /// </summary>
    public bool TryShare(CallContext context)
    {
        lock (_gate)
        {
            if (Context != context)
            {
                return false;
            }

            _isShared = true;
            return true;
        }
    }

    // Behind the end: parts the call from its context, unless something may still refer to it. What does: the streams that handlers of
    // streaming methods have, user code that came by the context, a timer, what cancels or was cancelled.
    private bool TryDetach()
    {
        lock (_gate)
        {
            if (!Method.IsUnary || _isShared || _deadlineTimer is not null || _cancellation is not null || _cancelled is not null)
            {
                return false;
            }

            Context = null!;
            return true;
        }
    }

    /// <summary>
    /// Puts a call that was detached into its first state. Its stream stays with it; and so do method and settings, since the watchdog
    /// may blame a call that ended a moment ago.
    /// </summary>
    public void Reset()
    {
        Connection = null!;
        Path = null!;
        Deadline = default;
        _head = default;
        _requestCompression = null;
        _trace = null;
        _ended = false;
        _requestEnded = false;
        _requestCompressed = false;
        _headersSent = false;
        _responseCompression = null;
    }

    // False: the response that was held back did not reach the transport any more.
    private bool SendStatus(Status status)
    {
        var response = _heldResponse;
        var hasHead = _headersSent || response is not null;
        var isPlain = hasHead && status.StatusCode == StatusCode.OK && status.Detail.Length == 0 && Context.TrailersOrNull is null or { Count: 0 };
        var headers = isPlain ? _settings.OkTrailers : TakeHeaders();
        if (!isPlain && !ResponseTrailersWriter.Write(
            headers,
            status,
            Context.TrailersOrNull,
            isTrailersOnly: !hasHead,
            Stream.Pump.PeerMaxHeaderListSize,
            content: Method.Settings.ResponseHeaders.Content))
        {
            ServerLog.TrailersCut(_settings.Logger, Path);
        }

        // A client that has not half-closed is told, behind the trailers, that the rest of its request is not wanted.
        var askToStop = !_requestEnded;
        var sent = response is not null ? Stream.SendResponse(Method.Settings.PlainHead, response.Framed, headers, flush: !askToStop)
            : _headersSent ? Stream.SendTrailers(headers, flush: !askToStop)
            : Stream.SendHeaders(headers, endStream: true, flush: !askToStop);
        if (!isPlain)
        {
            _spareHeaders = headers;
        }

        if (askToStop)
        {
            Stream.ResetAfterSend(Http2ErrorCode.NoError);
        }

        return sent || response is null;
    }

    private void DropHeldResponse()
    {
        if (_heldResponse is { } response)
        {
            _heldResponse = null;
            response.Reset();
            _spareWriter = response;
        }
    }

    // ---- What ends it early.

    /// <inheritdoc/>
    public override void OnEndOfStream(HeaderList? trailers)
    {
        _requestEnded = true;
        if (trailers is not null)
        {
            // gRPC has no request trailers; what comes there means nothing.
            Http2Connection.ReleaseHeaders(trailers);
        }
    }

    /// <inheritdoc/>
    public override void OnFailed(in StreamFailure failure)
    {
        var detail = failure.Error.Scope == Http2ErrorScope.Stream
            ? $"The client reset the call ({Http2Error.NameOf(failure.Error.Code)})."
            : $"The connection was lost: {failure.Cause?.Message ?? failure.Error.ToString()}.";
        Cancel(new Status(StatusCode.Cancelled, detail, failure.Cause), ReasonOf(failure.Error), reset: null);
    }

    /// <summary>The handler gives the call up without a status.</summary>
    public void Abort(Http2ErrorCode code) =>
        Cancel(new Status(StatusCode.Cancelled, "The handler aborted the call."), CancellationReason.Aborted, code);

    private CancellationReason ReasonOf(in Http2Error error) => error switch
    {
        { Scope: Http2ErrorScope.Connection, Initiator: Http2ErrorInitiator.User } => CancellationReason.Shutdown,
        { Scope: Http2ErrorScope.Connection } => CancellationReason.ConnectionLost,
        _ when Deadline.HasExpired(_settings.Time) => CancellationReason.Deadline,
        _ => CancellationReason.ResetByPeer,
    };

    private void OnDeadline()
    {
        // A deadline further away than a timer can wait for.
        if (_head.Timeout > DeadlineTimer.LongestWait && !Deadline.HasExpired(_settings.Time))
        {
            _deadlineTimer?.Change(DeadlineTimer.Wait(Deadline.Remaining(_settings.Time)), Timeout.InfiniteTimeSpan);
            return;
        }

        Cancel(new Status(StatusCode.DeadlineExceeded, "The call's deadline passed on the server."), CancellationReason.Deadline, Http2ErrorCode.Cancel);
    }

    private void Cancel(Status status, CancellationReason reason, Http2ErrorCode? reset)
    {
        CancellationTokenSource? source;
        lock (_gate)
        {
            if (_ended || _cancelled is not null)
            {
                return;
            }

            _cancellationReason = reason;
            _cancelled = new StrongBox<Status>(status);
            source = _cancellation;
        }

        if (reset is { } code)
        {
            Stream.Reset(code);
        }
        else
        {
            Stream.Wake();
        }

        if (source is not null)
        {
            // Callbacks on the token are user code: never on the reading thread's account, and never fatal.
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.Item1.RunCancellation(s.source), (this, source), preferLocal: false);
        }
    }

    private void RunCancellation(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException e)
        {
            ServerLog.CancellationCallbackFailed(_settings.Logger, Path, e);
        }
    }

    private bool IsCancelled => _cancelled is not null;

    private void ThrowIfOver()
    {
        if (_cancelled is { Value: var status })
        {
            throw new RpcException(status) { CancellationReason = _cancellationReason };
        }

        if (_ended)
        {
            throw new InvalidOperationException(
                "The call has ended: its handler has returned. Its streams and context are not to be used after that.");
        }
    }

    // ---- Requests.

    /// <summary>The only request of a call that does not stream them.</summary>
    public ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller)
        where T : class =>
        TryRead(marshaller, out var message, out var isLast) && isLast ? new ValueTask<T>(message!) : ReadSingleAsync(marshaller, message);

    private async ValueTask<T> ReadSingleAsync<T>(Marshaller<T> marshaller, T? first)
        where T : class
    {
        var message = first ?? await ReadAsync(marshaller, CancellationToken.None).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusMapping.CardinalityViolation, "The call takes one request message; none came."));
        return await ReadAsync(marshaller, CancellationToken.None).ConfigureAwait(false) is null
            ? message
            : throw new RpcException(new Status(StatusMapping.CardinalityViolation, "The call takes one request message; more than one came."));
    }

    /// <summary>The next request; null at the end of the stream.</summary>
    public ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class =>
        TryRead(marshaller, out var message, out _) ? new ValueTask<T?>(message) : WaitAndReadAsync(marshaller, cancellationToken);

    private async ValueTask<T?> WaitAndReadAsync<T>(Marshaller<T> marshaller, CancellationToken cancellationToken)
        where T : class
    {
        using var registration = cancellationToken.UnsafeRegister(static stream => ((TransportStream)stream!).Wake(), Stream);
        while (true)
        {
            await Stream.WaitToReadAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(marshaller, out var message, out _))
            {
                return message;
            }
        }
    }

    // True: there is a message, and perhaps known to be the last one; or null at the end of the stream.
    private bool TryRead<T>(Marshaller<T> marshaller, out T? message, out bool isLast)
        where T : class
    {
        message = null;
        isLast = false;
        switch (Stream.TryReadMessage(Method.Settings.MaxReceiveMessageSize, out var received))
        {
            case MessageReadResult.Message:
                using (received)
                {
                    _requestCompressed = received.IsCompressed;
                    _trace?.MessageReceived(received.Payload.Length);
                    message = RequestMessages.Parse(marshaller, received, _requestCompression, Method.Settings.MaxReceiveMessageSize);
                    isLast = received.IsLast && !IsCancelled;
                }

                return true;
            case MessageReadResult.NeedMore:
                ThrowIfOver();
                return false;
            case MessageReadResult.EndOfStream:
                ThrowIfOver();
                return true;
            case MessageReadResult.TooLarge:
                throw RequestMessages.TooLarge(Stream.AnnouncedLength, Method.Settings.MaxReceiveMessageSize);
            case MessageReadResult.BadPrefix:
                throw RequestMessages.Broken("A request message has a Compressed-Flag that is neither 0 nor 1.");
            case MessageReadResult.Truncated:
                throw RequestMessages.Broken("The request ended in the middle of a message.");
            default:
                ThrowIfOver();
                throw new RpcException(new Status(StatusCode.Cancelled, "The call was reset."));
        }
    }

    // ---- Responses.

    /// <summary>Sends the response head now.</summary>
    public Task SendHeaders(Metadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ThrowIfOver();
        if (_headersSent)
        {
            throw new InvalidOperationException(
                "The response headers were sent already; they can be sent once, before the first message.");
        }

        SendHead(metadata, flush: true);
        return Task.CompletedTask;
    }

    /// <summary>Sends the only response of a call that does not stream them, unless the handler chose another status than OK.</summary>
    public void SendSingle<T>(Marshaller<T> marshaller, T? message)
        where T : class
    {
        if (Context.Status.StatusCode != StatusCode.OK || IsCancelled)
        {
            return;
        }

        if (message is null)
        {
            throw new RpcException(new Status(StatusCode.Unknown, "The handler returned null instead of a response message."));
        }

        if (_headersSent || Method.Settings.ResponseCompression is not null)
        {
            SendMessage(marshaller, message, Context.WriteOptions, flush: false);
            return;
        }

        var writer = Serialize(marshaller, message);
        if (TransportStream.FitsInPlace(writer.FramedLength))
        {
            _heldResponse = writer;
            _trace?.MessageSent(writer.MessageLength);
        }
        else
        {
            Send(writer, Context.WriteOptions, flush: false);
        }
    }

    /// <summary>Serializes and sends a message, behind the response head if that was not sent.</summary>
    public void SendMessage<T>(Marshaller<T> marshaller, T message, WriteOptions? options, bool flush)
        where T : class
    {
        ThrowIfOver();
        Send(Serialize(marshaller, message), options, flush);
    }

    private MessageWriter Serialize<T>(Marshaller<T> marshaller, T message)
        where T : class
    {
        var writer = _spareWriter ?? new MessageWriter();
        _spareWriter = null;
        writer.Write(marshaller, message);
        if (Method.Settings.MaxSendMessageSize >= 0 && writer.MessageLength > Method.Settings.MaxSendMessageSize)
        {
            var length = writer.MessageLength;
            writer.Reset();
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"A response message of {length} bytes exceeds this server's limit of {Method.Settings.MaxSendMessageSize} bytes."));
        }

        return writer;
    }

    private void Send(MessageWriter writer, WriteOptions? options, bool flush)
    {
        if (!_headersSent)
        {
            SendHead(metadata: null, flush: false);
        }

        if (_responseCompression is not null && (options is null || (options.Flags & WriteFlags.NoCompress) == 0))
        {
            writer.Compress(_responseCompression, level: null);
        }

        _trace?.MessageSent(writer.MessageLength);
        var sent = Stream.SendMessage(writer, endStream: false, flush);
        _spareWriter = writer;
        if (!sent)
        {
            // The reset is known to the transport already; the call hears of it in a moment.
            ThrowIfOver();
            throw new RpcException(new Status(StatusCode.Cancelled, ResetByClient));
        }
    }

    /// <summary>Waits until the connection is ready for more.</summary>
    public async Task WaitWritableAsync(CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.UnsafeRegister(static stream => ((TransportStream)stream!).Wake(), Stream);
        while (!Stream.IsWritable)
        {
            var room = Stream.WaitWritableAsync();
            if (cancellationToken.IsCancellationRequested)
            {
                // It may have come before there was a wait to end.
                Stream.Wake();
            }

            await room.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfOver();
        }

        ThrowIfOver();
    }

    private void SendHead(Metadata? metadata, bool flush)
    {
        if (Method.Settings.ResponseCompression is { } wanted && AcceptsEncoding(wanted.EncodingName))
        {
            _responseCompression = wanted;
        }

        if (_responseCompression is null && metadata is null or { Count: 0 })
        {
            _headersSent = true;
            Stream.SendHeaders(Method.Settings.PlainHead, endStream: false, flush);
            return;
        }

        var headers = TakeHeaders();
        Method.Settings.ResponseHeaders.Write(headers, _responseCompression?.EncodingName, metadata);
        var limit = Stream.Pump.PeerMaxHeaderListSize;
        if (headers.Size > limit && metadata is { Count: > 0 })
        {
            var size = headers.Size;
            _spareHeaders = headers;
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted,
                $"The response headers have {size} octets (names, values, and 32 a field), but the client accepts {limit}; send less metadata."));
        }

        _headersSent = true;
        Stream.SendHeaders(headers, endStream: false, flush);
        _spareHeaders = headers;
    }

    private static OutgoingHeaders TakeHeaders()
    {
        var headers = _spareHeaders ?? new OutgoingHeaders();
        _spareHeaders = null;
        headers.Clear();
        return headers;
    }

    // ---- The request's head.

    /// <summary>The client's metadata; made on first use.</summary>
    public Metadata GetRequestHeaders()
    {
        lock (_gate)
        {
            return _head.GetMetadata();
        }
    }

    /// <summary>The host that the client called.</summary>
    public string GetHost()
    {
        lock (_gate)
        {
            return _head.GetHost();
        }
    }

    private bool AcceptsEncoding(string name)
    {
        lock (_gate)
        {
            return _head.AcceptsEncoding(name);
        }
    }

    private void RetainHeaders()
    {
        HeaderList? pooled;
        lock (_gate)
        {
            pooled = _ended ? null : _head.Retain();
        }

        if (pooled is not null)
        {
            Http2Connection.ReleaseHeaders(pooled);
        }
    }
}
