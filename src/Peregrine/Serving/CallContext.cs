// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;

namespace Peregrine.Serving;

/// <summary>The context that handlers see: a view of a <see cref="ServerCall"/>. Safe to be asked from several threads.</summary>
/// <remarks>
/// A handler may keep its context for longer than its call, whose object then serves another request: so the context has what it tells
/// of the call for itself, and asks the call whether it is still its own before it uses it. It is small, as each call has one; for what few handlers
/// set there is an object of its own.
/// </remarks>
internal sealed class CallContext(ServerCall call) : ServerCallContext
{
    private const string Ended = "The call has ended: its handler has returned. Read what you need of its request before that.";

    private readonly ServerConnection _connection = call.Connection;
    private readonly ServerMethod _method = call.Method;
    private readonly string _path = call.Path;
    private readonly Deadline _deadline = call.Deadline;
    private HandlerSettings? _settings;

    /// <summary>The trailers that the handler set; null when it did not touch them.</summary>
    public Metadata? TrailersOrNull => Volatile.Read(ref _settings)?.Trailers;

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
    protected override Metadata ResponseTrailersCore => Settings.GetTrailers();

    /// <inheritdoc/>
    protected override Status StatusCore
    {
        get => Volatile.Read(ref _settings)?.Status ?? default;
        set => Settings.Status = value;
    }

    /// <inheritdoc/>
    protected override WriteOptions? WriteOptionsCore
    {
        get => Volatile.Read(ref _settings)?.WriteOptions;
        set => Settings.WriteOptions = value;
    }

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

    private HandlerSettings Settings
    {
        get
        {
            if (Volatile.Read(ref _settings) is { } settings)
            {
                return settings;
            }

            Interlocked.CompareExchange(ref _settings, new HandlerSettings(), null);
            return _settings;
        }
    }

    // Null: the call has ended, and its object is another call's.
    private ServerCall? Share() => call.TryShare(this) ? call : null;

    /// <summary>What a handler sets on its context.</summary>
    private sealed class HandlerSettings
    {
        private Metadata? _trailers;

        public Metadata? Trailers => Volatile.Read(ref _trailers);

        public Status Status { get; set; }

        public WriteOptions? WriteOptions { get; set; }

        public Metadata GetTrailers()
        {
            if (Trailers is { } trailers)
            {
                return trailers;
            }

            Interlocked.CompareExchange(ref _trailers, new Metadata(), null);
            return _trailers;
        }
    }
}
