// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>RFC 9113 sections 5.2 and 6.9, and what the owner does with windows: credit, messages in place, memory on the way.</summary>
public sealed class FlowControlTests
{
    [Fact]
    public void Stream_opened_before_the_SETTINGS_ack_is_credited_by_the_window_announced()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 1000 });
        server.Feed(new FrameScript().Preface().Headers(1, false, FrameScript.Request).Data(1, false, new byte[600]));
        server.Sent();
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 600"], server.Sent());
        server.Feed(new FrameScript().SettingsAck().Data(1, false, new byte[1000]));
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 1000"], server.Sent());
    }

    [Fact]
    public void Octets_sent_before_the_peer_knew_a_smaller_window_make_it_negative_and_are_credited()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 10 });
        server.Feed(new FrameScript().Preface().Headers(1, false, FrameScript.Request).Data(1, false, new byte[3000]).SettingsAck());
        server.Sent();
        Assert.Equal(10 - 3000, server.Events.First(item => item.Stream is not null).Stream!.ReceiveFlow.Available);
        server.Told();
        Assert.Equal(["WINDOW_UPDATE 1 3000"], server.Sent());
    }

    [Fact]
    public void Data_beyond_the_acknowledged_window_is_stream_error_FLOW_CONTROL_ERROR()
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 1000 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Data(1, false, new byte[1001]));
        Assert.Equal(["RST_STREAM 1 FLOW_CONTROL_ERROR"], server.Sent());
        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Data_beyond_the_connection_window_is_connection_error_FLOW_CONTROL_ERROR()
    {
        using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
        FrameScript script = new FrameScript().Headers(1, false, FrameScript.Request);
        for (int i = 0; i < 5; i++)
        {
            script.Data(1, false, new byte[16384]);
        }

        server.Feed(script);
        Assert.Equal("GOAWAY 1 FLOW_CONTROL_ERROR", server.Sent()[^1]);
    }

    [Fact]
    public void A_window_update_for_each_message_written_in_place_is_no_flood()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request));
        Http2Stream stream = server.Events[0].Stream!;
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        for (int i = 0; i < 20_000; i++)
        {
            Assert.True(server.Connection.TryReserveData(stream, 10, out Span<byte> payload));
            payload.Clear();
            server.Connection.CommitData(10, endStream: false);
            server.Take();
            server.Feed(new FrameScript().WindowUpdate(1, 10).WindowUpdate(0, 10));
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void Empty_data_that_does_not_end_the_stream_is_not_sent()
    {
        using Peer client = Peer.Client().Opened();
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Sent();
        Assert.True(client.Connection.SendData(stream, [], endStream: false));
        Assert.True(client.Connection.SendData(stream, default, null, endStream: false));
        Assert.Empty(client.Sent());
        Assert.True(client.Connection.SendData(stream, [], endStream: true));
        Assert.Equal(["DATA 1 ES 0"], client.Sent());
    }

    [Fact]
    public void Reserved_memory_rolled_back_leaves_no_trace_and_forbids_other_calls_until_then()
    {
        using Peer client = Peer.Client().Opened();
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Sent();
        Assert.True(client.Connection.TryReserveData(stream, 16384, out Span<byte> payload));
        payload.Fill(1);
        Assert.Throws<InvalidOperationException>(() => client.Connection.SendPing(1));
        client.Connection.RollbackData();
        Assert.Throws<InvalidOperationException>(() => client.Connection.CommitData(1, endStream: false));
        Assert.Equal(65535, stream.SendWindow);
        Assert.Empty(client.Sent());
        Assert.True(client.Connection.TryReserveData(stream, 16384, out _));
        client.Connection.CommitData(3, endStream: true);
        Assert.Equal(["DATA 1 ES 3"], client.Sent());
        Assert.Equal(65532, stream.SendWindow);
    }

    [Fact]
    public void Memory_is_not_reserved_beyond_windows_or_behind_queued_data()
    {
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((4, 100)).SettingsAck()).Told();
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        Assert.False(client.Connection.TryReserveData(stream, 101, out _));
        Assert.False(client.Connection.TryReserveData(stream, Http2Connection.MaxInPlaceMessage + 1, out _));
        client.Connection.SendData(stream, new byte[101], endStream: false);
        Assert.False(client.Connection.TryReserveData(stream, 1, out _));
    }

    [Fact]
    public void Frames_larger_than_16384_are_sent_and_received_once_settings_allow_them()
    {
        using Peer server = Peer.Server(new() { MaxFrameSize = 60_000 });
        server.Feed(new FrameScript().Preface().Settings((5, 40_000)).SettingsAck().Headers(1, false, FrameScript.Request)
            .Data(1, true, new byte[60_000]));
        Http2Stream stream = server.Events.First(item => item.Stream is not null).Stream!;
        Assert.Equal(60_000, server.Events.Sum(item => item.Data.Length));
        server.Told();
        server.Sent();
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        server.Connection.SendData(stream, new byte[50_000], endStream: true);
        Assert.Equal(["DATA 1 40000", "DATA 1 ES 10000"], server.Sent()[1..]);
    }

    [Fact]
    public void Data_frame_above_the_limit_resets_its_stream_and_is_credited()
    {
        using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Data(1, false, new byte[16385]).Ping());
        Assert.Equal(["RST_STREAM 1 FRAME_SIZE_ERROR", "PING ACK"], server.Sent());
        Assert.Equal(65535, server.Connection.Session.ReceiveFlow.Available + server.Connection.Session.ReceiveFlow.Credit);
    }

    [Fact]
    public void Abort_while_a_batch_is_in_the_writers_hands_drops_the_rest_and_keeps_no_memory()
    {
        using Peer client = Peer.Client().Opened();
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Connection.SendData(stream, new byte[200_000], endStream: true);
        List<ArraySegment<byte>> segments = [];
        Assert.True(client.Connection.TryTakeOutput(segments, client.Events));
        byte[] before = [.. segments.SelectMany(segment => segment)];
        client.Connection.SendPing(1);
        client.Connection.Abort(
            new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.ConnectError, Http2ErrorInitiator.User, "broken pipe"), client.Events);
        Assert.Equal(before, segments.SelectMany(segment => segment));
        Assert.Equal(["StreamReset 1 CONNECT_ERROR User", "ConnectionClosed CONNECT_ERROR User"], client.Told());
        Assert.Throws<InvalidOperationException>(() => client.Connection.TryTakeOutput(segments, client.Events));
        client.Connection.CompleteOutput();
        Assert.False(client.Connection.TryTakeOutput(segments, client.Events));
        client.Connection.ReleaseIdleMemory();
        Assert.False(client.Connection.Session.Outbound.Output.HoldsMemory);
    }

    [Fact]
    public void Idle_connection_holds_no_pooled_memory_and_wakes_again()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Data(1, false, 1));
        DataLease lease = server.Events[1].Data;
        server.Connection.ReleaseIdleMemory();
        Assert.Equal(1, server.Connection.Session.Reader.Buffer.RentedBlocks);
        Assert.Equal([1], lease.Span.ToArray());
        server.Connection.ReleaseData(lease);
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.RentedBlocks);
        Assert.False(server.Connection.Session.Outbound.Output.HoldsMemory);
        Assert.Throws<InvalidOperationException>(() => server.Connection.ReleaseData(lease));
        server.Feed(new FrameScript().Ping());
        Assert.Equal(["PING ACK"], server.Sent());
    }

    [Fact]
    public void A_released_stream_is_reused_and_its_late_data_is_credited_unseen()
    {
        using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request));
        Http2Stream stream = server.Events[0].Stream!;
        server.Told();
        server.Connection.ReleaseStream(stream);
        server.Feed(new FrameScript().Data(1, false, new byte[5000]).Reset(1));
        Assert.Empty(server.Told());
        Assert.Equal(65535, server.Connection.Session.ReceiveFlow.Available + server.Connection.Session.ReceiveFlow.Credit);
        server.Feed(new FrameScript().Headers(3, true, FrameScript.Request));
        Assert.Same(stream, server.Events[0].Stream);
        Assert.Equal(3, stream.Id);
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
    public void Bytes_of_another_protocol_do_not_pile_up()
    {
        using Peer server = Peer.Server();
        for (int i = 0; i < 100; i++)
        {
            server.Feed(new byte[10_000]);
        }

        server.Connection.ReleaseData(Assert.Single(server.Events).Data);
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.RentedBlocks);
    }

    [Fact]
    public void Stream_numbers_end_at_2147483647()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.Session.LastLocalId = int.MaxValue - 2;
        Assert.Equal(1, client.Connection.AvailableStreams);
        OutgoingHeaders request = Peer.Fields(FrameScript.Request);
        Assert.Equal(int.MaxValue, client.Connection.OpenStream(request, endStream: true).Id);
        Assert.False(client.Connection.CanOpenStream);
        Assert.Throws<InvalidOperationException>(() => client.Connection.OpenStream(request, endStream: true));
    }
}
