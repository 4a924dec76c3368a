// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Peregrine.Client;
using Peregrine.Credentials;
using Peregrine.Http2;
using Peregrine.LoadBalancing;
using Peregrine.Protocol;
using Peregrine.Tests.Diagnostics;

namespace Peregrine.Tests.Client;

/// <summary>Health checking against a server that misbehaves on purpose (gRFC A17).</summary>
public sealed class HealthCheckTests : ClientTestBase
{
    private static readonly byte[] Serving = [0, 0, 0, 0, 2, 8, 1];
    private static readonly byte[] NotServing = [0, 0, 0, 0, 2, 8, 2];

    private readonly ManualTime _time = new();

    [Fact]
    public async Task The_watch_is_a_call_of_Health_with_the_services_name()
    {
        _ = Connect(Configure).ConnectAsync();
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectAsync(Http2EventKind.Headers);
        Assert.Equal("/grpc.health.v1.Health/Watch", watch.Header(":path"));
        Assert.Equal("application/grpc", watch.Header("content-type"));
        Assert.Null(watch.Header("grpc-timeout"));
        var request = await peer.ExpectAsync(Http2EventKind.Data);
        Assert.True(request.EndStream);
        Assert.Equal([0, 0, 0, 0, 5, 0x0A, 3, (byte)'a', (byte)'.', (byte)'A'], request.Data);
    }

    [Fact]
    public async Task The_channel_is_connecting_until_the_first_answer_and_calls_wait_for_it()
    {
        var channel = Connect(Configure);
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectRequestAsync();
        Assert.Equal(ConnectivityState.Connecting, channel.State);
        peer.SendHead(watch.Stream!);
        Assert.Equal(ConnectivityState.Connecting, channel.State);
        peer.SendData(watch.Stream!, Serving);
        peer.Respond((await peer.ExpectRequestAsync()).Stream!, "served");
        Assert.Equal("served", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_server_without_the_method_counts_as_healthy_and_is_not_asked_again()
    {
        var channel = Connect(Configure);
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync();
        peer.SendHeaders((await peer.ExpectRequestAsync()).Stream!, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "12"));
        var request = await peer.ExpectRequestAsync();
        Assert.Equal("/test.Echo/Unary", request.Header(":path"));
        peer.Respond(request.Stream!, "served");
        Assert.Equal("served", await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_watch_that_ends_makes_calls_fail_and_is_begun_anew_with_growing_pauses()
    {
        var channel = Connect(Configure);
        _ = channel.ConnectAsync();
        var peer = await Server.AcceptAsync();
        foreach (var pause in new[] { 1.2, 1.92 })
        {
            var watch = await peer.ExpectRequestAsync();
            peer.SendHeaders(watch.Stream!, true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "14"), ("grpc-message", "warming up"));
            if (channel.State == ConnectivityState.Connecting)
            {
                await channel.WaitForStateChangedAsync(ConnectivityState.Connecting, TestContext.Current.CancellationToken).WaitAsync(Patience);
            }

            var failure = await FailsAsync(CallUnary(channel).ResponseAsync, StatusCode.Unavailable);
            Assert.Equal("The health of 'a.A' is not known: /grpc.health.v1.Health/Watch ended with Unavailable: warming up", failure.Status.Detail);
            await AdvanceAsync(pause);
        }

        var last = await peer.ExpectRequestAsync();
        peer.SendHead(last.Stream!);
        peer.SendData(last.Stream!, Serving);
        await channel.WaitForStateChangedAsync(ConnectivityState.TransientFailure, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Ready, channel.State);
    }

    [Fact]
    public async Task A_watch_that_ends_while_calls_have_all_streams_leaves_the_last_answer_in_force_until_one_is_free()
    {
        var channel = Connect(options =>
        {
            Configure(options);
            options.MaxConnectionsPerSubchannel = 1;
        });
        var connected = channel.ConnectAsync(TestContext.Current.CancellationToken);
        var peer = await Server.AcceptAsync(maxConcurrentStreams: 2);
        var watch = await peer.ExpectRequestAsync();
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, Serving);
        await connected.WaitAsync(Patience);
        var changed = channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken);

        var first = CallUnary(channel);
        var one = await peer.ExpectRequestAsync();
        var second = CallUnary(channel);
        peer.SendTrailers(watch.Stream!, ("grpc-status", "14"));
        var two = await peer.ExpectRequestAsync();
        Assert.Equal("/test.Echo/Unary", two.Header(":path"));
        await AdvanceAsync(1.2);

        peer.Respond(one.Stream!, "one");
        Assert.Equal("one", await first.ResponseAsync.WaitAsync(Patience));
        watch = await peer.ExpectRequestAsync();
        Assert.Equal("/grpc.health.v1.Health/Watch", watch.Header(":path"));
        peer.Respond(two.Stream!, "two");
        Assert.Equal("two", await second.ResponseAsync.WaitAsync(Patience));
        Assert.False(changed.IsCompleted);

        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, NotServing);
        await changed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_watch_gives_the_only_stream_that_the_server_allows_to_calls_and_a_warning_says_so()
    {
        using var log = new LogTests.Recorder();
        var channel = Connect(options =>
        {
            Configure(options);
            options.LoggerFactory = log;
        });
        var call = CallUnary(channel);
        var peer = await Server.AcceptAsync(maxConcurrentStreams: 1);
        var watch = await peer.ExpectRequestAsync();
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, Serving);
        for (var i = 0; i < 2; i++)
        {
            var request = await peer.ExpectRequestAsync();
            Assert.Equal("/test.Echo/Unary", request.Header(":path"));
            peer.Respond(request.Stream!, "served");
            Assert.Equal("served", await call.ResponseAsync.WaitAsync(Patience));
            call = CallUnary(channel);
        }

