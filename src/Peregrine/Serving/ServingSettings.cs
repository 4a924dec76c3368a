// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.Extensions.Logging;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Interceptors;
using Peregrine.Protocol;

namespace Peregrine.Serving;

/// <summary>What all connections and calls of one server share. Immutable but for the method table, which is replaced whole.</summary>
internal sealed class ServingSettings(GrpcServerOptions options)
{
    private volatile MethodTable _methods = MethodTable.Empty;

    /// <summary>The services.</summary>
    public MethodTable Methods
    {
        get => _methods;
        set => _methods = value;
    }

    /// <summary>What serves the methods that no service has; null when nothing does.</summary>
    public UnknownMethods? UnknownMethods { get; } = options.UnknownMethodHandler is not { } handler ? null
        : new UnknownMethods(new MethodSettings(options), ServerInterceptorChain.Compose([.. options.Interceptors], handler));

    /// <summary>What holds for methods without options of their own.</summary>
    public MethodSettings MethodDefaults { get; } = new(options);

    /// <summary>The limit of TLS handshakes.</summary>
    public TimeSpan HandshakeTimeout { get; } = Positive(options.HandshakeTimeout, nameof(options.HandshakeTimeout));

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = options.TimeProvider;

    /// <summary>The server's log.</summary>
    public ILogger Logger { get; } = EventSourceLogger.Create(options.LoggerFactory, ServerLog.Category);

    /// <summary>The encodings that requests may have.</summary>
    public CompressionProviderSet Compression { get; } = CompressionProviderSet.Default;

    /// <summary>The formats of messages that all methods take besides their own.</summary>
    public IReadOnlyList<MessageFormat> MessageFormats { get; } = [.. options.MessageFormats];

    /// <summary>The trailers of a call that ends well and sets none: shared by all calls, never changed.</summary>
    public OutgoingHeaders OkTrailers { get; } = MakeOkTrailers();

    /// <summary>The counters.</summary>
    public ServerStatistics Statistics { get; } = new();

    /// <summary>Gives each call what observes it.</summary>
    public CallTracer Tracer { get; } = new(
        target: null, serverAddress: null, serverPort: null, options.TimeProvider, EventSourceLogger.Create(options.LoggerFactory, ServerLog.Category));

    /// <summary>How long connections live.</summary>
    public ConnectionLimits ConnectionLimits { get; } = new(
        Positive(options.MaxConnectionIdle, nameof(options.MaxConnectionIdle)),
        Positive(options.MaxConnectionAge, nameof(options.MaxConnectionAge)),
        Positive(options.MaxConnectionAgeGrace, nameof(options.MaxConnectionAgeGrace)));

    /// <summary>The settings of connections.</summary>
    public Http2ConnectionOptions Http2 { get; } = MakeHttp2(options, isInProcess: false);

    /// <summary>The settings of connections inside the process, where nobody has to ask whether the other side is still there.</summary>
    public Http2ConnectionOptions InProcessHttp2 { get; } = MakeHttp2(options, isInProcess: true);

    private static Http2ConnectionOptions MakeHttp2(GrpcServerOptions options, bool isInProcess)
    {
        var keepAlive = Milliseconds(Positive(options.KeepAliveTime, nameof(options.KeepAliveTime)));
        var minPingInterval = options.MinPingInterval >= TimeSpan.Zero
            ? Milliseconds(options.MinPingInterval)
            : throw new ArgumentException($"{nameof(options.MinPingInterval)} is {options.MinPingInterval}; it must not be negative.");
        return new Http2ConnectionOptions
        {
            MaxConcurrentStreams = options.MaxConcurrentStreams,
            MaxBufferedBytes = options.MaxConnectionBufferSize,
            SettingsTimeout = isInProcess ? 0 : Milliseconds(options.HandshakeTimeout),
            KeepAliveInterval = isInProcess ? 0 : keepAlive,
            KeepAliveTimeout = Milliseconds(Positive(options.KeepAliveTimeout, nameof(options.KeepAliveTimeout))),
            KeepAliveWithoutStreams = true,
            MinPingInterval = minPingInterval,
            PermitPingsWithoutStreams = options.PermitPingsWithoutCalls,
        };
    }

    private static TimeSpan Positive(TimeSpan value, string name) => value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
        ? value
        : throw new ArgumentException($"{name} is {value}; it must be longer than zero, or Timeout.InfiniteTimeSpan for no limit.");

    // 0 stands for never.
    private static long Milliseconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? 0 : (long)Math.Ceiling(time.TotalMilliseconds);

    private static OutgoingHeaders MakeOkTrailers()
    {
        var trailers = new OutgoingHeaders();
        ResponseTrailersWriter.Write(trailers, Status.DefaultSuccess, metadata: null, isTrailersOnly: false, long.MaxValue);
        return trailers;
    }
}
