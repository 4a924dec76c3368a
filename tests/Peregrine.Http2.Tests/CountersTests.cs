// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>What a connection counts for those who observe it.</summary>
public sealed class CountersTests
{
    [Fact]
    public void A_new_connection_has_done_nothing()
    {
        using ConnectionPair pair = new();
        pair.Settle();
        Http2Counters nothing = new() { LastLocalStream = -1, LastRemoteStream = -1 };
        Assert.Equal(nothing, pair.Client.Counters with { SendWindow = 0, ReceiveWindow = 0 });
        Assert.Equal(nothing, pair.Server.Counters with { SendWindow = 0, ReceiveWindow = 0 });
    }

    [Fact]
    public void A_stream_has_succeeded_at_both_ends_once_the_server_has_ended_it()
    {
        using ConnectionPair pair = new();
        Http2Stream served = Open(pair, now: 1000, endStream: true);
        pair.Now = 2000;
        pair.Server.SendHeaders(served, Peer.Fields(FrameScript.Response), endStream: true);
        pair.Settle();
        Assert.Equal((1L, 0L, 1L, 0L), Streams(pair.Client.Counters));
        Assert.Equal((0L, 1L, 1L, 0L), Streams(pair.Server.Counters));
        Assert.Equal((1000L, -1L), (pair.Client.Counters.LastLocalStream, pair.Client.Counters.LastRemoteStream));
        Assert.Equal((-1L, 1000L), (pair.Server.Counters.LastLocalStream, pair.Server.Counters.LastRemoteStream));
    }

    [Fact]
    public void A_stream_that_the_server_ends_before_the_client_has_succeeded_though_it_is_reset()
    {
        using ConnectionPair pair = new();
        Http2Stream served = Open(pair, now: 1, endStream: false);
        pair.Server.SendHeaders(served, Peer.Fields(FrameScript.Response), endStream: true);
        pair.Server.ResetStreamAfterSend(served, Http2ErrorCode.NoError);
        pair.Settle();
        Assert.Equal((1L, 0L, 1L, 0L), Streams(pair.Client.Counters));
        Assert.Equal((0L, 1L, 1L, 0L), Streams(pair.Server.Counters));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stream_that_either_end_resets_has_failed(bool byServer)
    {
        using ConnectionPair pair = new();
        Http2Stream served = Open(pair, now: 1, endStream: true);
        if (byServer)
        {
            pair.Server.ResetStream(served, Http2ErrorCode.Cancel);
        }
        else
        {
            pair.Client.ResetStream(pair.Client.Session.Streams.Find(1)!, Http2ErrorCode.Cancel);
        }

        pair.Settle();
        Assert.Equal((1L, 0L, 0L, 1L), Streams(pair.Client.Counters));
        Assert.Equal((0L, 1L, 0L, 1L), Streams(pair.Server.Counters));
    }

    [Fact]
    public void Streams_that_are_open_when_the_connection_ends_have_failed()
    {
        using ConnectionPair pair = new();
        _ = Open(pair, now: 1, endStream: true);
        pair.Server.ReceiveEnd(now: 2, pair.ServerEvents);
        pair.Client.ReceiveEnd(now: 2, pair.ClientEvents);
        Assert.Equal((1L, 0L, 0L, 1L), Streams(pair.Client.Counters));
        Assert.Equal((0L, 1L, 0L, 1L), Streams(pair.Server.Counters));
    }

    [Fact]
    public void Pings_of_keepalive_are_counted()
    {
        using Peer client = Peer.Client(new() { KeepAliveInterval = 1000, KeepAliveWithoutStreams = true, SettingsTimeout = 0 }).Opened();
        client.Connection.Tick(1000, client.Events);
        Assert.Equal(1, client.Connection.Counters.KeepAlivesSent);
    }

    [Fact]
    public void The_windows_are_those_of_the_connection()
    {
        using ConnectionPair pair = new();
        _ = Open(pair, now: 1, endStream: false);
        int before = pair.Client.Counters.SendWindow;
        Assert.Equal(before, pair.Server.Counters.ReceiveWindow);
        pair.Client.SendData(pair.Client.Session.Streams.Find(1)!, new byte[100], endStream: true);
        pair.Settle();
        Assert.Equal(before - 100, pair.Client.Counters.SendWindow);
        Assert.Equal(before - 100, pair.Server.Counters.ReceiveWindow);
    }

    // Opens a stream of the client; the server's end of it.
    private static Http2Stream Open(ConnectionPair pair, long now, bool endStream)
    {
        pair.Settle();
        pair.Now = now;
        _ = pair.Client.OpenStream(Peer.Fields(FrameScript.Request), endStream, state: null, now);
        pair.Settle();
        return pair.Server.Session.Streams.Find(1)!;
    }

    private static (long Local, long Remote, long Succeeded, long Failed) Streams(in Http2Counters counters) =>
        (counters.LocalStreamsStarted, counters.RemoteStreamsStarted, counters.StreamsSucceeded, counters.StreamsFailed);
}
