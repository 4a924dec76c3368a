// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;

namespace Peregrine.Tests.Client;

public sealed class CancellationAndDeadlineTests : ClientTestBase
{
    [Fact]
    public async Task An_expired_call_never_touches_the_network()
    {
        var channel = Connect();
        _ = await FailsAsync(CallUnary(channel, new CallOptions(deadline: DateTime.UtcNow.AddSeconds(-1))).ResponseAsync, StatusCode.DeadlineExceeded);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public async Task A_cancelled_token_never_touches_the_network()
    {
        var channel = Connect();
        var options = new CallOptions(cancellationToken: new CancellationToken(canceled: true));
        _ = await FailsAsync(CallUnary(channel, options).ResponseAsync, StatusCode.Cancelled);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Fact]
    public void A_local_deadline_is_refused_when_the_call_starts() => Assert.Throws<InvalidOperationException>(
        () => CallUnary(Connect(), new CallOptions(deadline: DateTime.Now.AddMinutes(1))));

    [Fact]
    public async Task The_deadline_ends_a_running_call_and_resets_its_stream_with_CANCEL()
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        var call = CallUnary(channel, new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(10)));
        var peer = await Server.AcceptAsync();
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("10000000u", request.Header("grpc-timeout"));

        time.Advance(TimeSpan.FromSeconds(10));

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.DeadlineExceeded);
        Assert.Contains("waiting for the response headers", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task The_deadline_covers_the_time_to_connect()
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        var call = CallUnary(channel, new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(5)));
        using var silent = await Server.AcceptSocketAsync();

        time.Advance(TimeSpan.FromSeconds(5));

        var thrown = await FailsAsync(call.ResponseAsync, StatusCode.DeadlineExceeded);
        Assert.Contains("before a connection was ready", thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 10_000, StatusCode.DeadlineExceeded)]
    [InlineData(false, 10_000, StatusCode.DeadlineExceeded)]
    [InlineData(true, 9_985, StatusCode.DeadlineExceeded)]
    [InlineData(false, 9_985, StatusCode.DeadlineExceeded)]
    [InlineData(true, 9_980, StatusCode.Cancelled)]
    [InlineData(false, 9_980, StatusCode.Cancelled)]
    public async Task CANCELLED_from_a_server_at_the_deadline_but_for_a_tick_is_DEADLINE_EXCEEDED(bool byReset, int milliseconds, StatusCode expected)
    {
        var time = new ManualTime();
        var channel = Connect(options => options.TimeProvider = time);
        var call = CallUnary(channel, new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(10)));
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        time.AdvanceClockOnly(TimeSpan.FromMilliseconds(milliseconds));
        if (byReset)
        {
            peer.Reset(stream, Http2ErrorCode.Cancel);
        }
        else
        {
            peer.SendHeaders(stream, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "1"));
        }

        _ = await FailsAsync(call.ResponseAsync, expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Cancelling_before_headers_after_headers_and_after_a_message_resets_with_CANCEL(int stage)
    {
        using var cancellation = new CancellationTokenSource();
        var call = Connect().CreateCallInvoker().AsyncServerStreamingCall(ServerStreaming, null, new CallOptions(cancellationToken: cancellation.Token), "hi");
        var peer = await Server.AcceptAsync();
        var stream = (await peer.ExpectRequestAsync()).Stream!;
        if (stage > 0)
        {
            peer.SendHead(stream);
            _ = await call.ResponseHeadersAsync.WaitAsync(Patience);
        }

        if (stage > 1)
        {
            peer.SendMessage(stream, "one");
            Assert.True(await call.ResponseStream.MoveNext().WaitAsync(Patience));
        }

        var next = call.ResponseStream.MoveNext();
        await cancellation.CancelAsync();

        _ = await FailsAsync(next, StatusCode.Cancelled);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task Disposing_a_running_call_cancels_it()
    {
        var call = CallUnary(Connect());
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();

        call.Dispose();

        _ = await FailsAsync(call.ResponseAsync, StatusCode.Cancelled);
        _ = await FailsAsync(call.ResponseHeadersAsync, StatusCode.Cancelled);
        Assert.Equal(Http2ErrorCode.Cancel, (await peer.ExpectAsync(Http2EventKind.StreamReset)).Error.Code);
    }

    [Fact]
    public async Task Cancelling_while_connecting_ends_the_call()
    {
        using var cancellation = new CancellationTokenSource();
        var call = CallUnary(Connect(), new CallOptions(cancellationToken: cancellation.Token));
        using var silent = await Server.AcceptSocketAsync();
        await cancellation.CancelAsync();
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Cancelled);
    }

    [Fact]
    public async Task ThrowOperationCanceledOnCancellation_wraps_the_RpcException()
    {
        using var cancellation = new CancellationTokenSource();
        var channel = Connect(options => options.ThrowOperationCanceledOnCancellation = true);
        var call = CallUnary(channel, new CallOptions(cancellationToken: cancellation.Token));
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        await cancellation.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.Cancelled, Assert.IsType<RpcException>(thrown.InnerException).StatusCode);
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
    }

    [Fact]
    public async Task A_propagation_token_brings_the_parents_deadline_and_cancellation()
    {
        using var parent = new CancellationTokenSource();
        var time = new ManualTime();
        var token = new ContextPropagationToken(time.GetUtcNow().UtcDateTime.AddSeconds(3), parent.Token, null);
        var options = new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(60), propagationToken: token);
        var call = CallUnary(Connect(settings => settings.TimeProvider = time), options);
        var peer = await Server.AcceptAsync();
        Assert.Equal("3000000u", (await peer.ExpectRequestAsync()).Header("grpc-timeout"));

        await parent.CancelAsync();
        _ = await FailsAsync(call.ResponseAsync, StatusCode.Cancelled);
    }
}
