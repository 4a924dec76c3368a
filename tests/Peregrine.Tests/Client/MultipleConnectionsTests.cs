// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

/// <summary>What a channel does when calls reach the peer's SETTINGS_MAX_CONCURRENT_STREAMS (gRFC A105).</summary>
public sealed class MultipleConnectionsTests : ClientTestBase
{
    [Fact]
    public async Task A_call_above_the_limit_gets_a_second_connection_and_the_state_stays_READY()
    {
        var channel = Connect();
        var first = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var running = await one.ExpectRequestAsync();
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken);

        var second = CallUnary(channel);
        var two = await Server.AcceptAsync(maxConcurrentStreams: 1);
        two.Respond((await two.ExpectRequestAsync()).Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));

        one.Respond(running.Stream!, "one");
        Assert.Equal("one", await first.ResponseAsync.WaitAsync(Patience));
        Assert.False(changed.IsCompleted);
    }

    [Fact]
    public async Task While_a_connection_is_set_up_a_slot_that_becomes_free_serves_the_first_that_waits()
    {
        var channel = Connect();
        _ = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var running = await one.ExpectRequestAsync();
        var second = CallUnary(channel, Numbered(2));
        using var silent = await Server.AcceptSocketAsync();
        var third = CallUnary(channel, Numbered(3));

        one.Respond(running.Stream!, "one");
        var next = await one.ExpectRequestAsync();
        Assert.Equal("2", next.Header("number"));
        one.Respond(next.Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));

        next = await one.ExpectRequestAsync();
        Assert.Equal("3", next.Header("number"));
        one.Respond(next.Stream!, "three");
        Assert.Equal("three", await third.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Calls_get_their_streams_in_the_order_in_which_they_began_to_wait()
    {
        var channel = Connect(options => options.MaxConnectionsPerSubchannel = 2);
        _ = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var onOne = await one.ExpectRequestAsync();
        _ = CallUnary(channel);
        var two = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var onTwo = await two.ExpectRequestAsync();

        var waiting = Enumerable.Range(0, 6).Select(number => CallUnary(channel, Numbered(number))).ToArray();
        for (var i = 0; i < waiting.Length; i += 2)
        {
            one.Respond(onOne.Stream!, "ok");
            onOne = await one.ExpectRequestAsync();
            Assert.Equal($"{i}", onOne.Header("number"));
            two.Respond(onTwo.Stream!, "ok");
            onTwo = await two.ExpectRequestAsync();
            Assert.Equal($"{i + 1}", onTwo.Header("number"));
        }

        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task A_peer_that_allows_no_stream_at_all_gets_no_second_connection()
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync(maxConcurrentStreams: 0);
        await channel.ConnectAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        call.Dispose();
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Cancelled);
        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task GOAWAY_on_one_connection_leaves_the_channel_READY_and_its_call_running()
    {
        var (channel, one, two) = await FillTwoAsync();
        one.Peer.Drain();
        await two.AnswerAsync();

        // The first is gone for new calls: this one takes the slot of the second.
        var third = CallUnary(channel);
        two.Peer.Respond((await two.Peer.ExpectRequestAsync()).Stream!, "third");
        Assert.Equal("third", await third.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(ConnectivityState.Ready, channel.State);
        await one.AnswerAsync();
    }

    [Fact]
    public async Task A_lost_connection_makes_room_for_another_one()
    {
        var (channel, one, _) = await FillTwoAsync();
        var third = CallUnary(channel);
        one.Peer.Cut();
        var three = await Server.AcceptAsync();
        three.Respond((await three.ExpectRequestAsync()).Stream!, "three");
        Assert.Equal("three", await third.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_refused_stream_is_tried_again_on_whatever_connection_has_a_slot()
    {
        var (channel, one, two) = await FillTwoAsync();
        await one.AnswerAsync();
        await two.AnswerAsync();
        var call = CallUnary(channel);
        one.Peer.Reset((await one.Peer.ExpectRequestAsync()).Stream!, Http2ErrorCode.RefusedStream);
        one.Peer.Respond((await one.Peer.ExpectRequestAsync()).Stream!, "again");
        Assert.Equal("again", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_second_connection_that_fails_fails_no_call_and_is_tried_again_after_the_backoff()
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        _ = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        _ = await one.ExpectRequestAsync();
        var second = CallUnary(channel);
        (await Server.AcceptSocketAsync()).Close(0);
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1.3));
        Assert.Equal(ConnectivityState.Ready, channel.State);
        Assert.False(second.ResponseAsync.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1.3));
        var two = await Server.AcceptAsync();
        two.Respond((await two.ExpectRequestAsync()).Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_second_connection_that_the_server_ends_at_once_is_not_made_anew_before_the_backoff_is_over()
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        _ = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        _ = await one.ExpectRequestAsync();
        var second = CallUnary(channel);
        var useless = await Server.AcceptAsync(maxConcurrentStreams: 0);
        useless.Drain();
        _ = await useless.ExpectAsync(Http2EventKind.ConnectionClosed);
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(1.3));
        Assert.False(Server.HasPendingConnection);

        time.Advance(TimeSpan.FromSeconds(1.3));
        var two = await Server.AcceptAsync();
        two.Respond((await two.ExpectRequestAsync()).Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task When_the_only_connection_is_lost_the_attempt_under_way_is_the_channels_and_calls_wait_for_it()
    {
        var channel = Connect();
        var first = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        _ = await one.ExpectRequestAsync();
        var second = CallUnary(channel);
        using var socket = await Server.AcceptSocketAsync();

        one.Cut();
        _ = await FailsAsync(first.ResponseAsync, StatusCode.Unavailable);
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Connecting, channel.State);

        await using var two = new ScriptedConnection(socket, 1);
        two.Respond((await two.ExpectRequestAsync()).Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(ConnectivityState.Ready, channel.State);
        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task A_further_connection_ends_with_GOAWAY_after_a_minute_without_calls_and_the_first_stays()
    {
        var time = new ManualTime();
        var (channel, one, two) = await FillTwoAsync(time);
        time.Advance(TimeSpan.FromMinutes(10));
        await two.AnswerAsync();
        await one.AnswerAsync();

        time.Advance(TimeSpan.FromSeconds(59));
        var call = CallUnary(channel);
        one.Peer.Respond((await one.Peer.ExpectRequestAsync()).Stream!, "first again");
        Assert.Equal("first again", await call.ResponseAsync.WaitAsync(Patience));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Http2ErrorCode.NoError, (await two.Peer.ExpectAsync(Http2EventKind.GoAwayReceived)).Error.Code);

        time.Advance(TimeSpan.FromMinutes(10));
        var next = CallUnary(channel);
        one.Peer.Respond((await one.Peer.ExpectRequestAsync()).Stream!, "still here");
        Assert.Equal("still here", await next.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Shutdown_ends_all_connections()
    {
        var (channel, one, two) = await FillTwoAsync();
        var shutdown = channel.ShutdownAsync();
        foreach (var connection in new[] { one, two })
        {
            _ = await connection.Peer.ExpectAsync(Http2EventKind.GoAwayReceived);
            await connection.Peer.DisposeAsync();
        }

        await shutdown.WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Shutdown, channel.State);
    }

    [Fact]
    public void Fewer_than_one_connection_is_refused() => Assert.Contains(
        "MaxConnectionsPerSubchannel is 0; it must be at least 1",
        Assert.Throws<ArgumentException>(() => Connect(options => options.MaxConnectionsPerSubchannel = 0)).Message,
        StringComparison.Ordinal);

    private static CallOptions Numbered(int number) => new(new Metadata { { "number", $"{number}" } });

    // Two connections with one stream each, both taken, by a channel that makes no third one and sends no PING.
    private async Task<(GrpcChannel Channel, Taken One, Taken Two)> FillTwoAsync(TimeProvider? time = null)
    {
        var channel = Connect(options =>
        {
            options.MaxConnectionsPerSubchannel = 2;
            options.KeepAliveTime = Timeout.InfiniteTimeSpan;
            options.TimeProvider = time;
        });
        return (channel, await TakeAsync(), await TakeAsync());

        async Task<Taken> TakeAsync()
        {
            var call = CallUnary(channel);
            var peer = await Server.AcceptAsync(maxConcurrentStreams: 1);
            return new Taken(peer, await peer.ExpectRequestAsync(), call);
        }
    }

    private sealed record Taken(ScriptedConnection Peer, ScriptedEvent Request, AsyncUnaryCall<string> Call)
    {
        internal async Task AnswerAsync()
        {
            Peer.Respond(Request.Stream!, "done");
            Assert.Equal("done", await Call.ResponseAsync.WaitAsync(Patience));
        }
    }
}
