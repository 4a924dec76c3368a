// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Client;
using Peregrine.Http2;
using Peregrine.Protocol;
using Peregrine.Resolution;

namespace Peregrine.Tests.Client;

public sealed class ConnectionTests : ClientTestBase
{
    [Fact]
    public async Task A_channel_connects_on_first_use_and_is_READY_only_after_the_peers_SETTINGS()
    {
        var channel = Connect();
        Assert.Equal(ConnectivityState.Idle, channel.State);

        var connecting = channel.ConnectAsync(TestContext.Current.CancellationToken);
        using var socket = await Server.AcceptSocketAsync();
        Assert.Equal(ConnectivityState.Connecting, channel.State);
        Assert.False(connecting.IsCompleted);

        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Connecting, TestContext.Current.CancellationToken);
        await using var peer = new ScriptedConnection(socket, 100);
        await connecting.WaitAsync(Patience);
        await changed.WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task A_backoff_longer_than_a_timer_waits_still_lets_the_channel_connect()
    {
        var channel = Connect(options => (options.InitialReconnectBackoff, options.MaxReconnectBackoff) = (TimeSpan.FromDays(60), TimeSpan.FromDays(60)));
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "connected");
        Assert.Equal("connected", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_backoff_longer_than_a_timer_waits_is_waited_for_to_its_end()
    {
        var time = new ManualTime();
        await Server.DisposeAsync();
        var channel = Connect(options =>
        {
            (options.InitialReconnectBackoff, options.MaxReconnectBackoff) = (TimeSpan.FromDays(60), TimeSpan.FromDays(60));
            options.TimeProvider = time;
            options.IdleTimeout = Timeout.InfiniteTimeSpan;
        });
        _ = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        await time.TimerDueWithinAsync(TimeSpan.FromDays(48), TimeSpan.FromDays(50));
        time.Advance(TimeSpan.FromDays(49));

        // Not tried again, but waited for what is left.
        await time.TimerDueWithinAsync(TimeSpan.Zero, TimeSpan.FromDays(24));
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
    }

    [Fact]
    public async Task A_channel_connects_in_no_callers_context()
    {
        var ambient = new AsyncLocal<string>();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var channel = GrpcChannel.Create(
            ChannelTarget.Parse("http://nowhere.test:80"),
            new GrpcChannelOptions(),
            async (_, _) =>
            {
                await gate.Task;
                seen.SetResult(ambient.Value);
                return [];
            });
        ambient.Value = "the first caller";
        var call = CallUnary(channel);
        gate.SetResult();
        Assert.Null(await seen.Task.WaitAsync(Patience));
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        await channel.ShutdownAsync();
    }

    [Fact]
    public async Task A_refused_connection_is_UNAVAILABLE_and_names_address_and_advice()
    {
        await Server.DisposeAsync();
        var channel = Connect();
        var thrown = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);

        Assert.Contains($"127.0.0.1:{Server.Port}", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("refused", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("is the server running", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.NotNull(thrown.InnerException);
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_UNAVAILABLE_in_phase_resolve()
    {
        var channel = GrpcChannel.Create(
            ChannelTarget.Parse("http://nowhere.test:80"),
            new GrpcChannelOptions(),
            (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        var thrown = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        await channel.ShutdownAsync();

        Assert.Contains("'nowhere.test'", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("phase: resolve", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.IsType<SocketException>(thrown.InnerException);
    }

    [Fact]
    public async Task The_addresses_of_a_name_are_tried_in_order()
    {
        var closed = new ScriptedServer();
        await closed.DisposeAsync();
        var channel = Connect(
            options => options.Credentials = ChannelCredentials.Insecure, $"ipv4:127.0.0.1:{closed.Port},127.0.0.1:{Server.Port}");
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "second");
        Assert.Equal("second", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_silent_server_fails_after_20_s_and_backoff_counts_from_the_attempts_start()
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        var call = CallUnary(channel);
        using var silent = await Server.AcceptSocketAsync();

        // The client's preface: its connection stands, and it waits for our SETTINGS.
        Assert.NotEqual(0, await silent.ReceiveAsync(new byte[24]).WaitAsync(Patience));
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));

        time.Advance(TimeSpan.FromSeconds(20));

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains("SETTINGS", thrown.Status.Detail, StringComparison.Ordinal);

        // More than the first backoff has passed since the attempt began: the next follows at once.
        using var next = await Server.AcceptSocketAsync();
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
    }

    [Fact]
    public async Task In_TRANSIENT_FAILURE_calls_fail_at_once_and_wait_for_ready_calls_wait_for_the_next_attempt()
    {
        var time = new ManualTime();
        var port = Server.Port;
        await Server.DisposeAsync();
        var channel = Connect(options => options.TimeProvider = time, $"http://127.0.0.1:{port}");
        _ = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        _ = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        var waiting = CallUnary(channel, new CallOptions().WithWaitForReady());
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(1.2));

        await using var restarted = new ScriptedServer(port);
        Assert.False(waiting.ResponseAsync.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1.2));

        var peer = await restarted.AcceptAsync();
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "up again");
        Assert.Equal("up again", await waiting.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_lost_connection_is_UNAVAILABLE_at_every_step_and_the_next_call_connects_anew(int stage)
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        if (stage > 0)
        {
            peer.SendHead(stream);
            _ = await call.ResponseHeadersAsync.WaitAsync(Patience);
        }

        if (stage > 1)
        {
            peer.SendMessage(stream, "hello");
        }

        peer.Cut();
        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains(stage == 0 ? "phase: request" : "phase: response", thrown.Status.Detail, StringComparison.Ordinal);

        var second = CallUnary(channel);
        var fresh = await Server.AcceptAsync();
        fresh.Respond((await fresh.ExpectRequestAsync()).Stream!, "back");
        Assert.Equal("back", await second.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Garbage_instead_of_HTTP2_is_UNAVAILABLE_when_it_is_the_first_answer()
    {
        var call = CallUnary(Connect());
        using var socket = await Server.AcceptSocketAsync();
        _ = socket.Send("HTTP/1.1 400 Bad Request\r\n\r\n"u8);
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
    }

    [Fact]
    public async Task Garbage_in_a_running_connection_is_UNAVAILABLE()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        peer.SendRaw([0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1, 1, 2, 3]);
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
    }

    [Fact]
    public async Task REFUSED_STREAM_is_retried_transparently_once()
    {
        var channel = Connect();
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        peer.Reset((await peer.ExpectRequestAsync()).Stream!, Http2ErrorCode.RefusedStream);
        var again = await peer.ExpectRequestAsync();
        Assert.Null(again.Header("grpc-previous-rpc-attempts"));
        peer.Respond(again.Stream!, "second try");
        Assert.Equal("second try", await call.ResponseAsync.WaitAsync(Patience));

        var refused = CallUnary(channel);
        peer.Reset((await peer.ExpectRequestAsync()).Stream!, Http2ErrorCode.RefusedStream);
        peer.Reset((await peer.ExpectRequestAsync()).Stream!, Http2ErrorCode.RefusedStream);
        _ = await FailsAsync(refused.ResponseAsync, StatusCode.Unavailable);
    }

    [Fact]
    public async Task A_request_stream_is_replayed_by_a_transparent_retry()
    {
        var call = Connect().CreateCallInvoker().AsyncClientStreamingCall(ClientStreaming, null, default);
        var peer = await Server.AcceptAsync();
        var first = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        await call.RequestStream.WriteAsync("one").WaitAsync(Patience);
        _ = await peer.ExpectAsync(Http2EventKind.Data);
        peer.Reset(first, Http2ErrorCode.RefusedStream);

        var second = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        Assert.Equal([0, 0, 0, 0, 3, .. "one"u8], (await peer.ExpectAsync(Http2EventKind.Data)).Data);
        await call.RequestStream.CompleteAsync();
        peer.Respond(second, "got it");
        Assert.Equal("got it", await call.ResponseAsync.WaitAsync(Patience));
    }

    // Requests that are sent from where they are kept: the array must live until the last attempt has sent it, and serve no other call before.
    [Theory]
    [InlineData(5_000)]
    [InlineData(60_000)]
    public async Task Large_requests_are_replayed_unchanged_while_other_calls_write_theirs(int length)
    {
        var invoker = Connect().CreateCallInvoker();
        var call = invoker.AsyncClientStreamingCall(ClientStreaming, null, default);
        var peer = await Server.AcceptAsync();
        var first = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;
        var request = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        await call.RequestStream.WriteAsync(request).WaitAsync(Patience);
        _ = await peer.ExpectAsync(Http2EventKind.Data);
        peer.Reset(first, Http2ErrorCode.RefusedStream);
        var second = (await peer.ExpectAsync(Http2EventKind.Headers)).Stream!;

        // Others of the same size, one written and ended before the rest of the first arrives.
        using var other = invoker.AsyncClientStreamingCall(ClientStreaming, null, default);
        await other.RequestStream.WriteAsync(new string('!', length)).WaitAsync(Patience);
        var received = new List<byte>();
        while (received.Count < MessageWriter.PrefixLength + length)
        {
            var data = await peer.ExpectAsync(Http2EventKind.Data);
            if (data.Stream == second)
            {
                received.AddRange(data.Data!);
            }
        }

        Assert.Equal(request, Encoding.UTF8.GetString([.. received.Skip(MessageWriter.PrefixLength)]));
        await call.RequestStream.CompleteAsync();
        peer.Respond(second, "got it");
        Assert.Equal("got it", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task After_GOAWAY_running_calls_go_on_and_new_ones_use_another_connection()
    {
        var channel = Connect();
        var running = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        var idle = channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken);
        peer.Drain();
        await idle.WaitAsync(Patience);

        var next = CallUnary(channel);
        var other = await Server.AcceptAsync();
        other.Respond((await other.ExpectRequestAsync()).Stream!, "new");
        Assert.Equal("new", await next.ResponseAsync.WaitAsync(Patience));

        peer.Respond(stream, "old");
        Assert.Equal("old", await running.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Calls_above_MAX_CONCURRENT_STREAMS_wait_and_none_fails()
    {
        const int calls = 40;
        var channel = Connect(options => options.EnableMultipleHttp2Connections = false);
        var running = Enumerable.Range(0, calls).Select(_ => CallUnary(channel).ResponseAsync).ToArray();
        var peer = await Server.AcceptAsync(maxConcurrentStreams: 3);
        for (var i = 0; i < calls; i++)
        {
            peer.Respond((await peer.ExpectRequestAsync()).Stream!, $"{i}");
        }

        Assert.Equal(calls, (await Task.WhenAll(running).WaitAsync(Patience)).Distinct().Count());
        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_stream_slot_can_be_cancelled()
    {
        var channel = Connect(options => options.EnableMultipleHttp2Connections = false);
        var first = CallUnary(channel);
        var peer = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        var second = CallUnary(channel);
        var third = CallUnary(channel);
        second.Dispose();
        _ = await FailsAsync(second.ResponseAsync, StatusCode.Cancelled);

        peer.Respond(stream, "one");
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "three");
        Assert.Equal("one", await first.ResponseAsync.WaitAsync(Patience));
        Assert.Equal("three", await third.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task Shutdown_cancels_running_calls_sends_GOAWAY_and_later_calls_are_UNAVAILABLE()
    {
        var channel = Connect();
        var running = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();

        var shutdown = channel.ShutdownAsync();

        _ = await FailsAsync(running.ResponseAsync, StatusCode.Cancelled);
        Assert.Equal(Http2ErrorCode.NoError, (await peer.ExpectAsync(Http2EventKind.GoAwayReceived)).Error.Code);
        await peer.DisposeAsync();
        await shutdown.WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Shutdown, channel.State);
        _ = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => channel.ConnectAsync(TestContext.Current.CancellationToken));
    }
}
