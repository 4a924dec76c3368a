// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.Extensions.Logging;
using Peregrine.Interceptors;

namespace Peregrine;

/// <summary>What a <see cref="GrpcServer"/> can be told. Read when the server is made; later changes have no effect.</summary>
public sealed class GrpcServerOptions
{
    private int _maxConcurrentStreams = 1000;
    private long _maxConnectionBufferSize = 64L << 20;
    private int _maxConcurrentHandshakes = 1000;

    /// <summary>
    /// Where the server logs, under the category <c>Peregrine.Server</c>. Null (the default): warnings and errors go to the event
    /// source named <c>Peregrine</c>.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The largest request message in bytes, after decompression; null for no limit. 4 MiB by default.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest response message in bytes, before compression; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>
    /// Whether clients see the type and message of exceptions that handlers throw. False by default, since they may hold secrets:
    /// clients then see only that the handler threw.
    /// </summary>
    public bool EnableDetailedErrors { get; set; }

    /// <summary>
    /// How response messages are compressed for clients that accept it: <c>gzip</c> or <c>deflate</c>; null, the default, for not.
    /// </summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>
    /// Formats of messages that all methods take besides their own, and answer in: such as <see cref="JsonMessageFormat"/>. Empty by default: messages in
    /// another format than the method's end the call with UNIMPLEMENTED.
    /// </summary>
    public IList<MessageFormat> MessageFormats { get; } = [];

    /// <summary>Interceptors of every call, the first outermost. They apply to services added after them, too.</summary>
    public IList<Interceptor> Interceptors { get; } = [];

    /// <summary>
    /// Decides which calls may be made, where neither the service nor the method has a policy of its own (<see cref="MethodOptions.Authorization"/>).
    /// Null, the default: all. With a policy, calls of methods that the server does not have are decided by it, too, before they end with
    /// UNIMPLEMENTED: who may not call learns nothing of what there is.
    /// </summary>
    public AuthorizationPolicy? Authorization { get; set; }

    /// <summary>
    /// Handles the calls of all methods that no service has, of any kind, with their messages as bytes in any format;
    /// <see cref="ServerCallContext.Method"/> names the method, <see cref="ServerCallContext.ContentSubtype"/> the format. Null, the default:
    /// such calls end with UNIMPLEMENTED. The interceptors apply, too.
    /// </summary>
    /// <remarks>
    /// Whether the client sends or expects one message or several is not known here: a handler that passes calls on reads to the end of the
    /// requests, and the client checks the number of responses.
    /// </remarks>
    public DuplexStreamingServerMethod<byte[], byte[]>? UnknownMethodHandler { get; set; }

    /// <summary>
    /// How many calls one connection may have open at a time, as told to clients (SETTINGS_MAX_CONCURRENT_STREAMS); 1,000 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int MaxConcurrentStreams
    {
        get => _maxConcurrentStreams;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _maxConcurrentStreams = value;
        }
    }

    /// <summary>
    /// How many bytes one connection may make the server hold: heads of requests until their calls end, and responses that the client
    /// does not take. Beyond that new calls on it are refused (clients see UNAVAILABLE, and may try again), and writers of response
    /// streams wait. 64 MiB by default; more where many large responses to one client are under way at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long MaxConnectionBufferSize
    {
        get => _maxConnectionBufferSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _maxConnectionBufferSize = value;
        }
    }

    /// <summary>
    /// How long a client may take for the TLS handshake, and then once more for that of HTTP/2, its preface and the acknowledgment of SETTINGS,
    /// before the connection is closed; 20 seconds by default.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many TLS handshakes may be computed at once, on all ports together; who comes beyond waits within <see cref="HandshakeTimeout"/>. A handshake
    /// counts once its ClientHello is complete, and only while it is the server's turn: clients that stall keep nobody out. 1,000 by default: what a
    /// machine computes in a second or less.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public int MaxConcurrentHandshakes
    {
        get => _maxConcurrentHandshakes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            _maxConcurrentHandshakes = value;
        }
    }

    /// <summary>
    /// How long a connection may be without calls before it is ended gracefully; <see cref="Timeout.InfiniteTimeSpan"/>, the default,
    /// for ever (gRFC A9).
    /// </summary>
    public TimeSpan MaxConnectionIdle { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long a connection lives before it is ended gracefully, so that clients spread over servers that were added; a tenth more or less, so
    /// that they do not come back all at once. <see cref="Timeout.InfiniteTimeSpan"/>, the default, for ever (gRFC A9).
    /// </summary>
    public TimeSpan MaxConnectionAge { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// How long calls may go on after <see cref="MaxConnectionAge"/>; then they are cancelled and the connection is closed.
    /// <see cref="Timeout.InfiniteTimeSpan"/>, the default, for as long as they want.
    /// </summary>
    public TimeSpan MaxConnectionAgeGrace { get; set; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// The silence of a client after which it is asked for a sign of life by an HTTP/2 PING; two hours by default (gRFC A9),
    /// <see cref="Timeout.InfiniteTimeSpan"/> for never.
    /// </summary>
    public TimeSpan KeepAliveTime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How long the client may take to answer; then its calls are cancelled and the connection is closed. 20 seconds by default.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The least time between two PINGs of a client while it has calls; 5 minutes by default. Two that come earlier are forgiven, all are whenever
    /// the server sends headers or a message; the next one ends the connection with ENHANCE_YOUR_CALM, <c>too_many_pings</c> (gRFC A8).
    /// <see cref="TimeSpan.Zero"/> permits any.
    /// </summary>
    public TimeSpan MinPingInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a client may ping as often while it has no calls. False by default: then it may once in two hours.</summary>
    public bool PermitPingsWithoutCalls { get; set; }

    /// <summary>The clock of deadlines and time-outs; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