        Assert.Contains("which allows one stream at a time", await log.EventAsync(1007), StringComparison.Ordinal);
        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task An_answer_that_repeats_the_one_before_is_logged_once()
    {
        using var log = new Warnings();
        _ = Connect(options =>
        {
            Configure(options);
            options.LoggerFactory = log;
        }).ConnectAsync();
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectRequestAsync();
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, NotServing);
        peer.SendData(watch.Stream!, NotServing);
        peer.SendData(watch.Stream!, [0, 0, 0, 0, 0]);
        foreach (var name in new[] { "NOT_SERVING", "UNKNOWN" })
        {
            Assert.Contains(name, await log.NextAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_that_the_server_refuses_to_the_watch_is_fetched_anew()
    {
        var fetched = 0;
        var tokens = new TokenSource(
            _ => Task.FromResult(new AccessToken($"token-{++fetched}")), new TokenSourceOptions { TimeProvider = _time });
        var channel = Connect(options =>
        {
            Configure(options);
            options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromTokenSource(tokens));
            options.UnsafeUseInsecureChannelCallCredentials = true;
        });
        var connected = channel.ConnectAsync(TestContext.Current.CancellationToken);
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectRequestAsync();
        Assert.Equal("Bearer token-1", watch.Header("authorization"));
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, Serving);
        await connected.WaitAsync(Patience);
        _time.Advance(TimeSpan.FromMinutes(2));
        peer.SendTrailers(watch.Stream!, ("grpc-status", "16"));
        Assert.Equal("Bearer token-2", (await peer.ExpectRequestAsync()).Header("authorization"));
    }

