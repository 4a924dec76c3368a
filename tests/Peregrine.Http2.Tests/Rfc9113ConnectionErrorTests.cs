// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests;

/// <summary>RFC 9113 sections 4 to 6: what ends the connection, with the code each section names.</summary>
public sealed class Rfc9113ConnectionErrorTests
{
    private static readonly Dictionary<string, Func<FrameScript>> Scripts = new()
    {
        ["4.2 oversized HEADERS"] = () => new FrameScript().Frame(1, 4, 1, new byte[16385]),
        ["4.3 undecodable block"] = () => new FrameScript().Frame(1, 4, 1, 0x80),
        ["4.3 interrupted header block"] = () => new FrameScript().Frame(1, 0, 1, 0x82).Ping(),
        ["4.3 header block continued on another stream"] = () => new FrameScript().Frame(1, 0, 1, 0x82).Frame(9, 4, 3),
        ["5.1 DATA on idle stream"] = () => new FrameScript().Data(1, false, 1),
        ["5.1 RST_STREAM on idle stream"] = () => new FrameScript().Reset(1),
        ["5.1 WINDOW_UPDATE on idle stream"] = () => new FrameScript().WindowUpdate(1, 1),
        ["5.1 CONTINUATION on idle stream"] = () => new FrameScript().Frame(9, 4, 1),
        ["5.1.1 even stream number"] = () => new FrameScript().Headers(2, true, FrameScript.Request),
        ["5.1.1 lower stream number"] = () =>
            new FrameScript().Headers(5, true, FrameScript.Request).Headers(3, true, FrameScript.Request),
        ["6.1 DATA on stream 0"] = () => new FrameScript().Data(0, false, 1),
        ["6.1 padding as long as the payload"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Request).Frame(0, 8, 1, 4, 0, 0, 0),
        ["6.1 padded without pad length"] = () => new FrameScript().Headers(1, false, FrameScript.Request).Frame(0, 8, 1),
        ["6.2 HEADERS on stream 0"] = () => new FrameScript().Headers(0, true, FrameScript.Request),
        ["6.2 padding as long as the payload"] = () => new FrameScript().Frame(1, 4 | 8, 1, 2, 0x82),
        ["6.3 PRIORITY on stream 0"] = () => new FrameScript().Frame(2, 0, 0, 0, 0, 0, 1, 0),
        ["6.3 idle stream depends on itself"] = () => new FrameScript().Frame(2, 0, 1, 0, 0, 0, 1, 0),
        ["6.4 RST_STREAM on stream 0"] = () => new FrameScript().Reset(0),
        ["6.4 RST_STREAM of three octets"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Request).Frame(3, 0, 1, 0, 0, 0),
        ["6.5 SETTINGS on a stream"] = () => new FrameScript().Frame(4, 0, 1),
        ["6.5 SETTINGS ACK with payload"] = () => new FrameScript().Frame(4, 1, 0, new byte[6]),
        ["6.5 SETTINGS of five octets"] = () => new FrameScript().Frame(4, 0, 0, new byte[5]),
        ["6.5.2 ENABLE_PUSH 2"] = () => new FrameScript().Settings((2, 2)),
        ["6.5.2 INITIAL_WINDOW_SIZE 2^31"] = () => new FrameScript().Settings((4, 0x8000_0000)),
        ["6.5.2 MAX_FRAME_SIZE 16383"] = () => new FrameScript().Settings((5, 16383)),
        ["6.5.2 MAX_FRAME_SIZE 2^24"] = () => new FrameScript().Settings((5, 1 << 24)),
        ["6.6 PUSH_PROMISE"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Request).Frame(5, 4, 1, 0, 0, 0, 2, 0x82),
        ["6.7 PING on a stream"] = () => new FrameScript().Frame(6, 0, 1, new byte[8]),
        ["6.7 PING of seven octets"] = () => new FrameScript().Frame(6, 0, 0, new byte[7]),
        ["6.8 GOAWAY on a stream"] = () => new FrameScript().Frame(7, 0, 1, new byte[8]),
        ["6.8 GOAWAY of seven octets"] = () => new FrameScript().Frame(7, 0, 0, new byte[7]),
        ["6.8 GOAWAY raises its last id"] = () => new FrameScript().GoAway(1).GoAway(3),
        ["6.9 WINDOW_UPDATE of three octets"] = () => new FrameScript().Frame(8, 0, 0, 0, 0, 1),
        ["6.9 increment 0 on the connection"] = () => new FrameScript().WindowUpdate(0, 0),
        ["6.9.1 connection window beyond 2^31-1"] = () => new FrameScript().WindowUpdate(0, int.MaxValue),
        ["6.9.2 stream window beyond 2^31-1 by SETTINGS"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Request).WindowUpdate(1, 1 << 30).Settings((4, int.MaxValue)),
        ["6.10 CONTINUATION without HEADERS"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Request).Frame(9, 4, 1, 0x82),
    };

