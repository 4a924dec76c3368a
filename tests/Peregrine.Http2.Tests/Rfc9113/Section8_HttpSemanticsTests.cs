// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>RFC 9113 section 8, Expressing HTTP Semantics in HTTP/2: what is a message, and what is a malformed one.</summary>
public sealed class Section8_HttpSemanticsTests
{
    private const string RequestText = ":method=POST :scheme=http :path=/a/b :authority=test te=trailers";

    private static readonly (string Name, string Value)[] Request = FrameScript.Request;

    // ---- 8.1 Message framing

    [Fact]
    public void A_request_is_a_head_a_body_and_trailers() =>
        Conformance.Tells(
            [$"Headers 5 {RequestText}", "Data 5 3", "Trailers 5 ES t=1"],
            frames => frames.Headers(5, false, Request).Data(5, false, 1).Data(5, false, 2, 3).Headers(5, true, ("t", "1")),
            Http2Role.Server);

    [Fact]
    public void Interim_responses_are_skipped()
    {
        OnFreshStream(
            frames => frames.Headers(1, false, (":status", "100")).Headers(1, false, (":status", "103"), ("link", "a"))
                .Headers(1, false, (":status", "200")).Data(1, true, 1),
            ["Headers 1 :status=200", "Data 1 ES 1"],
            []);
    }

    [Fact]
    public void A_response_may_be_one_block() =>
        OnFreshStream(frames => frames.Headers(1, true, (":status", "200"), ("grpc-status", "0")), ["Headers 1 ES :status=200 grpc-status=0"], []);

