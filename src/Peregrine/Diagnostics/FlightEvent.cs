// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Http2;

namespace Peregrine.Diagnostics;

/// <summary>What happened once, in numbers; the text is made when it is asked for.</summary>
/// <param name="Timestamp">When, as the channel's <see cref="System.TimeProvider"/> counts.</param>
/// <param name="Kind">What.</param>
/// <param name="StreamId">On which stream; 0 for the call and for the connection.</param>
/// <param name="Detail">What <paramref name="Kind"/> says.</param>
internal readonly record struct FlightEvent(long Timestamp, FlightEventKind Kind, int StreamId, int Detail)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        FlightEventKind.CallStarted => "the call began",
        FlightEventKind.WaitsForConnection => "no connection was ready: waited for one",
        FlightEventKind.HasConnection => "a connection was ready",
        FlightEventKind.WaitsForStream => "the server allowed no further stream: waited for one",
        FlightEventKind.Retried => "the server had not processed the call: made anew",
        FlightEventKind.CallEnded => $"the call ended with {(StatusCode)Detail}",
        FlightEventKind.Resolved => "the server's addresses were resolved",
        FlightEventKind.Connected => "the connection was made",
        FlightEventKind.Secured => "the TLS handshake was done",
        FlightEventKind.Ready => "the server's SETTINGS came: the connection was ready",
        FlightEventKind.HeadersSent => OnStream("sent HEADERS"),
        FlightEventKind.MessageSent => OnStream("sent DATA", "bytes"),
        FlightEventKind.EndSent => OnStream("sent END_STREAM"),
        FlightEventKind.ResetSent => OnStream($"sent RST_STREAM {Code}"),
        FlightEventKind.HeadersReceived => OnStream("received HEADERS"),
        FlightEventKind.DataReceived => OnStream("received DATA", "bytes"),
        FlightEventKind.EndReceived => OnStream("received END_STREAM"),
        FlightEventKind.StreamFailed => OnStream($"failed with {Code}"),
        FlightEventKind.GoAwayReceived => $"received GOAWAY {Code}",
        _ => $"the connection ended with {Code}",
    };

    private string Code => Http2Error.NameOf((Http2ErrorCode)Detail);

    private string OnStream(string what) => string.Create(CultureInfo.InvariantCulture, $"stream {StreamId} {what}");

    private string OnStream(string what, string unit) => string.Create(CultureInfo.InvariantCulture, $"stream {StreamId} {what}, {unit} {Detail}");
}