    [Fact]
    public async Task A_reset_of_the_watch_says_no_more_that_the_server_serves()
    {
        var channel = Connect(Configure);
        _ = channel.ConnectAsync();
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectRequestAsync();
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, Serving);
        await channel.WaitForStateChangedAsync(ConnectivityState.Connecting, TestContext.Current.CancellationToken).WaitAsync(Patience);
        peer.Reset(watch.Stream!, Http2ErrorCode.InternalError);
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
    }

    [Fact]
    public async Task A_connection_that_ends_before_its_server_serves_is_a_failed_attempt()
    {
        var channel = Connect(Configure);
        var waiting = CallUnary(channel, new CallOptions().WithWaitForReady());
        var peer = await Server.AcceptAsync();
        _ = await peer.ExpectRequestAsync();
        peer.Drain();
        await channel.WaitForStateChangedAsync(ConnectivityState.Connecting, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(ConnectivityState.TransientFailure, channel.State);
        Assert.False(Server.HasPendingConnection);

        await AdvanceAsync(1.2);
        var next = await Server.AcceptAsync();
        var watch = await next.ExpectRequestAsync();
        next.SendHead(watch.Stream!);
        next.SendData(watch.Stream!, Serving);
        next.Respond((await next.ExpectRequestAsync()).Stream!, "served");
        Assert.Equal("served", await waiting.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_server_that_stops_after_it_said_so_leaves_the_channel_idle()
    {
        var channel = Connect(Configure);
        var (peer, watch) = await ConnectServingAsync(channel);
        _time.Advance(TimeSpan.FromSeconds(2));
        peer.SendData(watch.Stream!, NotServing);
        await channel.WaitForStateChangedAsync(ConnectivityState.Ready, TestContext.Current.CancellationToken).WaitAsync(Patience);
        peer.Drain();
        await channel.WaitForStateChangedAsync(ConnectivityState.TransientFailure, TestContext.Current.CancellationToken).WaitAsync(Patience);
        Assert.Equal(ConnectivityState.Idle, channel.State);
        Assert.False(Server.HasPendingConnection);
    }

    [Fact]
    public async Task The_watch_ends_with_GOAWAY_so_that_the_connection_can()
    {
        var channel = Connect(Configure);
        var (peer, _) = await ConnectServingAsync(channel);
        peer.Drain();
        _ = await peer.ExpectAsync(Http2EventKind.ConnectionClosed);
        Assert.Equal(ConnectivityState.Idle, channel.State);
    }

    [Theory]
    [InlineData(new byte[] { }, "UNKNOWN")]
    [InlineData(new byte[] { 8, 2 }, "NOT_SERVING")]
    [InlineData(new byte[] { 8, 3 }, "SERVICE_UNKNOWN")]
    [InlineData(new byte[] { 8, 9 }, "in the state 9")]
    [InlineData(new byte[] { 8, 1, 8, 2 }, "NOT_SERVING")]
    [InlineData(new byte[] { 18, 1, 0, 8, 1 }, null)]
    [InlineData(new byte[] { 8, 2, 8, 1 }, null)]
    public void Answers_are_read_as_protobuf_reads_them(byte[] response, string? name)
    {
        var health = Check("a.A").Read(new ReadOnlySequence<byte>(response));
        Assert.Equal(name is null ? "" : $"The server says that 'a.A' is {name} (health checking).", health.Detail);
        Assert.Equal(name is null ? StatusCode.OK : StatusCode.Unavailable, health.StatusCode);
    }

    [Theory]
    [InlineData(new byte[] { 8 })]
    [InlineData(new byte[] { 0xFF, 0xFF })]
    [InlineData(new byte[] { 18, 200, 1, 0 })]
    public void Answers_that_are_broken_say_nothing_good(byte[] response) =>
        Assert.Contains("cannot be read", Check("").Read(new ReadOnlySequence<byte>(response)).Detail, StringComparison.Ordinal);

    [Fact]
    public void A_name_of_any_length_is_framed()
    {
        Assert.Equal([0, 0, 0, 0, 0], Check("").Request.ToArray());
        var request = Check(new string('x', 300)).Request.ToArray();
        Assert.Equal([0, 0, 0, 1, 0x2F, 0x0A, 0xAC, 0x02], request[..8]);
        Assert.Equal(308, request.Length);
    }

    [Fact]
    public async Task The_watch_is_begun_in_no_callers_context()
    {
        var ambient = new AsyncLocal<string>();
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var channel = Connect(options =>
        {
            Configure(options);
            options.Credentials = ChannelCredentials.Create(ChannelCredentials.Insecure, CallCredentials.FromInterceptor((context, metadata) =>
            {
                Assert.Equal("Watch", context.MethodName);
                _ = seen.TrySetResult(ambient.Value);
                return Task.CompletedTask;
            }));
            options.UnsafeUseInsecureChannelCallCredentials = true;
        });
        ambient.Value = "the first caller";
        _ = channel.ConnectAsync();
        _ = await (await Server.AcceptAsync()).ExpectRequestAsync();
        Assert.Null(await seen.Task.WaitAsync(Patience));
    }

    private static HealthCheck Check(string service) => new(service, new RequestHeadersWriter(false, "host", "agent", "identity"));

    private void Configure(GrpcChannelOptions options)
    {
        options.HealthCheckServiceName = "a.A";
        options.TimeProvider = _time;
        options.KeepAliveTime = Timeout.InfiniteTimeSpan;
        options.IdleTimeout = Timeout.InfiniteTimeSpan;
    }

    // A connection whose server says that it serves, and the watch that heard it.
    private async Task<(ScriptedConnection Peer, ScriptedEvent Watch)> ConnectServingAsync(GrpcChannel channel)
    {
        var connected = channel.ConnectAsync(TestContext.Current.CancellationToken);
        var peer = await Server.AcceptAsync();
        var watch = await peer.ExpectRequestAsync();
        peer.SendHead(watch.Stream!);
        peer.SendData(watch.Stream!, Serving);
        await connected.WaitAsync(Patience);
        return (peer, watch);
    }

    // The pause begins a moment behind the state that tells of it. It is up to 20 % shorter or longer than planned, and shorter by the time
    // that the one before it was ended early, as the clock moves on by the longest.
    private async Task AdvanceAsync(double seconds)
    {
        await _time.TimerDueWithinAsync(TimeSpan.FromSeconds(seconds * 0.4), TimeSpan.FromSeconds(seconds));
        _time.Advance(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Keeps the warnings, in order.</summary>
    private sealed class Warnings : ILoggerFactory, ILogger
    {
        private readonly Channel<string> _warnings = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public Task<string> NextAsync() => _warnings.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
            {
                _ = _warnings.Writer.TryWrite(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
