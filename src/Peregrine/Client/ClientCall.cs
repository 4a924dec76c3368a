// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>
/// One call, whatever its kind, from its start to its one outcome: deadline, cancellation, credentials, attempts, response headers,
/// status. What depends on the message types is in <see cref="ClientCall{TRequest, TResponse}"/>, what happens on one stream in
/// <see cref="CallAttempt"/>. Thread-safe; the first outcome wins.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "TryEnd releases them; every call comes to it.")]
internal abstract class ClientCall
{
    // Filled and sent by one thread in one go, so a thread can lend its own.
    [ThreadStatic]
    private static OutgoingHeaders? _spareHeaders;

    // As well: a message is framed and detached, or parsed, in one go.
    [ThreadStatic]
    private static MessageWriter? _spareWriter;

    [ThreadStatic]
    private static MessageDeserializationContext? _spareContext;

    private static readonly StrongBox<CallOptions> DefaultOptions = new();

    private readonly string? _host;
    private readonly StrongBox<CallOptions> _options;
    private readonly bool _hasUnknownEncoding;
    private CallOutcome? _outcome;
    private volatile CallAttempt? _attempt;
    private volatile Metadata? _responseHeaders;
    private volatile bool _committed;
    private TaskCompletionSource<Metadata>? _responseHeadersSource;
    private CancellationTokenSource? _wait;
    private EarlyEnd? _earlyEnd;
    private Metadata? _credentialsMetadata;
    private CallMark? _marks;
    private bool _retried;

    /// <exception cref="InvalidOperationException">The deadline is not a UTC time.</exception>
    protected ClientCall(ChannelSettings channel, IMethod method, string? host, in CallOptions options)
    {
        Channel = channel;
        Method = method;
        _options = options.IsDefault ? DefaultOptions
            : new StrongBox<CallOptions>(options.Headers is { } headers ? options.WithHeaders(headers.Snapshot()) : options);
        _host = host;
        Deadline = Deadline.FromUtc(options.Deadline);
        if (options.PropagationToken?.ParentDeadline is { } parent)
        {
            Deadline = Deadline.Earliest(Deadline, Deadline.FromUtc(parent));
        }

        RequestCompression = channel.RequestCompression;
        if (RequestedEncoding is { } encoding)
        {
            RequestCompression = channel.Compression.Find(encoding);
            _hasUnknownEncoding = RequestCompression is null && !CompressionProviderSet.IsIdentity(encoding);
        }

        Trace = channel.Tracer.StartClientCall(method);
        channel.Calls.OnStarted(channel.Subchannel.Now());
    }

    internal ChannelSettings Channel { get; }

    internal IMethod Method { get; }

    /// <summary>The caller's options, with the metadata of when the call was made. Most calls have none, and then no room for them.</summary>
    internal ref readonly CallOptions Options => ref _options.Value;

    internal Deadline Deadline { get; }

    /// <summary>The format of the messages, the content-subtype; null for protobuf's binary one.</summary>
    internal abstract string? ContentSubtype { get; }

    /// <summary>What compresses the request messages; null for nothing.</summary>
    internal ICompressionProvider? RequestCompression { get; }

    /// <summary>What observes the call; null when nobody does.</summary>
    internal ClientCallTrace? Trace { get; }

    internal RequestSender Request { get; private set; } = SpareParts.TakeSender();

    /// <summary>How the call ended; null while it runs.</summary>
    internal CallOutcome? Outcome => Volatile.Read(ref _outcome);

    /// <summary>Whether an attempt has got response headers, so that no other will be made.</summary>
    internal bool IsCommitted => _committed;

    /// <summary>The attempt that the call runs on; null before its stream is open.</summary>
    internal CallAttempt? Attempt => _attempt;

