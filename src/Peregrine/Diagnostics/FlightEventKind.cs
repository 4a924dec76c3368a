// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Diagnostics;

/// <summary>What happens to a call and to its connection, as a <see cref="CallTimeline"/> tells it. What is received stands last.</summary>
internal enum FlightEventKind : byte
{
    /// <summary>The call began.</summary>
    CallStarted,

    /// <summary>No connection was ready: the call began to wait for one.</summary>
    WaitsForConnection,

    /// <summary>A connection was ready.</summary>
    HasConnection,

    /// <summary>The connections had no stream left to open: the call began to wait for its turn.</summary>
    WaitsForStream,

    /// <summary>An attempt ended that the server had not processed: the call was made anew.</summary>
    Retried,

    /// <summary>The call had its status; the detail is the status code.</summary>
    CallEnded,

    /// <summary>The addresses of the target were known.</summary>
    Resolved,

    /// <summary>TCP, or its stand-in, was connected.</summary>
    Connected,

    /// <summary>The TLS handshake was done.</summary>
    Secured,

    /// <summary>The server's SETTINGS had come.</summary>
    Ready,

    /// <summary>Request headers were given to the connection.</summary>
    HeadersSent,

    /// <summary>A request message was given to the connection; the detail is its length, with its prefix.</summary>
    MessageSent,

    /// <summary>The end of the request was given to the connection.</summary>
    EndSent,

    /// <summary>RST_STREAM was given to the connection; the detail is the code.</summary>
    ResetSent,

    /// <summary>Response headers came: the first byte of the answer.</summary>
    HeadersReceived,

    /// <summary>DATA came; the detail is its length.</summary>
    DataReceived,

    /// <summary>The end of the response came.</summary>
    EndReceived,

    /// <summary>The stream failed: RST_STREAM came, or the connection was lost; the detail is the code.</summary>
    StreamFailed,

    /// <summary>GOAWAY came; the detail is the code.</summary>
    GoAwayReceived,

    /// <summary>The connection ended; the detail is the code.</summary>
    Closed,
}
