// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests;

/// <summary>RFC 9113 sections 5 and 8: what ends one stream while the connection goes on, and what is ignored.</summary>
public sealed class Rfc9113StreamTests
{
    private static readonly Dictionary<string, (string, string)[]> Requests = new()
    {
        ["8.2.1 upper case name"] = [.. FrameScript.Request, ("X", "1")],
        ["8.2.1 LF in value"] = [.. FrameScript.Request, ("x", "a\nb")],
        ["8.2.1 NUL in value"] = [.. FrameScript.Request, ("x", "a\0b")],
        ["8.2.1 blank in name"] = [.. FrameScript.Request, ("x y", "1")],
        ["8.2.1 empty name"] = [.. FrameScript.Request, ("", "1")],
        ["8.2.2 connection"] = [.. FrameScript.Request, ("connection", "close")],
        ["8.2.2 te gzip"] = [.. FrameScript.Request, ("te", "gzip")],
        ["8.2.2 transfer-encoding"] = [.. FrameScript.Request, ("transfer-encoding", "chunked")],
        ["8.3 pseudo behind regular"] = [("x", "1"), .. FrameScript.Request],
        ["8.3 unknown pseudo"] = [(":test", "1"), .. FrameScript.Request],
        ["8.3 response pseudo"] = [(":status", "200"), .. FrameScript.Request],
        ["8.3 repeated pseudo"] = [(":path", "/"), .. FrameScript.Request],
        ["8.3.1 no method"] = FrameScript.Request[1..],
        ["8.3.1 no path"] = [.. FrameScript.Request[..2], .. FrameScript.Request[3..]],
        ["8.3.1 empty path"] = [(":method", "POST"), (":scheme", "http"), (":path", "")],
        ["8.3.1 no scheme"] = [FrameScript.Request[0], .. FrameScript.Request[2..]],
        ["8.1.1 content-length without body"] = [.. FrameScript.Request, ("content-length", "1")],
        ["8.1.1 content-length no number"] = [.. FrameScript.Request, ("content-length", "+1")],
    };