    /// <summary>Cancelled when the call ends: for the waits before there is a stream. Made on first use.</summary>
    internal CancellationToken WaitToken
    {
        get
        {
            var source = Volatile.Read(ref _wait);
            if (source is null)
            {
                var created = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _wait, created, null) ?? created;
            }

            if (Outcome is not null)
            {
                source.Cancel();
            }

            return source.Token;
        }
    }

    /// <summary>The first step of the call's life: its deadline and cancellation. False: it has ended, before it touched the network.</summary>
    protected bool TryBegin() => CheckEncoding() && BeginDeadlineAndCancellation();

    /// <summary>
    /// A unary call has ended well, by its only reader: what it was made of serves other calls. Nobody else has any of it: who lost the race
    /// for the outcome touches nothing of the call but that.
    /// </summary>
    protected void KeepParts(CallAttempt attempt)
    {
        _attempt = null;
        SpareParts.Keep(Request);
        Request = null!;
        if (attempt.IsFree)
        {
            SpareParts.Keep(attempt);
        }
    }

    /// <summary>The call is committed to <paramref name="attempt"/>: its response headers are the call's.</summary>
    internal void Commit(CallAttempt attempt, Metadata headers)
    {
        _committed = true;
        Request.StopRetaining();
        SetResponseHeaders(headers);
        OnCommitted(attempt);
    }

    /// <summary>Whether the call may be made anew after <paramref name="attempt"/>, and if so, detaches it.</summary>
    internal bool TryBeginRetry(CallAttempt attempt)
    {
        // gRFC A6: a call that the server's library saw but no application did is made anew once; one that never left this process,
        // until its deadline.
        if (!attempt.WasNeverProcessed || (_retried && !attempt.WasNeverSent) || Outcome is not null || !Request.TryDetach())
        {
            return false;
        }

        _retried |= !attempt.WasNeverSent;
        _attempt = null;
        if (_marks is null && attempt.Opened is { } opened)
        {
            Mark(opened with { Kind = FlightEventKind.CallStarted, StreamId = 0 });
        }

        Mark(FlightEventKind.Retried);
        attempt.Trace?.End(StatusCode.Unavailable);
        attempt.Release();
        return true;
    }

    /// <summary>An attempt's stream is open. False: the call has ended meanwhile, and the stream was reset.</summary>
    internal bool TryAttach(CallAttempt attempt)
    {
        _attempt = attempt;
        Interlocked.MemoryBarrier();
        if (Outcome is null)
        {
            return true;
        }

        attempt.Abandon(Http2ErrorCode.Cancel);
        return false;
    }

    /// <summary>The request headers of an attempt that starts now. Null: the deadline has passed, and the call has ended.</summary>
    internal OutgoingHeaders? TryGetRequestHeaders()
    {
        var remaining = Deadline.Remaining(Channel.Time);
        if (remaining == TimeSpan.Zero)
        {
            EndByDeadline();
            return null;
        }

        var headers = _spareHeaders ?? new OutgoingHeaders();
        _spareHeaders = null; // A propagator that makes a call itself finds none and makes its own.
        headers.Clear();
        Channel.RequestHeaders.Write(
            headers,
            Channel.PathOf(Method),
            _host,
            remaining,
            RequestCompression?.EncodingName,
            Options.Headers,
            _credentialsMetadata,
            Channel.ContentTypeOf(ContentSubtype));
        MetadataWriter.Write(headers, Channel.Tracer.Inject(Trace?.Activity ?? Activity.Current, Options.Headers));
        return headers;
    }

    /// <summary>Takes back what <see cref="TryGetRequestHeaders"/> gave, which the transport has written.</summary>
    internal static void KeepRequestHeaders(OutgoingHeaders headers) => _spareHeaders = headers;

    /// <summary>Notes what most calls do not meet, for the timeline of a failure; the first such thing is about when the call began.</summary>
    internal void Mark(FlightEventKind kind)
    {
        var now = Channel.Time.GetTimestamp();
        if (Volatile.Read(ref _marks) is null && kind != FlightEventKind.CallStarted)
        {
            Mark(new FlightEvent(now, FlightEventKind.CallStarted, 0, 0));
        }

        Mark(new FlightEvent(now, kind, 0, 0));
    }

    private void Mark(FlightEvent noted)
    {
        CallMark? before;
        do
        {
            before = Volatile.Read(ref _marks);
        }
        while (Interlocked.CompareExchange(ref _marks, new CallMark(noted, before), before) != before);
    }

    internal void EndByDeadline()
    {
        // A timer may come behind the end, and what was the call's may be another's.
        if (Outcome is null)
        {
            _ = TryEnd(CallStatuses.DeadlineExceeded(this));
        }
    }

    /// <summary>Ends the call as cancelled by the caller, if it still runs.</summary>
    internal void Cancel(CancellationReason reason, string detail) => _ = TryEnd(new CallOutcome(StatusCode.Cancelled, detail) { Reason = reason });

    /// <summary>
    /// Gives the call its outcome, unless it has one: ends the stream, stops timers, lets everybody who waits go on. Local ends send
    /// RST_STREAM(CANCEL); after the peer's own end there is at most the rest of our request to call off, by NO_ERROR.
    /// </summary>
    internal bool TryEnd(CallOutcome outcome, bool byPeer = false)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, null) is not null)
        {
            return false;
        }

        Trace?.End(outcome.Status);
        Channel.Calls.OnEnded(outcome.IsSuccess);
        if (!outcome.IsSuccess)
        {
            Mark(new FlightEvent(Channel.Time.GetTimestamp(), FlightEventKind.CallEnded, 0, (int)outcome.Status.StatusCode));
            if (Channel.Logger.IsEnabled(LogLevel.Debug))
            {
                ClientLog.CallFailed(
                    Channel.Logger, Method.FullName, Channel.Target, outcome.Status.StatusCode, PrintableText.Escape(outcome.Status.Detail), TimelineOf(outcome));
            }

            if (byPeer && outcome.Status.StatusCode == StatusCode.Unauthenticated && _credentialsMetadata is { } refused)
            {
                CallCredentialsPolicy.Combine(Channel.CallCredentials, Options.Credentials)?.OnRefused(refused);
            }
        }

        _earlyEnd?.Dispose();
        _attempt?.Abandon(!byPeer ? Http2ErrorCode.Cancel : Request.IsCompleted ? null : Http2ErrorCode.NoError);
        Request.Close();
        if (Volatile.Read(ref _wait) is { } wait)
        {
            // Never inline: the canceller's thread shall not run what waited.
            _ = wait.CancelAsync();
        }

        if (_responseHeaders is null && Volatile.Read(ref _responseHeadersSource) is { } source)
        {
            FailResponseHeaders(source, outcome);
        }

        OnEnded();
        return true;
    }

    // ---- What the four call types show of a call.

    internal Task<Metadata> GetResponseHeadersAsync()
    {
        if (_responseHeaders is { } known)
        {
            return Task.FromResult(known);
        }

        var created = new TaskCompletionSource<Metadata>(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = Interlocked.CompareExchange(ref _responseHeadersSource, created, null) ?? created;
        if (_responseHeaders is { } came)
        {
            _ = source.TrySetResult(came);
        }
        else if (Outcome is { } outcome)
        {
            FailResponseHeaders(source, outcome);
        }

        return source.Task;
    }

    internal Status GetStatus() => EndedOutcome("status").Status;

    internal Metadata GetTrailers() => EndedOutcome("trailers").Trailers;

    internal virtual void Dispose() => Cancel(CancellationReason.Disposed, $"The call {Method.FullName} was disposed before it ended.");

    /// <summary>The exception of a call that did not end well.</summary>
    internal Exception CreateException(CallOutcome outcome)
    {
        var exception = new RpcException(outcome.Status, outcome.Trailers) { CancellationReason = outcome.Reason, Timeline = TimelineOf(outcome) };
        return Channel.ThrowOperationCanceled && outcome.Status.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded
            ? new OperationCanceledException(outcome.Status.Detail, exception, Options.CancellationToken)
            : exception;
    }

    /// <summary>The peer answered without response headers of its own: to the caller they are empty (Trailers-Only).</summary>
    internal void SetResponseHeaders(Metadata headers)
    {
        _responseHeaders = headers;
        Interlocked.MemoryBarrier();
        _ = Volatile.Read(ref _responseHeadersSource)?.TrySetResult(headers);
    }

    /// <summary>A writer, until <see cref="Keep(MessageWriter)"/>. A marshaller that makes a call itself gets another one.</summary>
    protected static MessageWriter TakeWriter()
    {
        var writer = _spareWriter ?? new MessageWriter();
        _spareWriter = null;
        return writer;
    }

    /// <summary>Takes a writer back.</summary>
    protected static void Keep(MessageWriter writer) => _spareWriter = writer;

    /// <summary>A context, until <see cref="Keep(MessageDeserializationContext)"/>.</summary>
    protected static MessageDeserializationContext TakeContext()
    {
        var context = _spareContext ?? new MessageDeserializationContext();
        _spareContext = null;
        return context;
    }

    /// <summary>Takes a context back.</summary>
    protected static void Keep(MessageDeserializationContext context) => _spareContext = context;

    /// <summary>The call is committed; whoever waits to read may begin.</summary>
    protected virtual void OnCommitted(CallAttempt attempt)
    {
    }

    /// <summary>Turns the peer's OK into an error when the number of messages is not the kind's.</summary>
    internal abstract CallOutcome CheckCardinality(CallOutcome outcome);

    /// <summary>The call has its outcome.</summary>
    protected virtual void OnEnded()
    {
    }

    // False: the call has ended.
    private bool CheckEncoding()
    {
        if (_hasUnknownEncoding)
        {
            _ = TryEnd(CallStatuses.UnknownEncoding(this, RequestedEncoding!));
        }
        else if (Options.ContentSubtype is { } wanted && wanted != ContentSubtype)
        {
            _ = TryEnd(CallStatuses.UnknownFormat(this, wanted));
        }

        return Outcome is null;
    }

    private bool BeginDeadlineAndCancellation()
    {
        if (Options.CancellationToken.IsCancellationRequested)
        {
            Cancel(CancellationReason.CallerToken, CallStatuses.CancelledByCaller(this));
            return false;
        }

        if (Deadline.HasExpired(Channel.Time))
        {
            EndByDeadline();
            return false;
        }

        if (EarlyEnd.IsPossible(Deadline, Options))
        {
            _earlyEnd = new EarlyEnd();
            _earlyEnd.Begin(this);
        }

        if (Outcome is null)
        {
            return true;
        }

        // It ended while the above was set up, and perhaps before TryEnd could see it all.
        _earlyEnd?.Dispose();
        return false;
    }

    private string? RequestedEncoding => Options.Compression ?? Options.Headers?.GetValue(HeaderNames.RequestEncoding);

    /// <summary>Asks for the metadata of call credentials, where there are some. False: the call has ended.</summary>
    protected ValueTask<bool> FetchCredentialsAsync()
    {
        var credentials = CallCredentialsPolicy.Combine(Channel.CallCredentials, Options.Credentials);
        if (credentials is null)
        {
            return new ValueTask<bool>(true);
        }

        if (CallCredentialsPolicy.CheckTransport(credentials, Channel.IsSecure, Channel.AllowInsecureCallCredentials) is { } refusal)
        {
            _ = TryEnd(new CallOutcome(refusal));
            return new ValueTask<bool>(false);
        }

        Mark(FlightEventKind.CallStarted);
        return FetchCredentialsAsync(credentials);
    }

    private async ValueTask<bool> FetchCredentialsAsync(CallCredentials credentials)
    {
        try
        {
            var context = CallCredentialsPolicy.CreateContext(Channel.IsSecure, _host ?? Channel.Authority, Method, WaitToken);
            _credentialsMetadata = await CallCredentialsPolicy.FetchAsync(credentials, context).WaitAsync(WaitToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (Outcome is not null)
        {
            return false;
        }
        catch (RpcException refused)
        {
            _ = TryEnd(new CallOutcome(refused.Status));
        }

        return Outcome is null;
    }

    // Taken once, and soon after the end: the connection's recorder forgets.
    private CallTimeline TimelineOf(CallOutcome outcome) =>
        outcome.Timeline ??= CallTimelines.Take(this, outcome.Status.StatusCode, Volatile.Read(ref _marks));

    private CallOutcome EndedOutcome(string what) => Outcome
        ?? throw new InvalidOperationException($"The call {Method.FullName} has not ended; its {what} comes at its end.");

    private void FailResponseHeaders(TaskCompletionSource<Metadata> source, CallOutcome outcome)
    {
        if (source.TrySetException(CreateException(outcome)))
        {
            // Seen here, so that headers nobody awaits raise no UnobservedTaskException; the response brings the same exception.
            _ = source.Task.Exception;
        }
    }
}
