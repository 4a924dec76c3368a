// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>
/// What the owner of connections may set. An instance is read by any number of connections and must not change after its first use.
/// Sizes are octets, times are milliseconds.
/// </summary>
public sealed class Http2ConnectionOptions
{
    /// <summary>Largest dynamic table of our HPACK decoder. Default 4096, the protocol's own.</summary>
    public int HeaderTableSize { get; init; } = 4096;

    /// <summary>How many streams a peer may have open at once; always finite and advertised. Default 1000.</summary>
    public int MaxConcurrentStreams { get; init; } = 1000;

    /// <summary>Receive window of a stream. Default 1 MiB.</summary>
    public int InitialStreamWindow { get; init; } = 1 << 20;

    /// <summary>
    /// What the receive window of a stream may grow to as the bandwidth and the delay of the path demand it, which PINGs find out; the
    /// connection's window grows to twice as much. Default 16 MiB, as in other implementations: 160 MB a second over a path of 100
    /// milliseconds. Up to <see cref="InitialStreamWindow"/>, it does not grow, and nothing is asked.
    /// </summary>
    public int MaxStreamWindow { get; init; } = 16 << 20;

    /// <summary>Receive window of the connection, at least 65,535. Default 4 MiB.</summary>
    public int ConnectionWindow { get; init; } = 4 << 20;

    /// <summary>Largest frame payload accepted, 16,384 to 16,777,215. Default 16,384: DATA is handed up as it comes, so larger frames gain nothing.</summary>
    public int MaxFrameSize { get; init; } = 16384;

    /// <summary>
    /// Largest header list accepted, counted as RFC 9113 section 10.5.1 does (name + value + 32 a field). Default 8 KiB. A list above it
    /// is cut and marked; a block above four times of it ends the connection with ENHANCE_YOUR_CALM.
    /// </summary>
    public int MaxHeaderListSize { get; init; } = 8192;

    /// <summary>Most fields kept of a header list. Default 256, what 8 KiB can hold at 32 octets of overhead a field.</summary>
    public int MaxHeaderFields { get; init; } = 256;

    /// <summary>How long the peer may take to acknowledge our SETTINGS. Default 20 seconds; 0 waits for ever.</summary>
    public long SettingsTimeout { get; init; } = 20_000;

    /// <summary>How long a draining server waits for the PING that separates its two GOAWAY frames. Default 10 seconds.</summary>
    public long DrainPingTimeout { get; init; } = 10_000;

    /// <summary>Silence after which a PING is sent; 0, the default, sends none.</summary>
    public long KeepAliveInterval { get; init; }

    /// <summary>
    /// The least time between two keepalive PINGs while neither HEADERS nor DATA come, and the silence after which a new stream brings a
    /// PING along; at least, and by default, <see cref="KeepAliveInterval"/>.
    /// </summary>
    public long KeepAliveDistance { get; init; }

    /// <summary>How long a keepalive PING may stay without any received byte. Default 20 seconds; 0 for ever.</summary>
    public long KeepAliveTimeout { get; init; } = 20_000;

    /// <summary>Whether keepalive PINGs are sent while no stream is open. Default false.</summary>
    public bool KeepAliveWithoutStreams { get; init; }

    /// <summary>
    /// Server: the least time between two PINGs of a client; the third that comes earlier since HEADERS or DATA were sent ends the connection
    /// with ENHANCE_YOUR_CALM and "too_many_pings" (gRFC A8). 0, the default, for any.
    /// </summary>
    public long MinPingInterval { get; init; }

    /// <summary>Server: whether <see cref="MinPingInterval"/> holds without streams, too; else it is two hours then. Default false.</summary>
    public bool PermitPingsWithoutStreams { get; init; }

    /// <summary>
    /// How much a peer may make this connection hold at once: header lists until their streams are released, and output that it does
    /// not take. Beyond that its new requests are refused with REFUSED_STREAM, and no stream is writable. Default 64 MiB.
    /// </summary>
    public long MaxBufferedBytes { get; init; } = 64 << 20;

    /// <summary>Queued octets of a stream at which it stops being writable. Default 64 KiB.</summary>
    public int StreamSendQueueLimit { get; init; } = 64 << 10;
}
