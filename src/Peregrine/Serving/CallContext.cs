// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Serving;

/// <summary>The context that handlers see: a view of a <see cref="ServerCall"/>. Safe to be asked from several threads.</summary>
internal sealed class CallContext(ServerCall call) : ServerCallContext
{
    private Metadata? _responseTrailers;
    private Status _status;

    /// <summary>The trailers that the handler set; null when it did not touch them.</summary>
    public Metadata? TrailersOrNull => Volatile.Read(ref _responseTrailers);

    /// <inheritdoc/>
    protected override string MethodCore => call.Path;

    /// <inheritdoc/>
    protected override string HostCore => call.GetHost();

    /// <inheritdoc/>
    protected override string PeerCore => call.Connection.Peer;

    /// <inheritdoc/>
    protected override DateTime DeadlineCore => call.Deadline.Utc;

    /// <inheritdoc/>
    protected override Metadata RequestHeadersCore => call.GetRequestHeaders();

    /// <inheritdoc/>
    protected override CancellationToken CancellationTokenCore => call.CancellationToken;

    /// <inheritdoc/>
    protected override CancellationReason CancellationReasonCore => call.CancellationReason;

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
    protected override bool IsRequestCompressedCore => call.IsRequestCompressed;

    /// <inheritdoc/>
    protected override AuthContext AuthContextCore => call.Connection.AuthContext;

    /// <inheritdoc/>
    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => call.SendHeaders(responseHeaders);

    /// <inheritdoc/>
    protected override void AbortCallCore(Http2ErrorCode code) => call.Abort(code);

    /// <inheritdoc/>
    protected override void AbortConnectionCore() => call.Connection.Abort("the handler of a call aborted the connection");

    /// <inheritdoc/>
    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        new(DeadlineCore, CancellationTokenCore, options);
}
