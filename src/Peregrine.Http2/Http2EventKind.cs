// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>What an <see cref="Http2Event"/> tells.</summary>
public enum Http2EventKind : byte
{
    /// <summary>Server: a new request. Client: the final response head; interim (1xx) heads are skipped.</summary>
    Headers,

    /// <summary>Bytes of a stream, as a lease.</summary>
    Data,

    /// <summary>The trailer section; always the end of the stream's receiving side.</summary>
    Trailers,

    /// <summary>The stream is over before its regular end.</summary>
    StreamReset,

    /// <summary>The stream's send queue, once full, has drained to half of its limit.</summary>
    StreamWritable,

    /// <summary>Client: streams can be opened again after none could.</summary>
    StreamsAvailable,

    /// <summary>The peer's SETTINGS arrived and are applied.</summary>
    SettingsReceived,

    /// <summary>The peer acknowledged our SETTINGS.</summary>
    SettingsAcknowledged,

    /// <summary>The peer answered a PING that the owner sent.</summary>
    PingAcknowledged,

    /// <summary>The peer sent GOAWAY.</summary>
    GoAwayReceived,

    /// <summary>GOAWAY was sent or received and no stream is left: flush and close.</summary>
    Drained,

    /// <summary>Server: the first bytes are not HTTP/2's preface.</summary>
    PrefaceMismatch,

    /// <summary>The last event of a connection: nothing is received any longer, pending output may still be flushed.</summary>
    ConnectionClosed,
}