    [Theory]
    [InlineData("4.2 oversized HEADERS", Http2ErrorCode.FrameSizeError)]
    [InlineData("4.3 undecodable block", Http2ErrorCode.CompressionError)]
    [InlineData("4.3 interrupted header block", Http2ErrorCode.ProtocolError)]
    [InlineData("4.3 header block continued on another stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 DATA on idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 RST_STREAM on idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 WINDOW_UPDATE on idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1 CONTINUATION on idle stream", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 even stream number", Http2ErrorCode.ProtocolError)]
    [InlineData("5.1.1 lower stream number", Http2ErrorCode.ProtocolError)]
    [InlineData("6.1 DATA on stream 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.1 padding as long as the payload", Http2ErrorCode.ProtocolError)]
    [InlineData("6.1 padded without pad length", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.2 HEADERS on stream 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.2 padding as long as the payload", Http2ErrorCode.ProtocolError)]
    [InlineData("6.3 PRIORITY on stream 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.3 idle stream depends on itself", Http2ErrorCode.ProtocolError)]
    [InlineData("6.4 RST_STREAM on stream 0", Http2ErrorCode.ProtocolError)]
    [InlineData("6.4 RST_STREAM of three octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5 SETTINGS on a stream", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5 SETTINGS ACK with payload", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5 SETTINGS of five octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.5.2 ENABLE_PUSH 2", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5.2 INITIAL_WINDOW_SIZE 2^31", Http2ErrorCode.FlowControlError)]
    [InlineData("6.5.2 MAX_FRAME_SIZE 16383", Http2ErrorCode.ProtocolError)]
    [InlineData("6.5.2 MAX_FRAME_SIZE 2^24", Http2ErrorCode.ProtocolError)]
    [InlineData("6.6 PUSH_PROMISE", Http2ErrorCode.ProtocolError)]
    [InlineData("6.7 PING on a stream", Http2ErrorCode.ProtocolError)]
    [InlineData("6.7 PING of seven octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.8 GOAWAY on a stream", Http2ErrorCode.ProtocolError)]
    [InlineData("6.8 GOAWAY of seven octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.8 GOAWAY raises its last id", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9 WINDOW_UPDATE of three octets", Http2ErrorCode.FrameSizeError)]
    [InlineData("6.9 increment 0 on the connection", Http2ErrorCode.ProtocolError)]
    [InlineData("6.9.1 connection window beyond 2^31-1", Http2ErrorCode.FlowControlError)]
    [InlineData("6.9.2 stream window beyond 2^31-1 by SETTINGS", Http2ErrorCode.FlowControlError)]
    [InlineData("6.10 CONTINUATION without HEADERS", Http2ErrorCode.ProtocolError)]
    public void Violation_ends_the_connection_with_its_code(string script, Http2ErrorCode code)
    {
        using Peer peer = Peer.Server().Opened();
        peer.Feed(Scripts[script]());
        Assert.Equal($"ConnectionClosed {Http2Error.NameOf(code)} Library", peer.Told()[^1]);
        string goAway = peer.Sent()[^1];
        Assert.StartsWith("GOAWAY ", goAway);
        Assert.EndsWith(Http2Error.NameOf(code), goAway);
        Assert.Empty(peer.Feed(new FrameScript().Ping()).Told());
    }

    [Fact]
    public void First_frame_other_than_settings_is_connection_error_PROTOCOL_ERROR()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8).Ping());
        Assert.Equal(["ConnectionClosed PROTOCOL_ERROR Library"], server.Told());
    }

    [Fact]
    public void Bytes_of_another_protocol_are_shown_to_the_owner_and_nothing_is_sent()
    {
        using Peer server = Peer.Server();
        server.Feed("GET / HTTP/1.1\r\n\r\n"u8);
        Http2Event mismatch = Assert.Single(server.Events);
        Assert.Equal(Http2EventKind.PrefaceMismatch, mismatch.Kind);
        Assert.Equal("GET / HTTP/1.1\r\n\r\n"u8, mismatch.Data.Span);
        server.Connection.ReleaseData(mismatch.Data);
        Assert.Empty(server.Sent());
        server.Connection.Close(Http2ErrorCode.ProtocolError, "not HTTP/2", server.Events);
        Assert.Equal(["SETTINGS", "WINDOW_UPDATE 0 4128769", "GOAWAY 0 PROTOCOL_ERROR"], server.Sent());
    }
}
