// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public sealed class IdleTimeoutTests : ClientTestBase
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Without_calls_the_connection_ends_with_GOAWAY_the_state_is_IDLE_and_the_next_call_connects_anew()
    {
        var channel = Connect(Configure);
        var peer = await CallOnceAsync(channel);
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken);

        _time.Advance(IdleTimeout - Second);
        Assert.Equal(ConnectivityState.Ready, channel.State);
        _time.Advance(Second);
        Assert.Equal(ConnectivityState.Idle, channel.State);
        await changed.WaitAsync(Patience);
        Assert.Equal(Http2ErrorCode.NoError, (await peer.ExpectAsync(Http2EventKind.GoAwayReceived)).Error.Code);
        _ = await peer.ExpectAsync(Http2EventKind.ConnectionClosed);
        Assert.False(Server.HasPendingConnection);

        _ = await CallOnceAsync(channel);
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task The_time_runs_from_the_end_of_the_last_call()
    {
        var channel = Connect(Configure);
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(ConnectivityState.Ready, channel.State);

        peer.Respond(request.Stream!, "late");
        Assert.Equal("late", await call.ResponseAsync.WaitAsync(Patience));
        _time.Advance(IdleTimeout - Second);
        Assert.Equal(ConnectivityState.Ready, channel.State);
        _time.Advance(Second);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public async Task A_call_that_goes_on_after_GOAWAY_on_its_connection_counts()
    {
        var channel = Connect(Configure);
        var running = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken);
        peer.Drain();
        await changed.WaitAsync(Patience);
        _ = await CallOnceAsync(channel);

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(ConnectivityState.Ready, channel.State);
        peer.Respond(request.Stream!, "late");
        Assert.Equal("late", await running.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_call_that_waits_for_a_stream_counts()
    {
        var channel = Connect(options =>
        {
            Configure(options);
            options.EnableMultipleHttp2Connections = false;
        });
        var peer = await CallOnceAsync(channel, maxConcurrentStreams: 1);
        var running = CallUnary(channel);
        var request = await peer.ExpectRequestAsync();
        var waiting = CallUnary(channel);
        _time.Advance(TimeSpan.FromHours(2));
        peer.Respond(request.Stream!, "one");
        Assert.Equal("one", await running.ResponseAsync.WaitAsync(Patience));
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "two");
        Assert.Equal("two", await waiting.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_channel_that_cannot_connect_stops_trying_and_goes_on_only_while_a_call_waits()
    {
        await Server.DisposeAsync();
        var channel = Connect(Configure);
        using var cancelled = new CancellationTokenSource();
        var waiting = CallUnary(channel, new CallOptions(cancellationToken: cancelled.Token).WithWaitForReady());
        await channel.WaitForStateChangedAsync(ConnectivityState.Connecting, TestContext.Current.CancellationToken).WaitAsync(Patience);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);

        await cancelled.CancelAsync();
        _ = await FailsAsync(waiting.ResponseAsync, StatusCode.Cancelled);
        _time.Advance(IdleTimeout + IdleTimeout);
        Assert.Equal(ConnectivityState.Idle, channel.State);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(ConnectivityState.Idle, channel.State);

        _ = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
    }

    [Fact]
    public async Task All_connections_end()
    {
        var channel = Connect(options =>
        {
            Configure(options);
            options.IdleTimeout = TimeSpan.FromSeconds(30);
        });
        var first = CallUnary(channel);
        var one = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var running = await one.ExpectRequestAsync();
        var second = CallUnary(channel);
        var two = await Server.AcceptAsync(maxConcurrentStreams: 1);
        two.Respond((await two.ExpectRequestAsync()).Stream!, "two");
        _ = await second.ResponseAsync.WaitAsync(Patience);
        one.Respond(running.Stream!, "one");
        _ = await first.ResponseAsync.WaitAsync(Patience);

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(ConnectivityState.Idle, channel.State);
        _ = await one.ExpectAsync(Http2EventKind.GoAwayReceived);
        _ = await two.ExpectAsync(Http2EventKind.GoAwayReceived);
    }

    [Fact]
    public async Task An_infinite_time_keeps_the_channel_connected()
    {
        var channel = Connect(options =>
        {
            Configure(options);
            options.IdleTimeout = Timeout.InfiniteTimeSpan;
        });
        _ = await CallOnceAsync(channel);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task A_time_longer_than_timers_take_is_kept()
    {
        var channel = Connect(options =>
        {
            options.IdleTimeout = TimeSpan.FromDays(100);
            options.KeepAliveTime = Timeout.InfiniteTimeSpan;
        });
        _ = await CallOnceAsync(channel);
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public void It_is_30_minutes_by_default_and_never_negative()
    {
        Assert.Equal(TimeSpan.FromMinutes(30), new GrpcChannelOptions().IdleTimeout);
        Assert.Contains(
            "IdleTimeout is -00:00:01",
            Assert.Throws<ArgumentException>(() => Connect(options => options.IdleTimeout = -Second)).Message,
            StringComparison.Ordinal);
    }

    private void Configure(GrpcChannelOptions options)
    {
        options.TimeProvider = _time;
        options.IdleTimeout = IdleTimeout;
        options.KeepAliveTime = Timeout.InfiniteTimeSpan;
    }

    private async Task<ScriptedConnection> CallOnceAsync(GrpcChannel channel, int maxConcurrentStreams = 100)
    {
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync(maxConcurrentStreams);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "ok");
        Assert.Equal("ok", await call.ResponseAsync.WaitAsync(Patience));
        return peer;
    }
}
