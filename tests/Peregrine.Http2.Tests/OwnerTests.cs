// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>What the owner of a connection does: messages in place, queued data, leases and streams given back, memory on the way.</summary>
public sealed class OwnerTests
{
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

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(10_000, false)]
    [InlineData(10_000, true)]
    [InlineData(100_000, false)]
    public void An_array_given_away_behind_its_sending_goes_to_the_pool_once_nothing_of_it_is_to_be_sent(int window, bool isReset)
    {
        const int length = 100_000;
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((4, (uint)window)).SettingsAck().WindowUpdate(0, length));
        Http2Stream stream = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Sent();
        byte[] lent = ArrayPool<byte>.Shared.Rent(length);
        Assert.True(client.Connection.SendData(stream, lent.AsMemory(0, length), null, endStream: true));
        List<ArraySegment<byte>> segments = [];
        Assert.Equal(window > 0, client.Connection.TryTakeOutput(segments, client.Events));
        client.Connection.ReturnAfterSending(stream, lent);
        Assert.False(IsInPool(lent));
        if (isReset)
        {
            client.Connection.ResetStream(stream, Http2ErrorCode.Cancel);
        }

        if (window > 0)
        {
            Assert.False(IsInPool(lent));
            client.Connection.CompleteOutput();
        }

        if (!isReset && window < length)
        {
            Assert.False(IsInPool(lent));
            client.Feed(new FrameScript().WindowUpdate(1, length));
        }

        client.Take();
        Assert.True(IsInPool(lent));
    }

    // The pool gives a thread what it returned last.
    private static bool IsInPool(byte[] array)
    {
        byte[] next = ArrayPool<byte>.Shared.Rent(array.Length);
        ArrayPool<byte>.Shared.Return(next);
        return next == array;
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
}
