// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Streams;

/// <summary>
/// The life of a stream, RFC 9113 section 5.1 without push:
/// <code>
///              +--------+
///              |  idle  |
///              +--------+
///                  | send or receive HEADERS
///                  v
///              +--------+
///  send ES     |        |   receive ES
///     .--------|  open  |--------.
///     v        +--------+        v
/// +--------+        |       +--------+
/// | half-  |        |       | half-  |
/// | closed |        | RST   | closed |
/// | local  |        |       | remote |
/// +--------+        v       +--------+
///     |        +--------+        |
///     '------->| closed |&lt;-------'
///  receive ES  +--------+   send ES
/// </code>
/// </summary>
internal enum StreamState : byte
{
    Idle,
    Open,
    HalfClosedLocal,
    HalfClosedRemote,
    Closed,
}

/// <summary>What moves a stream.</summary>
internal enum StreamTransition : byte
{
    Headers,
    SendEndStream,
    ReceiveEndStream,
    Reset,
}

/// <summary>The transitions as a table.</summary>
internal static class StreamStates
{
    private static readonly StreamState[] Table =
    [
        // Headers, SendEndStream, ReceiveEndStream, Reset
        StreamState.Open, StreamState.Idle, StreamState.Idle, StreamState.Closed, // Idle
        StreamState.Open, StreamState.HalfClosedLocal, StreamState.HalfClosedRemote, StreamState.Closed, // Open
        StreamState.HalfClosedLocal, StreamState.HalfClosedLocal, StreamState.Closed, StreamState.Closed, // HalfClosedLocal
        StreamState.HalfClosedRemote, StreamState.Closed, StreamState.HalfClosedRemote, StreamState.Closed, // HalfClosedRemote
        StreamState.Closed, StreamState.Closed, StreamState.Closed, StreamState.Closed, // Closed
    ];

    public static StreamState Next(StreamState state, StreamTransition transition) => Table[((int)state * 4) + (int)transition];
}
