// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Peregrine.Compression;

namespace Peregrine.Client;

/// <summary>
/// What a <see cref="GrpcChannel"/> is made with. Read once by <see cref="GrpcChannel.ForAddress(string, GrpcChannelOptions)"/>;
/// later changes have no effect on channels that exist.
/// </summary>
public sealed class GrpcChannelOptions
{
    /// <summary>
    /// The credentials of the channel: plaintext or TLS, with or without call credentials. Null, the default, means what the
    /// address's scheme says: <c>http</c> plaintext, <c>https</c> TLS with the system's roots. An address without scheme needs them.
    /// </summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The largest message that may be sent, in bytes after serialization. Null, the default, means no limit.</summary>
    /// <remarks>A larger message fails its call with RESOURCE_EXHAUSTED before any byte of it is sent.</remarks>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>The largest message that is accepted, in bytes; 4 MiB by default. Null means no limit.</summary>
    /// <remarks>The length is checked before memory is taken. A larger message fails its call with RESOURCE_EXHAUSTED.</remarks>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// Formats of messages that calls may choose by <see cref="CallOptions.WithContentSubtype"/>, such as <see cref="JsonMessageFormat"/>; empty by default.
    /// </summary>
    public IList<MessageFormat> MessageFormats { get; } = [];

    /// <summary>Where the channel logs: state changes and failed attempts to connect. Null, the default, means nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>
    /// Says whether metrics may name the channel's target, which it is given as <c>grpc.target</c> has it (gRFC A66); if not, they name it <c>other</c>. Asked
    /// once, when the channel is made. For programs with so many targets that a metrics store could not bear them. Null, the default, for always.
    /// </summary>
    public Func<string, bool>? MetricsTargetFilter { get; set; }

    /// <summary>
    /// Whether a call that its caller cancelled, or whose deadline passed, throws <see cref="OperationCanceledException"/> with the
    /// <see cref="RpcException"/> inside instead of the <see cref="RpcException"/> itself. False by default.
    /// </summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>
    /// Whether call credentials that require transport security are sent over plaintext all the same. False by default: such a
    /// call fails with UNAUTHENTICATED before anything is sent. True gives tokens to whoever can read the wire.
    /// </summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    /// <summary>
    /// Whether any certificate of the server is accepted, whoever issued it and for whatever name. False by default. True leaves TLS without
    /// its proof of who the server is: whoever can reach the wire can be it, and read and change all. For tools that look at servers, and for tests.
    /// </summary>
    public bool UnsafeSkipServerCertificateValidation { get; set; }

    /// <summary>
    /// The name to expect in the server's certificate and to send as <c>:authority</c> and in TLS SNI, in place of the address's
    /// host. For tests and for servers reached by another name than their certificate's. Null by default.
    /// </summary>
    public string? SslTargetNameOverride { get; set; }

    /// <summary>
    /// The HTTP proxy that leads to the server, if any. Null, the default, means what gRPC's environment variables say
    /// (<see cref="ChannelProxy.FromEnvironment"/>). Never used for <c>unix:</c> and <c>inproc:</c> addresses.
    /// </summary>
    public ChannelProxy? Proxy { get; set; }

    /// <summary>The pause between the first failed attempt to connect and the second, counted from start to start; 1 s by default.</summary>
    /// <remarks>Each next pause is 1.6 times as long, up to <see cref="MaxReconnectBackoff"/>, with 20 % jitter (gRPC "connection-backoff").</remarks>
    public TimeSpan InitialReconnectBackoff { get; set; } = LoadBalancing.ConnectionBackoff.DefaultInitial;

    /// <summary>The longest pause between two attempts to connect; 120 s by default. Null means no upper bound.</summary>
    public TimeSpan? MaxReconnectBackoff { get; set; } = LoadBalancing.ConnectionBackoff.DefaultMaximum;

