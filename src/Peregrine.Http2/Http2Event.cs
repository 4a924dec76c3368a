// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// One thing that happened on a connection, small enough to be queued by value. Whoever takes it from the list owns what it carries:
/// <see cref="Data"/> goes back by <see cref="Http2Connection.ReleaseData"/>, <see cref="Headers"/> by
/// <see cref="Http2Connection.ReleaseHeaders"/>.
/// </summary>
public readonly struct Http2Event
{
    private readonly object? _payload;
    private readonly ulong _value;
    private readonly int _offset;
    private readonly int _length;

    private Http2Event(
        Http2EventKind kind, Http2Stream? stream, object? payload, bool flag, in Http2Error error, ulong value, int offset, int length)
    {
        Kind = kind;
        Stream = stream;
        _payload = payload;
        EndStream = flag;
        Error = error;
        _value = value;
        _offset = offset;
        _length = length;
    }

    /// <summary>What happened.</summary>
    public Http2EventKind Kind { get; }

    /// <summary>The stream concerned; null for events of the connection.</summary>
    public Http2Stream? Stream { get; }

    /// <summary>
    /// The stream's number when the event was made; it differs from the object's own once a released object serves another stream.
    /// </summary>
    public int StreamId => Kind == Http2EventKind.Data ? (int)_value : Stream is null ? 0 : _offset;

    /// <summary>Whether nothing more is received on the stream after this event (Headers, Data, Trailers).</summary>
    public bool EndStream { get; }

    /// <summary>The reason (StreamReset, GoAwayReceived, PrefaceMismatch, ConnectionClosed).</summary>
    public Http2Error Error { get; }

    /// <summary>The decoded block (Headers, Trailers).</summary>
    public HeaderList? Headers => _payload as HeaderList;

    /// <summary>The bytes (Data, PrefaceMismatch); empty otherwise.</summary>
    public DataLease Data => _payload is ReceiveBlock block ? new DataLease(block, _offset, _length, (int)_value) : default;

    /// <summary>
    /// StreamReset on a client: the peer never processed the request (REFUSED_STREAM, or above the last id of its GOAWAY), so that it
    /// may be sent again elsewhere even if it is not idempotent (RFC 9113 section 8.7).
    /// </summary>
    public bool Unprocessed => Kind == Http2EventKind.StreamReset && _value != 0;

    /// <summary>The eight octets of the answered PING (PingAcknowledged).</summary>
    public ulong PingPayload => Kind == Http2EventKind.PingAcknowledged ? _value : 0;

    /// <summary>The highest stream id that the peer processed or will process (GoAwayReceived).</summary>
    public int LastStreamId => Kind == Http2EventKind.GoAwayReceived ? (int)_value : 0;

    internal static Http2Event ForHeaders(Http2EventKind kind, Http2Stream stream, HeaderList headers, bool endStream) =>
        new(kind, stream, headers, endStream, default, 0, stream.Id, 0);

    internal static Http2Event ForData(Http2Stream stream, ReceiveBlock? block, int offset, int length, bool endStream) =>
        new(Http2EventKind.Data, stream, block, endStream, default, (ulong)stream.Id, offset, length);

    internal static Http2Event ForReset(Http2Stream stream, in Http2Error error, bool unprocessed) =>
        new(Http2EventKind.StreamReset, stream, null, false, error, unprocessed ? 1UL : 0, stream.Id, 0);

    internal static Http2Event ForWritable(Http2Stream stream) =>
        new(Http2EventKind.StreamWritable, stream, null, false, default, 0, stream.Id, 0);

    internal static Http2Event ForConnection(Http2EventKind kind, in Http2Error error = default, ulong value = 0) =>
        new(kind, null, null, false, error, value, 0, 0);

    internal static Http2Event ForPrefaceMismatch(in Http2Error error, ReceiveBlock? block, int offset, int length) =>
        new(Http2EventKind.PrefaceMismatch, null, block, false, error, 0, offset, length);
}
