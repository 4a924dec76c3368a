// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>
/// RFC 9113 section 5, Streams and Multiplexing, but for the states: 5.1.1 identifiers, 5.1.2 concurrency, 5.3 priority, 5.4 errors,
/// 5.5 extensions. Flow control (5.2) is with WINDOW_UPDATE (6.9).
/// </summary>
public sealed class Section5_StreamsTests
{
    // ---- 5.1.1

    [Fact]
    public void An_even_number_of_a_client_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Headers(2, true, FrameScript.Request), Http2Role.Server);

    [Fact]
    public void A_stream_that_a_server_opens_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Headers(2, true, FrameScript.Response), Http2Role.Client);
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Headers(101, true, FrameScript.Response), Http2Role.Client);
        using Peer client = Peer.Client().Opened();
        client.Connection.BeginDrain(0);
        client.Feed(new FrameScript().Headers(2, true, FrameScript.Response));
        Assert.Equal(Http2ErrorCode.ProtocolError, client.Connection.CloseError.Code);
    }

    [Fact]
    public void A_lower_number_that_was_never_used_is_connection_error_PROTOCOL_ERROR() =>
        Conformance.IsConnectionError(
            Http2ErrorCode.ProtocolError,
            frames => frames.Headers(9, true, FrameScript.Request).Headers(7, true, FrameScript.Request),
            Http2Role.Server);

    [Fact]
    public void The_first_use_of_a_number_closes_the_lower_ones()
    {
        Conformance.IsConnectionError(
            Http2ErrorCode.StreamClosed, frames => frames.Headers(9, true, FrameScript.Request).Data(5, false, 1), Http2Role.Server);
        Conformance.Tells(
            ["Headers 9 ES :method=POST :scheme=http :path=/a/b :authority=test te=trailers"],
            frames => frames.Headers(9, true, FrameScript.Request).WindowUpdate(7, 1).Reset(5),
            Http2Role.Server);
    }

    [Fact]
    public void Gaps_in_the_numbers_take_no_memory_of_their_own()
    {
        using Peer server = Peer.Server().Opened();
        for (int id = 1; id < 40_000; id += 20)
        {
            server.Feed(new FrameScript().Headers(id, true, FrameScript.Request));
            Http2Stream stream = server.Events[0].Stream!;
            server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: true);
            server.Told();
            server.Connection.ReleaseStream(stream);
            server.Take();
        }

        // The last gaps are known; older ones count as used.
        server.Feed(new FrameScript().Data(3, false, 1));
        Conformance.GoesOn(server);
        server.Feed(new FrameScript().Headers(39_971, true, FrameScript.Request));
        Assert.Equal(Http2ErrorCode.ProtocolError, server.Connection.CloseError.Code);
    }

    [Fact]
    public void A_client_counts_up_from_1_by_2()
    {
        using Peer client = Peer.Client().Opened();
        OutgoingHeaders request = Peer.Fields(FrameScript.Request);
        Assert.Equal([1, 3, 5], Enumerable.Range(0, 3).Select(_ => client.Connection.OpenStream(request, endStream: true).Id));
    }

    [Fact]
    public void A_client_that_has_used_the_last_number_drains_the_connection()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.Session.LastLocalId = int.MaxValue - 2;
        Assert.Equal(1, client.Connection.AvailableStreams);
        OutgoingHeaders request = Peer.Fields(FrameScript.Request);
        Assert.Equal(int.MaxValue, client.Connection.OpenStream(request, endStream: true).Id);
        Assert.False(client.Connection.CanOpenStream);
        Assert.Equal(DrainState.Draining, client.Connection.DrainState);
        Assert.Equal("GOAWAY 0 NO_ERROR", client.Sent()[^1]);
        Assert.Throws<InvalidOperationException>(() => client.Connection.OpenStream(request, endStream: true));
        client.Feed(new FrameScript().Headers(int.MaxValue, true, FrameScript.Response));
        Assert.Equal("Drained", client.Told()[^1]);
    }

    [Fact]
    public void A_server_serves_the_last_number()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(int.MaxValue, true, FrameScript.Request));
        server.Connection.SendHeaders(server.Events[0].Stream!, Peer.Fields((":status", "200")), endStream: true);
        Assert.Equal(["HEADERS 2147483647 ES :status=200"], server.Sent());
        Conformance.GoesOn(server);
    }

    // ---- 5.1.2

    [Fact]
    public void Streams_beyond_the_limit_are_refused_and_the_connection_goes_on()
    {
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 1 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, true, FrameScript.Request));
        Assert.Equal(["RST_STREAM 3 REFUSED_STREAM"], server.Sent());

        // Half-closed streams count, closed ones do not.
        Http2Stream first = server.Events[0].Stream!;
        server.Told();
        server.Feed(new FrameScript().Data(1, true, 1).Headers(5, true, FrameScript.Request));
        Assert.Equal(["RST_STREAM 5 REFUSED_STREAM"], server.Sent());
        server.Connection.SendHeaders(first, Peer.Fields((":status", "200")), endStream: true);
        server.Feed(new FrameScript().Headers(7, true, FrameScript.Request));
        Assert.Equal(["HEADERS 1 ES :status=200"], server.Sent());
    }

    [Fact]
    public void The_peers_limit_is_respected_and_its_end_is_told()
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
    public void A_limit_that_is_lowered_below_what_is_open_lets_the_open_ones_run()
    {
        using Peer client = Conformance.Established(Http2Role.Client);
        client.Feed(new FrameScript().Settings((3, 0)));
        Assert.Equal(0, client.Connection.AvailableStreams);
        client.Feed(new FrameScript().Headers(1, true, ("t", "1")).Data(3, false, 1));
        Assert.Equal(["SettingsReceived", "Trailers 1 ES t=1", "Data 3 1"], client.Told());
        client.Feed(new FrameScript().Settings((3, 3)));
        Assert.Equal(["SettingsReceived", "StreamsAvailable"], client.Told());
        Assert.Equal(1, client.Connection.AvailableStreams);
    }

    [Fact]
    public void The_limit_announced_is_finite()
    {
        using Peer server = Peer.Server();
        Assert.Equal(1000u, server.Connection.LocalSettings.MaxConcurrentStreams);
    }

    // ---- 5.3

    [Fact]
    public void Priority_signals_change_nothing()
    {
        Conformance.IsIgnored(frames => frames.Frame(2, 0, 1, 0x80, 0, 0, 3, 255).Frame(2, 0, 99, 0, 0, 0, 0, 0));
        byte[] block = new FrameScript().Encode(FrameScript.Request);
        Conformance.Tells(
            ["Headers 5 ES :method=POST :scheme=http :path=/a/b :authority=test te=trailers"],
            frames => frames.Frame(1, 0x25, 5, [0x80, 0, 0, 1, 200, .. block]),
            Http2Role.Server);
    }

    // ---- 5.4

    [Fact]
    public void A_connection_error_tells_the_last_stream_that_may_have_been_processed_and_the_reason()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(7, false, FrameScript.Request).Frame(6, 0, 0, 1));
        byte[] goAway = server.Take();
        Assert.Equal([0, 0, 0, 7, 0, 0, 0, 6], goAway[9..17]);
        Assert.Equal("A PING frame is not eight octets long.", System.Text.Encoding.ASCII.GetString(goAway[17..]));
    }

    [Fact]
    public void A_connection_error_ends_every_stream_and_each_owner_is_told_once()
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        server.Feed(new FrameScript().Frame(6, 0, 0, 1));
        List<string> told = server.Told();
        Assert.Equal("ConnectionClosed FRAME_SIZE_ERROR Library", told[^1]);
        Assert.Equal(["StreamReset 1 FRAME_SIZE_ERROR Library", "StreamReset 3 FRAME_SIZE_ERROR Library"], told[..^1].Order());
        server.Connection.ReceiveEnd(0, server.Events);
        Assert.Empty(server.Told());
    }

    [Fact]
    public void A_reset_is_never_answered_by_a_reset() =>
        Conformance.Answers([], frames => frames.Reset(1).Reset(1).Reset(3, (Http2ErrorCode)99));

    [Fact]
    public void A_connection_that_ends_without_GOAWAY_ends_its_streams()
    {
        using Peer client = Conformance.Established(Http2Role.Client);
        client.Connection.ReceiveEnd(0, client.Events);
        Assert.Equal(3, client.Told().Count);
        Assert.True(client.Connection.IsClosed);
    }

    // ---- 5.5

    [Fact]
    public void Extension_frames_and_settings_are_ignored_but_not_inside_a_header_block()
    {
        Conformance.IsIgnored(frames => frames.Frame(0x0A, 0, 0, 1, 2).Frame(0xFF, 0xFF, 1));
        Conformance.Answers(["SETTINGS ACK"], frames => frames.Settings((9, 1), (0x8, 1), (0xFFFF, uint.MaxValue)));
        Conformance.IsConnectionError(
            Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 0, 1, 0x88).Frame(0x0A, 0, 0).Frame(9, 4, 1));
    }
}
