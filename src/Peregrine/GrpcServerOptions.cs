// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;
using Peregrine.Interceptors;

namespace Peregrine;

/// <summary>What a <see cref="GrpcServer"/> can be told. Read when the server is made; later changes have no effect.</summary>
public sealed class GrpcServerOptions
{
    private int _maxConcurrentStreams = 1000;
    private long _maxConnectionBufferSize = 64L << 20;

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

    /// <summary>Interceptors of every call, the first outermost. They apply to services added after them, too.</summary>
    public IList<Interceptor> Interceptors { get; } = [];

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

    /// <summary>How long a TLS handshake may take before the connection is closed; 20 seconds by default.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The clock of deadlines and time-outs; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