    [Fact]
    public void A_server_may_send_interim_heads_before_the_final_one()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, Request));
        Http2Stream stream = server.Events[0].Stream!;
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "103"), ("link", "a")), endStream: false);
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: true);
        Assert.Equal(["HEADERS 1 :status=103 link=a", "HEADERS 1 ES :status=200"], server.Sent());
    }

    [Fact]
    public void Trailers_that_do_not_end_the_stream_are_malformed() =>
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Headers(1, false, ("t", "1")));

    [Fact]
    public void An_interim_response_that_ends_the_stream_is_malformed() =>
        IsMalformedResponse(frames => frames.Headers(1, true, (":status", "103")));

    [Fact]
    public void A_body_before_or_between_heads_is_malformed()
    {
        IsMalformedResponse(frames => frames.Data(1, false, 1));
        IsMalformedResponse(frames => frames.Headers(1, false, (":status", "103")).Data(1, false, 1));
    }

    [Fact]
    public void A_server_that_needs_no_more_of_the_request_says_so_behind_its_response()
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        Http2Stream stream = server.Connection.Session.Streams.Find(1)!;
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: false);
        server.Connection.SendTrailers(stream, Peer.Fields(("grpc-status", "0")));
        server.Connection.ResetStreamAfterSend(stream, Http2ErrorCode.NoError);
        Assert.Equal(["HEADERS 1 :status=200", "HEADERS 1 ES grpc-status=0", "RST_STREAM 1 NO_ERROR"], server.Sent());
        server.Feed(new FrameScript().Data(1, true, 1, 2, 3));
        Assert.Empty(server.Told());
    }

    [Fact]
    public void A_response_that_ended_before_a_reset_stands() =>
        Conformance.Tells(
            ["Trailers 1 ES t=1", "StreamReset 1 NO_ERROR Remote"], frames => frames.Headers(1, true, ("t", "1")).Reset(1, Http2ErrorCode.NoError), Http2Role.Client);

    // ---- 8.1.1 Malformed messages

    [Theory]
    [InlineData("1")]
    [InlineData("9223372036854775807")]
    public void A_content_length_that_no_body_follows_is_malformed(string length)
    {
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [.. Request, ("content-length", length)]));
        IsMalformedResponse(frames => frames.Headers(1, true, (":status", "200"), ("content-length", length)));
    }

    [Theory]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("0x1")]
    [InlineData("1 1")]
    [InlineData("")]
    [InlineData("9223372036854775808")]
    [InlineData("1, 1")]
    public void A_content_length_that_is_no_number_is_malformed(string length) =>
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, [.. Request, ("content-length", length)]));

    [Fact]
    public void A_content_length_that_contradicts_itself_is_malformed()
    {
        Conformance.IsRefused(
            Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, [.. Request, ("content-length", "1"), ("content-length", "2")]));
        Conformance.Tells(
            [$"Headers 5 {RequestText} content-length=1 content-length=1", "Data 5 ES 1"],
            frames => frames.Headers(5, false, [.. Request, ("content-length", "1"), ("content-length", "1")]).Data(5, true, 9),
            Http2Role.Server);
    }

    [Fact]
    public void A_body_of_another_length_than_content_length_is_malformed()
    {
        (string, string)[] head = [.. Request, ("content-length", "2")];
        Conformance.IsStreamError(
            5, Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, head).Data(5, true, 1), Http2Role.Server);
        Conformance.IsStreamError(
            5, Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, head).Data(5, false, 1, 2).Data(5, false, 3), Http2Role.Server);
        Conformance.IsStreamError(
            5, Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, head).Data(5, false, 1).Headers(5, true, ("t", "1")), Http2Role.Server);
        IsMalformedResponse(
            frames => frames.Headers(1, false, (":status", "200"), ("content-length", "2")).Data(1, false, 1).Headers(1, true, ("t", "1")));
    }

    [Fact]
    public void A_response_to_HEAD_or_a_304_has_the_length_of_a_body_that_does_not_come()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields((":method", "HEAD"), (":scheme", "http"), (":path", "/")), endStream: true);
        client.Connection.OpenStream(Peer.Fields(Request), endStream: true);
        client.Sent();
        client.Feed(new FrameScript().Headers(1, true, (":status", "200"), ("content-length", "5")).Headers(3, true, (":status", "304"), ("content-length", "5")));
        Assert.Equal(["Headers 1 ES :status=200 content-length=5", "Headers 3 ES :status=304 content-length=5"], client.Told());
        Assert.Empty(client.Sent());
    }

    [Fact]
    public void A_malformed_request_is_never_handed_up_and_its_body_is_discarded()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, [.. Request, ("X", "1")]).Data(1, false, 1, 2).Headers(1, true, ("t", "1")));
        Assert.Empty(server.Told());
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR"], server.Sent());
        Conformance.GoesOn(server);
    }

    // ---- 8.2.1 Field validity

    [Theory]
    [InlineData("X-upper", "1")]
    [InlineData("x y", "1")]
    [InlineData("x\t", "1")]
    [InlineData("x\0", "1")]
    [InlineData("x\u007f", "1")]
    [InlineData("x\u00e9", "1")]
    [InlineData("x:y", "1")]
    [InlineData("", "1")]
    [InlineData("x", "a\nb")]
    [InlineData("x", "a\rb")]
    [InlineData("x", "a\0b")]
    public void A_field_with_forbidden_octets_is_malformed(string name, string value)
    {
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [.. Request, (name, value)]));
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Headers(1, true, (name, value)));
        IsMalformedResponse(frames => frames.Headers(1, false, (":status", "200"), (name, value)));
    }

    [Fact]
    public void Any_other_octet_is_allowed_in_values()
    {
        string value = string.Concat(Enumerable.Range(1, 255).Where(octet => octet is not (9 or 10 or 13 or 32)).Select(octet => (char)octet));
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, [.. Request, ("x", value)]));
        Assert.EndsWith("x=" + value, Assert.Single(server.Told()));
    }

    [Fact]
    public void Blanks_around_values_are_stripped() =>
        Conformance.Tells(
            [$"Headers 5 ES {RequestText} x=a b"], frames => frames.Headers(5, true, [.. Request, ("x", " \ta b\t ")]), Http2Role.Server);

    // ---- 8.2.2 Connection-specific fields

    [Theory]
    [InlineData("connection", "close")]
    [InlineData("keep-alive", "timeout=5")]
    [InlineData("proxy-connection", "keep-alive")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "gzip")]
    [InlineData("te", "trailers, gzip")]
    public void A_field_of_HTTP_1_connections_is_malformed(string name, string value)
    {
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [.. Request[..4], (name, value)]));
        IsMalformedResponse(frames => frames.Headers(1, false, (":status", "200"), (name, value)));
    }

    // ---- 8.3 Control data

    [Theory]
    [InlineData(":test", "1")]
    [InlineData(":status", "200")]
    [InlineData(":path", "/")]
    [InlineData(":method", "POST")]
    [InlineData(":scheme", "http")]
    [InlineData(":authority", "test")]
    [InlineData(":", "1")]
    public void An_unknown_repeated_or_misplaced_pseudo_header_field_is_malformed(string name, string value)
    {
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [(name, value), .. Request]));
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [.. Request[..4], ("a", "b"), (name, value)]));
    }

    [Theory]
    [InlineData(":method")]
    [InlineData(":scheme")]
    [InlineData(":path")]
    public void A_request_that_lacks_a_pseudo_header_field_is_malformed(string missing) =>
        Conformance.IsRefused(
            Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, [.. Request.Where(field => field.Name != missing)]));

    [Fact]
    public void A_request_with_an_empty_path_is_malformed() =>
        Conformance.IsRefused(
            Http2ErrorCode.ProtocolError, frames => frames.Headers(5, true, (":method", "POST"), (":scheme", "http"), (":path", "")));

    [Fact]
    public void A_request_needs_no_authority() =>
        Conformance.Tells(
            ["Headers 5 ES :method=GET :scheme=http :path=/"],
            frames => frames.Headers(5, true, (":method", "GET"), (":scheme", "http"), (":path", "/")),
            Http2Role.Server);

    [Theory]
    [InlineData("20")]
    [InlineData("2000")]
    [InlineData("2x0")]
    [InlineData("099")]
    [InlineData("")]
    [InlineData("101")]
    public void A_response_without_a_valid_status_is_malformed(string status)
    {
        IsMalformedResponse(frames => frames.Headers(1, false, (":status", status)));
        IsMalformedResponse(frames => frames.Headers(1, false, ("content-type", "application/grpc")));
    }

    [Theory]
    [InlineData(":status", "200")]
    [InlineData(":path", "/")]
    [InlineData(":unknown", "1")]
    public void A_response_with_another_or_a_second_pseudo_header_field_is_malformed(string name, string value)
    {
        IsMalformedResponse(frames => frames.Headers(1, false, (":status", "200"), (name, value)));
        IsMalformedResponse(frames => frames.Headers(1, false, ("a", "b"), (":status", "200")));
    }

    [Fact]
    public void Trailers_with_a_pseudo_header_field_are_malformed()
    {
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Headers(1, true, (":status", "200")));
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Headers(1, true, ("t", "1"), (":path", "/")));
    }

    // ---- 8.5 CONNECT

    [Fact]
    public void CONNECT_has_an_authority_alone()
    {
        Conformance.Tells(
            ["Headers 5 :method=CONNECT :authority=test:1"],
            frames => frames.Headers(5, false, (":method", "CONNECT"), (":authority", "test:1")),
            Http2Role.Server);
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Headers(5, false, (":method", "CONNECT")));
        Conformance.IsRefused(
            Http2ErrorCode.ProtocolError,
            frames => frames.Headers(5, false, (":method", "CONNECT"), (":authority", "test:1"), (":scheme", "http")));
        Conformance.IsRefused(
            Http2ErrorCode.ProtocolError,
            frames => frames.Headers(5, false, (":method", "CONNECT"), (":authority", "test:1"), (":path", "/")));
    }

    // ---- 8.7 Request reliability

    [Fact]
    public void REFUSED_STREAM_before_any_response_tells_that_the_request_was_not_processed()
    {
        OnFreshStream(frames => frames.Reset(1, Http2ErrorCode.RefusedStream), ["StreamReset 1 REFUSED_STREAM Remote unprocessed"], []);
        Conformance.Tells(["StreamReset 1 REFUSED_STREAM Remote"], frames => frames.Reset(1, Http2ErrorCode.RefusedStream), Http2Role.Client);
    }

    // ---- 10.5.1 Limits on field block size

    [Fact]
    public void A_list_above_the_limit_is_marked_and_four_times_the_limit_ends_the_connection()
    {
        using Peer server = Peer.Server(new() { MaxHeaderListSize = 300 }).Opened();
        server.Feed(new FrameScript().Headers(1, true, [.. Request, ("x", new string('x', 200))]));
        Assert.StartsWith("Headers 1 ES TOO LARGE :method=POST", Assert.Single(server.Told()));
        server.Feed(new FrameScript().Headers(3, true, [.. Request, ("x", new string('x', 1000))]));
        Assert.Equal("ConnectionClosed ENHANCE_YOUR_CALM Library", server.Told()[^1]);
    }

    private static void IsMalformedResponse(Action<FrameScript> frames) =>
        OnFreshStream(frames, ["StreamReset 1 PROTOCOL_ERROR Library"], ["RST_STREAM 1 PROTOCOL_ERROR"]);

    /// <summary>A client that waits for the head of its response on stream 1.</summary>
    private static void OnFreshStream(Action<FrameScript> frames, string[] told, string[] sent)
    {
        FrameScript script = new();
        frames(script);
        foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in TestKit.SplitSequences.ChunksOf(script.ToArray()))
        {
            using Peer client = Peer.Client().Opened();
            client.Connection.OpenStream(Peer.Fields(Request), endStream: false);
            client.Sent();
            foreach (ReadOnlyMemory<byte> chunk in chunks.Where(chunk => !chunk.IsEmpty))
            {
                client.Feed(chunk.Span);
            }

            // A malformed trailer section follows a head that was fine.
            List<string> all = client.Told();
            Assert.True(told.SequenceEqual(all.Skip(all.Count - told.Length)), $"{label}: {string.Join('|', all)}");
            Assert.Equal(sent, client.Sent());
            Conformance.GoesOn(client);
        }
    }
}
