// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>RFC 9113 sections 5.2 and 6.9, flow control: what may be sent, what must be granted, and what is an error.</summary>
public sealed class Section6_9_WindowUpdateTests
{
    [Fact]
    public void An_increment_of_0_is_PROTOCOL_ERROR_of_the_stream_or_on_stream_0_of_the_connection()
    {
        Conformance.IsStreamError(1, Http2ErrorCode.ProtocolError, frames => frames.WindowUpdate(1, 0));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.WindowUpdate(0, 0));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.WindowUpdate(0, unchecked((int)0x8000_0000)));
    }

    [Fact]
    public void Another_length_than_4_is_connection_error_FRAME_SIZE_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(8, 0, 0, 0, 0, 1));
        Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(8, 0, 1, 0, 0, 0, 1, 0));
    }

    [Fact]
    public void An_idle_stream_is_connection_error_PROTOCOL_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.WindowUpdate(99, 1));
        Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.WindowUpdate(2, 1));
    }

    // ---- 6.9.1

    [Fact]
    public void A_window_above_2147483647_is_FLOW_CONTROL_ERROR_of_the_stream_or_of_the_connection()
    {
        Conformance.IsStreamError(1, Http2ErrorCode.FlowControlError, frames => frames.WindowUpdate(1, int.MaxValue));
        Conformance.IsConnectionError(Http2ErrorCode.FlowControlError, frames => frames.WindowUpdate(0, int.MaxValue));
        Conformance.IsIgnored(frames => frames.WindowUpdate(1, int.MaxValue - 65535).WindowUpdate(0, int.MaxValue - 65535));
    }

    [Fact]
    public void DATA_waits_for_the_windows_and_trailers_and_reset_stay_behind_it()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface().Settings((4, 5)).Headers(1, false, FrameScript.Request));
        Http2Stream stream = server.Events.First(item => item.Stream is not null).Stream!;
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
    public void The_connections_window_bounds_all_streams_together_and_they_share_it()
    {
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((4, 1 << 20)).SettingsAck()).Told();
        Http2Stream[] streams = [.. Enumerable.Range(0, 3).Select(_ => client.Connection.OpenStream(Peer.Fields(FrameScript.Request), false))];
        client.Sent();
        foreach (Http2Stream stream in streams)
        {
            client.Connection.SendData(stream, new byte[100_000], endStream: true);
        }

        Dictionary<string, int> octets = [];
        foreach (string[] words in client.Sent().Select(line => line.Split(' ')))
        {
            octets[words[1]] = octets.GetValueOrDefault(words[1]) + int.Parse(words[^1], System.Globalization.CultureInfo.InvariantCulture);
        }

        Assert.Equal(65535, octets.Values.Sum());
        Assert.Equal(3, octets.Count);
        Assert.All(octets.Values, sent => Assert.InRange(sent, 16383, 32768));
        Assert.Equal(0, client.Connection.Session.Outbound.Window);
    }

    [Fact]
    public void Frames_other_than_DATA_need_no_window()
    {
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((4, 0)).SettingsAck()).Told();
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Sent();
        client.Connection.SendPing(1);
        client.Connection.SendData(stream, [], endStream: true);
        Assert.Equal(["PING", "DATA 1 ES 0"], client.Sent());
    }

    [Fact]
    public void DATA_beyond_the_streams_window_is_stream_error_FLOW_CONTROL_ERROR()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 1000, MaxStreamWindow = 0 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Data(1, false, new byte[1001]));
        Assert.Equal(["RST_STREAM 1 FLOW_CONTROL_ERROR"], server.Sent());
        Conformance.GoesOn(server);
    }

    [Fact]
    public void Padding_counts_against_the_windows_and_is_granted_again_at_once()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 1000, MaxStreamWindow = 0 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request));
        for (int i = 0; i < 20; i++)
        {
            server.Feed(new FrameScript().Frame(0, 8, 1, [200, .. new byte[200]]));
        }

        Assert.Equal(Enumerable.Repeat("WINDOW_UPDATE 1 603", 6), server.Sent());
        server.Feed(new FrameScript().Frame(0, 8, 1, [0, .. new byte[1000]]));
        Assert.Equal(["RST_STREAM 1 FLOW_CONTROL_ERROR"], server.Sent());
    }

    [Fact]
    public void DATA_beyond_the_connections_window_is_connection_error_FLOW_CONTROL_ERROR_also_on_streams_that_are_over()
    {
        foreach (bool isOver in new[] { false, true })
        {
            using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
            server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, false, FrameScript.Request));
            if (isOver)
            {
                server.Connection.ResetStream(server.Events[1].Stream!, Http2ErrorCode.Cancel);
            }

            for (int i = 0; i < 4; i++)
            {
                // Held by the owner, so not granted again.
                server.Feed(new FrameScript().Data(1, false, new byte[16383]));
            }

            server.Feed(new FrameScript().Data(isOver ? 3 : 1, false, new byte[4]));
            Assert.Equal("GOAWAY 3 FLOW_CONTROL_ERROR", server.Sent()[^1]);
        }
    }

    // ---- 6.9.2

    [Fact]
    public void SETTINGS_that_make_a_stream_window_exceed_2147483647_are_connection_error_FLOW_CONTROL_ERROR() =>
        Conformance.IsConnectionError(
            Http2ErrorCode.FlowControlError, frames => frames.WindowUpdate(1, 1 << 30).Settings((4, int.MaxValue)));

    [Fact]
    public void A_new_initial_window_moves_the_windows_of_open_streams_but_not_the_connections()
    {
        using Peer client = Conformance.Established(Http2Role.Client);
        client.Feed(new FrameScript().WindowUpdate(3, 100).Settings((4, 10)));
        Assert.Equal(10, client.Connection.Session.Streams.Find(1)!.SendWindow);
        Assert.Equal(110, client.Connection.Session.Streams.Find(3)!.SendWindow);
        Assert.Equal(65535, client.Connection.Session.Outbound.Window);
    }

    [Fact]
    public void A_stream_opened_before_the_SETTINGS_ack_is_credited_by_the_window_announced()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 1000, MaxStreamWindow = 0 });
        server.Feed(new FrameScript().Preface().Headers(1, false, FrameScript.Request).Data(1, false, new byte[600]));
        server.Sent();
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 600"], server.Sent());
        server.Feed(new FrameScript().SettingsAck().Data(1, false, new byte[1000]));
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 1000"], server.Sent());
    }

    // ---- 6.9.3

    [Fact]
    public void Octets_sent_before_the_peer_knew_a_smaller_window_make_it_negative_and_are_credited()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 10, MaxStreamWindow = 0 });
        server.Feed(new FrameScript().Preface().Headers(1, false, FrameScript.Request).Data(1, false, new byte[3000]).SettingsAck());
        server.Sent();
        Assert.Equal(10 - 3000, server.Events.First(item => item.Stream is not null).Stream!.ReceiveFlow.Available);
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 3000"], server.Sent());
    }
}
