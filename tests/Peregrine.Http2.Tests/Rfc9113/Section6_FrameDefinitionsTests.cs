// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>RFC 9113 section 6, Frame Definitions: 6.1 DATA to 6.10 CONTINUATION, but for 6.9 WINDOW_UPDATE. And section 7, Error Codes.</summary>
public sealed class Section6_FrameDefinitionsTests
{
    // ---- 6.1 DATA

    [Fact]
    public void DATA_is_handed_up_without_its_padding_and_ends_the_stream() =>
        Conformance.Tells(["Data 1 ES 5"], frames => frames.Frame(0, 8, 1, 2, 7, 8, 9, 0, 0).Data(1, true, 1, 2));

    [Fact]
    public void Padding_may_be_all_that_a_frame_holds() =>
        Conformance.Tells(["Data 1 ES 0"], frames => frames.Frame(0, 8, 1, 3, 0, 0, 0).Frame(0, 8, 1, 0).Frame(0, 9, 1, 1, 0));

    [Fact]
    public void Empty_DATA_may_end_a_stream() => Conformance.Tells(["Data 1 ES 0"], frames => frames.Data(1, false).Data(1, true));

    [Fact]
    public void DATA_on_stream_0_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Data(0, false, 1));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Data(0, true));
    }

    [Fact]
    public void DATA_whose_padding_is_its_payload_or_longer_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(0, 8, 1, 4, 0, 0, 0));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(0, 8, 1, 255));
    }

    [Fact]
    public void Padded_DATA_without_a_pad_length_is_connection_error_FRAME_SIZE_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(0, 8, 1));

    [Fact]
    public void DATA_before_the_head_of_the_response_is_stream_error_PROTOCOL_ERROR()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Sent();
        client.Feed(new FrameScript().Data(1, false, 1));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR"], client.Sent());
    }

    // ---- 6.2 HEADERS

    [Fact]
    public void HEADERS_on_stream_0_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Headers(0, true, FrameScript.Request));

    [Fact]
    public void HEADERS_whose_padding_exceeds_its_payload_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 4 | 8, 1, 2, 0x88));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 4 | 8, 1, 255));
    }

    [Fact]
    public void HEADERS_too_short_for_its_flags_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(1, 4 | 8, 1));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(1, 4 | 0x20, 1, 0, 0, 0, 9));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(1, 4 | 0x28, 1, 1, 0, 0, 0, 9, 0));
    }

    [Fact]
    public void Padding_and_priority_around_a_block_are_skipped()
    {
        byte[] block = new FrameScript().Encode(FrameScript.Request);
        Conformance.Tells(
            ["Headers 5 ES :method=POST :scheme=http :path=/a/b :authority=test te=trailers"],
            frames => frames.Frame(1, 0x2D, 5, [3, 0x80, 0, 0, 0, 200, .. block, 0, 0, 0]),
            Http2Role.Server);
        Conformance.Tells(
            ["Headers 5 ES :method=POST :scheme=http :path=/a/b :authority=test te=trailers"],
            frames => frames.Frame(1, 0x9, 5, [2, .. block[..20], 0, 0]).Frame(9, 4, 5, block[20..]),
            Http2Role.Server);
    }

    [Fact]
    public void HEADERS_that_depends_on_its_own_stream_is_stream_error_PROTOCOL_ERROR()
    {
        byte[] block = new FrameScript().Encode(FrameScript.Request);
        Conformance.IsRefused(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 0x25, 5, [0, 0, 0, 5, 5, .. block]));
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 0x25, 1, [0, 0, 0, 1, 5, .. frames.Encode(("t", "1"))]));
    }

    // ---- 6.3 PRIORITY

    [Fact]
    public void PRIORITY_on_stream_0_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(2, 0, 0, 0, 0, 0, 1, 0));

    [Fact]
    public void PRIORITY_of_another_length_than_5_is_FRAME_SIZE_ERROR_of_the_stream_or_where_there_is_none_of_the_connection()
    {
        Conformance.IsStreamError(1, Http2ErrorCode.FrameSizeError, frames => frames.Frame(2, 0, 1, 0, 0, 0, 9));
        Conformance.IsStreamError(1, Http2ErrorCode.FrameSizeError, frames => frames.Frame(2, 0, 1, 0, 0, 0, 9, 0, 0));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(2, 0, 99, 0, 0, 0, 9));
    }

    [Fact]
    public void PRIORITY_that_depends_on_its_own_stream_is_PROTOCOL_ERROR_likewise()
    {
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.Frame(2, 0, 1, 0x80, 0, 0, 1, 0));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(2, 0, 99, 0, 0, 0, 99, 0));
    }

    // ---- 6.4 RST_STREAM

    [Fact]
    public void RST_STREAM_ends_the_stream_and_drops_what_it_had_queued()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface().Settings((4, 5)).SettingsAck().Headers(1, false, FrameScript.Request));
        Http2Stream stream = server.Events.First(item => item.Stream is not null).Stream!;
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        server.Connection.SendData(stream, new byte[100], endStream: false);
        server.Sent();
        server.Told();
        server.Feed(new FrameScript().Reset(1, Http2ErrorCode.EnhanceYourCalm).WindowUpdate(1, 50));
        Assert.Equal(["StreamReset 1 ENHANCE_YOUR_CALM Remote"], server.Told());
        Assert.Empty(server.Sent());
        Assert.False(server.Connection.SendData(stream, new byte[1], endStream: false));
        Assert.Equal(0, server.Connection.Session.Outbound.QueuedBytes);
    }

    [Fact]
    public void RST_STREAM_on_stream_0_or_an_idle_stream_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Reset(0));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Reset(99));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Reset(2));
    }

    [Fact]
    public void RST_STREAM_of_another_length_than_4_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(3, 0, 1, 0, 0, 0));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(3, 0, 1, 0, 0, 0, 8, 0));
    }

    // ---- 6.5 SETTINGS

    [Fact]
    public void SETTINGS_are_applied_in_order_and_acknowledged()
    {
        Conformance.OnEverySplit(
            frames => frames.Settings((4, 1), (4, 70_000), (3, 7), (5, 20_000), (6, 4000), (1, 100), (2, 0)),
            only: null,
            peer =>
            {
                Assert.Equal(["SETTINGS ACK"], peer.Sent());
                Assert.Equal(new Http2Settings(100, false, 7, 70_000, 20_000, 4000), peer.Connection.RemoteSettings);
            });
    }

    [Fact]
    public void SETTINGS_on_a_stream_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(4, 0, 1));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(4, 1, 1));
    }

    [Fact]
    public void SETTINGS_of_a_wrong_length_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(4, 0, 0, new byte[5]));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(4, 0, 0, new byte[13]));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(4, 1, 0, new byte[6]));
    }

    [Theory]
    [InlineData(2, 2u, Http2ErrorCode.ProtocolError)]
    [InlineData(2, uint.MaxValue, Http2ErrorCode.ProtocolError)]
    [InlineData(4, 0x8000_0000u, Http2ErrorCode.FlowControlError)]
    [InlineData(5, 16383u, Http2ErrorCode.ProtocolError)]
    [InlineData(5, 0u, Http2ErrorCode.ProtocolError)]
    [InlineData(5, 1u << 24, Http2ErrorCode.ProtocolError)]
    public void A_setting_outside_of_its_range_is_a_connection_error(int id, uint value, Http2ErrorCode code) =>
        Conformance.IsConnectionError(code, frames => frames.Settings((3, 5), (id, value)));

    [Theory]
    [InlineData(1, 0u)]
    [InlineData(1, uint.MaxValue)]
    [InlineData(2, 0u)]
    [InlineData(3, 0u)]
    [InlineData(3, uint.MaxValue)]
    [InlineData(4, 0u)]
    [InlineData(4, 0x7FFF_FFFFu)]
    [InlineData(5, 16384u)]
    [InlineData(5, (1u << 24) - 1)]
    [InlineData(6, 0u)]
    [InlineData(6, uint.MaxValue)]
    [InlineData(0x100, 5u)]
    public void A_setting_inside_of_its_range_is_acknowledged(int id, uint value) =>
        Conformance.Answers(["SETTINGS ACK"], frames => frames.Settings((id, value)));

    [Fact]
    public void ENABLE_PUSH_1_is_a_clients_to_send_and_connection_error_PROTOCOL_ERROR_from_a_server()
    {
        Conformance.Answers(["SETTINGS ACK"], frames => frames.Settings((2, 1)), Http2Role.Server);
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Settings((2, 1)), Http2Role.Client);
    }

    [Fact]
    public void A_client_disables_push_and_a_server_does_not_mention_it()
    {
        using Peer client = Peer.Client();
        Assert.Contains("00020000000", Convert.ToHexString(client.Take()));
        Assert.False(client.Connection.LocalSettings.EnablePush);
    }

    [Fact]
    public void SETTINGS_that_are_not_acknowledged_in_time_are_connection_error_SETTINGS_TIMEOUT()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface()).Told();
        Assert.Equal(20_000, server.Connection.NextDeadline);
        server.Connection.Tick(19_999, server.Events);
        Assert.Empty(server.Told());
        server.Connection.Tick(20_000, server.Events);
        Assert.Equal(["ConnectionClosed SETTINGS_TIMEOUT Library"], server.Told());
    }

    // ---- 6.6 PUSH_PROMISE

    [Fact]
    public void PUSH_PROMISE_is_connection_error_PROTOCOL_ERROR_at_both_ends()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(5, 4, 1, 0, 0, 0, 2, 0x82));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(5, 4, 0, 0, 0, 0, 2, 0x82));
    }

    // ---- 6.7 PING

    [Fact]
    public void PING_is_answered_with_its_payload_and_an_answer_is_told() =>
        Conformance.OnEverySplit(
            frames => frames.Ping(0x0102030405060708).Ping(77, ack: true),
            only: null,
            peer =>
            {
                Assert.Equal([0, 0, 8, 6, 1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8], peer.Take());
                Assert.Equal(77ul, Assert.Single(peer.Events).PingPayload);
            });

    [Fact]
    public void PING_on_a_stream_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(6, 0, 1, new byte[8]));

    [Fact]
    public void PING_of_another_length_than_8_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(6, 0, 0, new byte[7]));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(6, 1, 0, new byte[9]));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(6, 0, 0));
    }

    // ---- 6.8 GOAWAY

    [Fact]
    public void GOAWAY_on_a_stream_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(7, 0, 1, new byte[8]));

    [Fact]
    public void GOAWAY_shorter_than_8_octets_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(7, 0, 0, new byte[7]));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(7, 0, 0));
    }

    [Fact]
    public void GOAWAY_that_raises_its_last_id_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.GoAway(5).GoAway(3).GoAway(7));

    [Fact]
    public void GOAWAY_tells_code_reason_and_last_id() =>
        Conformance.OnEverySplit(
            frames => frames.Frame(7, 0, 0, [0x80, 0, 0, 3, 0, 0, 0, 11, .. "too_many_pings"u8]),
            only: null,
            peer =>
            {
                Http2Event told = peer.Events[0];
                Assert.Equal((3, Http2ErrorCode.EnhanceYourCalm, "too_many_pings"), (told.LastStreamId, told.Error.Code, told.Error.Reason));
                Conformance.GoesOn(peer);
            });

    [Fact]
    public void GOAWAY_ends_a_clients_streams_above_its_last_id_unprocessed_and_lets_the_rest_run()
    {
        Conformance.Tells(["GoAwayReceived", "StreamReset 3 NO_ERROR Remote unprocessed"], frames => frames.GoAway(1), Http2Role.Client);
        using Peer client = Conformance.Established(Http2Role.Client);
        client.Feed(new FrameScript().GoAway(1)).Told();
        Assert.False(client.Connection.CanOpenStream);
        client.Connection.ResetStream(client.Connection.Session.Streams.Find(1)!, Http2ErrorCode.Cancel);
        client.Sent();
        Assert.Equal(["Drained"], client.Told());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_GOAWAY_said_explains_the_end_that_follows(bool isReset)
    {
        using Peer client = Conformance.Established(Http2Role.Client);
        client.Feed(new FrameScript().Frame(7, 0, 0, [0, 0, 0, 9, 0, 0, 0, 11, .. "too_many_pings"u8]));
        client.Events.Clear();
        if (isReset)
        {
            client.Connection.Abort(new(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Remote, "reset by peer"), client.Events);
        }
        else
        {
            client.Connection.ReceiveEnd(0, client.Events);
        }

        string how = isReset ? "reset by peer" : "the peer closed the connection with 2 open streams";
        Http2Error end = client.Events[^1].Error;
        Assert.Equal((Http2ErrorCode.EnhanceYourCalm, "too_many_pings; " + how), (end.Code, end.Reason));
        Assert.Equal(end, client.Events[0].Error);
    }

    [Fact]
    public void GOAWAY_of_a_client_lets_its_requests_run_to_their_end()
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        server.Feed(new FrameScript().GoAway(0).Data(1, true, 1));
        Assert.Equal(["GoAwayReceived", "Data 1 ES 1"], server.Told());
        Assert.Equal(DrainState.Draining, server.Connection.DrainState);
    }

    [Fact]
    public void A_server_drains_in_two_steps()
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
    public void Frames_on_streams_opened_behind_the_final_GOAWAY_are_ignored()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request)).Told();
        server.Connection.BeginDrain(0);
        server.Connection.BeginDrain(0);
        server.Connection.Tick(10_000, server.Events);
        Assert.Equal("GOAWAY 1 NO_ERROR", server.Sent()[^1]);
        server.Feed(new FrameScript().Headers(3, false, FrameScript.Request).WindowUpdate(3, 5).Data(3, false, 1).Headers(3, true, ("t", "1"))
            .Reset(3).Frame(2, 0, 3, 0, 0, 0, 1, 0).Headers(5, false, FrameScript.Request).Reset(5));
        Assert.Empty(server.Told());
        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        Assert.Empty(server.Sent());
    }

    [Fact]
    public void The_last_id_that_this_end_sends_never_grows()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request));
        server.Connection.BeginDrain(0);
        server.Connection.Tick(10_000, server.Events);
        server.Feed(new FrameScript().Headers(3, true, FrameScript.Request).Frame(6, 0, 0, 1));
        Assert.Equal(
            ["GOAWAY 2147483647 NO_ERROR", "GOAWAY 1 NO_ERROR", "GOAWAY 1 FRAME_SIZE_ERROR"],
            server.Sent().Where(line => line.StartsWith("GOAWAY", StringComparison.Ordinal)));
    }

    // ---- 6.10 CONTINUATION

    [Fact]
    public void CONTINUATION_that_continues_nothing_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(9, 4, 1, 0x88));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(9, 4, 0, 0x88));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Data(1, false, 1).Frame(9, 4, 1, 0x88));
        Conformance.IsConnectionError(
            Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 5, 1, frames.Encode(("t", "1"))).Frame(9, 4, 1, 0x88));
        Conformance.IsConnectionError(
            Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 1, 1).Frame(9, 4, 1, frames.Encode(("t", "1"))).Frame(9, 4, 1));
    }

    [Fact]
    public void CONTINUATION_on_another_stream_than_its_HEADERS_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 0, 1, 0x88).Frame(9, 4, 3, 0x88));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 0, 1, 0x88).Frame(9, 4, 0, 0x88));
    }

    // ---- 7

    [Fact]
    public void Unknown_error_codes_have_no_special_meaning() =>
        Conformance.OnEverySplit(
            frames => frames.Reset(1, (Http2ErrorCode)0xDEAD).GoAway(3, (Http2ErrorCode)0x7FFF_FFFF),
            only: null,
            peer =>
            {
                Assert.Equal((Http2ErrorCode)0xDEAD, peer.Events[0].Error.Code);
                Assert.Equal((Http2ErrorCode)0x7FFF_FFFF, peer.Events[1].Error.Code);
                Conformance.GoesOn(peer);
            });
}