    /// <summary>
    /// The silence of the server, while calls run, after which it is asked for a sign of life by an HTTP/2 PING (gRFC A8);
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for never, and never below ten seconds. Null, the default: 30 seconds after a message,
    /// then every 5 minutes and 10 seconds, which no server with default settings forbids. A server that forbids it all the same
    /// (<c>too_many_pings</c>) is asked half as often from then on.
    /// </summary>
    public TimeSpan? KeepAliveTime { get; set; }

    /// <summary>
    /// How long the server may take to answer; then its calls end with UNAVAILABLE and the connection is closed. 20 seconds by default. It is also how
    /// long sent bytes may stay unacknowledged (TCP user timeout, gRFC A18), where the system can tell.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether the server is asked while no call runs, too. False by default: servers forbid it unless they are set up for it.</summary>
    public bool KeepAlivePermitWithoutCalls { get; set; }

    /// <summary>
    /// How long the channel stays connected without calls; 30 minutes by default, as in gRPC's other implementations.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever.
    /// </summary>
    /// <remarks>
    /// Then its connections end with GOAWAY, attempts to connect stop, and its state is <see cref="ConnectivityState.Idle"/>; the next call
    /// connects anew. The time runs from the end of the last call; a call that waits for a connection or a stream is a call.
    /// </remarks>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Whether further connections are made to the server when the calls that run on those that are there reach its
    /// SETTINGS_MAX_CONCURRENT_STREAMS (gRFC A105). True by default. False: calls wait until others end.
    /// </summary>
    /// <remarks>
    /// Calls wait while a further connection is set up, too; whatever comes first serves the one that waits longest. A further connection
    /// that has been without calls for one minute is closed.
    /// </remarks>
    public bool EnableMultipleHttp2Connections { get; set; } = true;

    /// <summary>
    /// The largest number of connections that take new calls at a time, with <see cref="EnableMultipleHttp2Connections"/>; 10 by default
    /// (gRFC A105), at least 1. Above it calls wait until others end.
    /// </summary>
    public int MaxConnectionsPerSubchannel { get; set; } = 10;

    /// <summary>
    /// The service whose health is watched on each connection (<c>grpc.health.v1.Health/Watch</c>, gRFC A17), empty for the server as a whole. Null, the
    /// default: health is not checked.
    /// </summary>
    /// <remarks>
    /// A connection takes calls while its server says SERVING. Meanwhile the channel is <see cref="ConnectivityState.Connecting"/> until the first answer,
    /// then <see cref="ConnectivityState.TransientFailure"/>: calls end with UNAVAILABLE and what the server said, or wait
    /// (<see cref="CallOptions.WithWaitForReady"/>). A watch that ends is begun anew with backoff. A server without the health service counts as healthy;
    /// a warning says so. The watch carries the channel's call credentials, keeps no connection open, and is not a call for <see cref="IdleTimeout"/>.
    /// </remarks>
    public string? HealthCheckServiceName { get; set; }

    /// <summary>
    /// The encodings in which compressed responses are accepted, announced to the server by <c>grpc-accept-encoding</c>. Null, the
    /// default, means gzip and deflate; an empty list means none.
    /// </summary>
    [SuppressMessage("Usage", "CA2227:Collection properties should be read only", Justification = "Public contract: users assign the list.")]
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    /// <summary>
    /// The encoding that compresses the request messages of calls that choose none: the name of one of the
    /// <see cref="CompressionProviders"/>, such as <c>gzip</c>; null, the default, for none.
    /// </summary>
    public string? RequestCompressionAlgorithm { get; set; }

    /// <summary>The clock of deadlines, backoff, connect and idle timeouts. Null, the default, means the system's.</summary>
    /// <remarks>For tests that want to move time themselves.</remarks>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>The <c>:authority</c> in place of the target's own; TLS still checks the target's name.</summary>
    internal string? DefaultAuthority { get; set; }

    /// <summary>The application's product, in front of the library's in <c>user-agent</c>.</summary>
    internal string? UserAgentPrefix { get; set; }
}
