// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Serving;

/// <summary>The context that handlers see: a view of a <see cref="ServerCall"/>. Safe to be asked from several threads.</summary>
/// <remarks>
/// A handler may keep its context for longer than its call, whose object then serves another request: so the context has what it tells
/// of the call for itself, and asks the call whether it is still its own before it uses it.
/// </remarks>
internal sealed class CallContext(ServerCall call) : ServerCallContext
{
    private const string Ended = "The call has ended: its handler has returned. Read what you need of its request before that.";

    private readonly ServerConnection _connection = call.Connection;
    private readonly ServerMethod _method = call.Method;
    private readonly string _path = call.Path;
    private readonly Deadline _deadline = call.Deadline;
    private Metadata? _responseTrailers;
    private Status _status;

    /// <summary>The trailers that the handler set; null when it did not touch them.</summary>
    public Metadata? TrailersOrNull => Volatile.Read(ref _responseTrailers);

    /// <inheritdoc/>
    protected override string MethodCore => _path;

    /// <inheritdoc/>
    protected override string HostCore => (Share() ?? throw new InvalidOperationException(Ended)).GetHost();

    /// <inheritdoc/>
    protected override string PeerCore => _connection.Peer;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => _deadline.Utc;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => (Share() ?? throw new InvalidOperationException(Ended)).GetRequestHeaders();

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => Share()?.CancellationToken ?? default;

    /// <inheritdoc/>
    protected override CancellationReason CancellationReasonCore => Share()?.CancellationReason ?? CancellationReason.None;

    /// <inheritdoc/>
    protected override Metadata ResponseTrailersCore
    {
        get
        {
            if (Volatile.Read(ref _responseTrailers) is { } trailers)
            {
                return trailers;
            }

            Interlocked.CompareExchange(ref _responseTrailers, new Metadata(), null);
            return _responseTrailers;
        }
    }

    /// <inheritdoc/>
    protected override Status StatusCore
    {
        get => _status;
        set => _status = value;
    }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore { get; set; }

    /// <inheritdoc/>
    protected override bool IsRequestCompressedCore => Share()?.IsRequestCompressed ?? false;

    /// <inheritdoc/>
    protected override string? ContentSubtypeCore => _method.ContentSubtype;

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => _connection.AuthContext;

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) =>
        (Share() ?? throw new InvalidOperationException(Ended)).SendHeaders(responseHeaders);

    /// <inheritdoc/>
    protected override void AbortCallCore(Http2ErrorCode code) => Share()?.Abort(code);

    /// <inheritdoc/>
    protected override void AbortConnectionCore() => _connection.Abort("the handler of a call aborted the connection");

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        new(DeadlineCore, CancellationTokenCore, options);

    // Null: the call has ended, and its object is another call's.
    private ServerCall? Share() => call.TryShare(this) ? call : null;
}