    [Theory]
    [InlineData("8.2.1 upper case name")]
    [InlineData("8.2.1 LF in value")]
    [InlineData("8.2.1 NUL in value")]
    [InlineData("8.2.1 blank in name")]
    [InlineData("8.2.1 empty name")]
    [InlineData("8.2.2 connection")]
    [InlineData("8.2.2 te gzip")]
    [InlineData("8.2.2 transfer-encoding")]
    [InlineData("8.3 pseudo behind regular")]
    [InlineData("8.3 unknown pseudo")]
    [InlineData("8.3 response pseudo")]
    [InlineData("8.3 repeated pseudo")]
    [InlineData("8.3.1 no method")]
    [InlineData("8.3.1 no path")]
    [InlineData("8.3.1 empty path")]
    [InlineData("8.3.1 no scheme")]
    [InlineData("8.1.1 content-length without body")]
    [InlineData("8.1.1 content-length no number")]
    public void Malformed_request_is_stream_error_PROTOCOL_ERROR(string request)
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, Requests[request]).Headers(3, true, FrameScript.Request));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR"], server.Sent());
        Assert.StartsWith("Headers 3 ES", Assert.Single(server.Told()));
    }

    [Fact]
    public void Blanks_around_values_are_stripped()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, [.. FrameScript.Request, ("x", " \ta b\t ")]));
        Assert.EndsWith(" x=a b", Assert.Single(server.Told()));
    }

    [Fact]
    public void Trailers_with_pseudo_fields_or_without_END_STREAM_are_stream_error_PROTOCOL_ERROR()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, false, FrameScript.Request);
        server.Feed(script.Headers(1, true, (":path", "/")).Headers(3, false, ("a", "b")));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR", "RST_STREAM 3 PROTOCOL_ERROR"], server.Sent());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frame_behind_END_STREAM_is_stream_error_STREAM_CLOSED(bool data)
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new FrameScript().Headers(1, true, FrameScript.Request);
        server.Feed(data ? script.Data(1, true, 1) : script.Headers(1, true, FrameScript.Request));
        Assert.Equal(["RST_STREAM 1 STREAM_CLOSED"], server.Sent());
    }

    [Fact]
    public void Frame_on_a_completed_stream_is_connection_error_STREAM_CLOSED()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request));
        server.Connection.SendHeaders(server.Events[0].Stream!, Peer.Fields((":status", "200")), endStream: true);
        server.Told();
        server.Feed(new FrameScript().Data(1, false, 1));
        Assert.Equal(["ConnectionClosed STREAM_CLOSED Library"], server.Told());
    }

    [Fact]
    public void Frame_on_a_stream_that_the_peer_reset_is_answered_by_STREAM_CLOSED()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Reset(1).Data(1, false, 1));
        Assert.Equal(["RST_STREAM 1 STREAM_CLOSED"], server.Sent());
        Assert.Equal("StreamReset 1 CANCEL Remote", server.Told()[1]);
    }

    [Fact]
    public void Late_frames_on_a_stream_that_this_end_reset_are_ignored_and_credited()
    {
        using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request));
        server.Connection.ResetStream(server.Events[0].Stream!, Http2ErrorCode.Cancel);
        FrameScript late = new();
        for (int i = 0; i < 10; i++)
        {
            late.Data(1, false, new byte[16000]);
            server.Feed(late);
            late = new();
        }

        server.Feed(new FrameScript().Headers(1, true, ("t", "1")).WindowUpdate(1, 5).Reset(1));
        Assert.Equal(
            ["RST_STREAM 1 CANCEL", .. Enumerable.Repeat("WINDOW_UPDATE 0 48000", 3)], server.Sent());
        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Streams_beyond_the_limit_are_refused_and_the_connection_goes_on()
    {
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 1 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, true, FrameScript.Request));
        Assert.Equal(["RST_STREAM 3 REFUSED_STREAM"], server.Sent());
        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Body_that_contradicts_content_length_is_stream_error_PROTOCOL_ERROR()
    {
        using Peer server = Peer.Server().Opened();
        (string, string)[] request = [.. FrameScript.Request, ("content-length", "2")];
        server.Feed(new FrameScript().Headers(1, false, request).Data(1, true, 1).Headers(3, false, request).Data(3, false, 1, 2, 3));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR", "RST_STREAM 3 PROTOCOL_ERROR"], server.Sent());
    }

    [Fact]
    public void Increment_0_and_window_overflow_on_a_stream_are_stream_errors()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).WindowUpdate(1, 0)
            .Headers(3, false, FrameScript.Request).WindowUpdate(3, int.MaxValue));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR", "RST_STREAM 3 FLOW_CONTROL_ERROR"], server.Sent());
    }

    [Fact]
    public void Oversized_header_list_is_marked_and_four_times_the_limit_ends_the_connection()
    {
        using Peer server = Peer.Server(new() { MaxHeaderListSize = 300 }).Opened();
        server.Feed(new FrameScript().Headers(1, true, [.. FrameScript.Request, ("x", new string('x', 200))]));
        Assert.StartsWith("Headers 1 ES TOO LARGE :method=POST", Assert.Single(server.Told()));
        server.Feed(new FrameScript().Headers(3, true, [.. FrameScript.Request, ("x", new string('x', 1000))]));
        Assert.Equal("ConnectionClosed ENHANCE_YOUR_CALM Library", server.Told()[^1]);
    }

    [Fact]
    public void Interim_responses_are_skipped_and_trailers_only_ends_at_once()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Feed(new FrameScript().Headers(1, false, (":status", "103")).Headers(1, true, (":status", "200"), ("grpc-status", "0")));
        Assert.Equal(["Headers 1 ES :status=200 grpc-status=0"], client.Told());
        Assert.Equal(0, client.Connection.ActiveStreams);
    }

    [Fact]
    public void GoAway_ends_streams_above_its_last_id_unprocessed_and_drains_the_rest()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Feed(new FrameScript().GoAway(1));
        Assert.Equal(["GoAwayReceived", "StreamReset 3 NO_ERROR Remote unprocessed"], client.Told());
        Assert.False(client.Connection.CanOpenStream);
        client.Feed(new FrameScript().Headers(1, true, FrameScript.Response));
        Assert.Equal("Drained", client.Told()[^1]);
    }

    [Fact]
    public void Server_drains_in_two_steps()
    {
        using Peer server = Peer.Server().Opened();
        server.Connection.BeginDrain(0);
        Assert.Equal(["GOAWAY 2147483647 NO_ERROR", "PING"], server.Sent());
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request).Ping(0x5045_5245_4752_494E, ack: true)
            .Headers(3, true, FrameScript.Request));
        Http2Event request = Assert.Single(server.Events);
        Assert.Equal(["GOAWAY 1 NO_ERROR"], server.Sent());
        server.Connection.SendHeaders(request.Stream!, Peer.Fields((":status", "200")), endStream: true);
        server.Sent();
        Assert.Equal("Drained", server.Told()[^1]);
    }

    [Fact]
    public void Concurrency_limit_of_the_peer_is_respected_and_its_end_is_told()
    {
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((3, 1)).SettingsAck()).Told();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        Assert.False(client.Connection.CanOpenStream);
        client.Feed(new FrameScript().Headers(1, true, FrameScript.Response));
        Assert.Equal("StreamsAvailable", client.Told()[^1]);
        Assert.True(client.Connection.CanOpenStream);
    }

    [Fact]
    public void Data_waits_for_the_windows_and_trailers_and_reset_stay_behind_it()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface().Settings((4, 5)).Headers(1, false, FrameScript.Request));
        Streams.Http2Stream stream = server.Events[1].Stream ?? server.Events[2].Stream!;
        server.Sent();
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: false);
        server.Connection.SendData(stream, new byte[8], endStream: false);
        server.Connection.SendTrailers(stream, Peer.Fields(("grpc-status", "0")));
        server.Connection.ResetStreamAfterSend(stream, Http2ErrorCode.NoError);
        Assert.Equal(["HEADERS 1 :status=200", "DATA 1 5"], server.Sent());
        server.Feed(new FrameScript().Settings((4, 1)));
        Assert.Equal(-4, stream.SendWindow);
        Assert.Equal(["SETTINGS ACK"], server.Sent());
        server.Feed(new FrameScript().WindowUpdate(1, 7));
        Assert.Equal(["DATA 1 3", "HEADERS 1 ES grpc-status=0", "RST_STREAM 1 NO_ERROR"], server.Sent());
    }

    [Fact]
    public void Unanswered_settings_end_the_connection_with_SETTINGS_TIMEOUT()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface()).Told();
        server.Connection.Tick(server.Connection.NextDeadline, server.Events);
        Assert.Equal(["ConnectionClosed SETTINGS_TIMEOUT Library"], server.Told());
    }
}
