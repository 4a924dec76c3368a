// SPDX-License-Identifier: Apache-2.0
using Peregrine.Client;
using Peregrine.Tests.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

/// <summary>Servers and channels of one process: what a network connection does, without one.</summary>
public sealed class InProcessTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = RawClient.Patience;

    private readonly string _address = $"inproc:{Guid.NewGuid():N}";
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<GrpcChannel> _channels = [];

    [Fact]
    public async Task A_handler_sees_the_name_as_its_peer_and_localhost_as_its_host()
    {
        await ServeAsync(Unary((_, context) => Task.FromResult($"{context.Peer}|{context.Host}|{context.AuthContext.IsPeerAuthenticated}")));
        Assert.Equal($"{_address}|localhost|False", await CallAsync(Connect()));
    }

    [Fact]
    public async Task A_channel_is_named_by_its_address()
    {
        await ServeAsync(Unary((r, _) => Task.FromResult(r)));
        Assert.Equal(_address, Connect().Target);
    }

    [Fact]
    public async Task Metadata_status_and_trailers_come_as_from_a_network()
    {
        await ServeAsync(Unary((_, context) =>
        {
            context.ResponseTrailers.Add("seen", context.RequestHeaders.GetValue("sent")!);
            throw new RpcException(new Status(StatusCode.NotFound, "näher"));
        }));
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(Connect(), "", new CallOptions(new Metadata { { "sent", "x" } })));
        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
        Assert.Equal("näher", failure.Status.Detail);
        Assert.Equal("x", failure.Trailers.GetValue("seen"));
    }

    [Fact]
    public async Task Messages_larger_than_every_buffer_go_both_ways()
    {
        await ServeAsync(Unary((r, _) => Task.FromResult(r)));
        var large = new string('x', 3 * 1024 * 1024);
        Assert.Equal(large, await CallAsync(Connect(), large));
    }

    [Fact]
    public async Task A_message_above_the_limit_is_RESOURCE_EXHAUSTED()
    {
        await ServeAsync(Unary((r, _) => Task.FromResult(r)), new GrpcServerOptions { MaxReceiveMessageSize = 10 });
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(Connect(), "more than ten"));
        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Many_calls_run_at_once_on_one_connection()
    {
        await ServeAsync(Unary(async (r, _) =>
        {
            await Task.Yield();
            return r;
        }));
        var channel = Connect();
        var calls = Enumerable.Range(0, 500).Select(i => CallAsync(channel, $"{i}")).ToArray();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), await Task.WhenAll(calls).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_the_handler_back()
    {
        const int chunk = 64 * 1024;
        const int chunks = 256;
        var written = 0;
        var firstWritten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ServeAsync(
            ServerServiceDefinition.CreateBuilder()
                .AddMethod(ServerFixture.Method(MethodType.Unary, "Unary"), (UnaryServerMethod<string, string>)((r, _) => Task.FromResult(r)))
                .AddMethod(
                    ServerFixture.Method(MethodType.ServerStreaming, "ServerStreaming"),
                    (ServerStreamingServerMethod<string, string>)(async (_, responses, _) =>
                    {
                        for (; written < chunks; written++)
                        {
                            await responses.WriteAsync(new string('x', chunk));
                            if (written == 0)
                            {
                                firstWritten.SetResult();
                            }
                        }
                    }))
                .Build());
        var channel = Connect();
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(
            ServerFixture.Method(MethodType.ServerStreaming, "ServerStreaming"), null, default, "");
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));

        // Round trips on the same connection: were nobody to hold the writer back, it would go on meanwhile.
        for (var i = 0; i < 100; i++)
        {
            _ = await CallAsync(channel);
        }

        await firstWritten.Task.WaitAsync(Patience);
        Assert.InRange(Volatile.Read(ref written), 0, chunks / 2);
        var read = 1;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
        {
            read++;
        }

        Assert.Equal(chunks, read);
    }

    [Fact]
    public async Task Cancelling_a_call_cancels_its_handler()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ServeAsync(Unary(async (r, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return r;
        }));
        using var source = new CancellationTokenSource();
        var call = CallAsync(Connect(), "", new CallOptions(cancellationToken: source.Token));
        await started.Task.WaitAsync(Patience);
        await source.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_server_that_shuts_down_lets_calls_end_and_refuses_new_ones()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await ServeAsync(Unary(async (r, _) =>
        {
            started.SetResult();
            await release.Task;
            return r;
        }));
        var running = CallAsync(Connect(), "x");
        await started.Task.WaitAsync(Patience);
        var shutdown = server.ShutdownAsync();
        var refused = await Assert.ThrowsAsync<RpcException>(() => CallAsync(Connect()));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.False(shutdown.IsCompleted);
        release.SetResult();
        Assert.Equal("x", await running);
        await shutdown.WaitAsync(Patience);
    }

    [Fact]
    public async Task Calls_of_a_killed_server_end_with_UNAVAILABLE()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await ServeAsync(Unary(async (r, context) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
            return r;
        }));
        var running = CallAsync(Connect());
        await started.Task.WaitAsync(Patience);
        await server.KillAsync().WaitAsync(Patience);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => running)).StatusCode);
    }

    [Fact]
    public async Task A_channel_that_is_disposed_frees_the_connection_on_both_sides()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ServeAsync(Unary(async (r, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            started.SetResult();
            await cancelled.Task;
            return r;
        }));
        var running = CallAsync(Connect());
        await started.Task.WaitAsync(Patience);
        await _channels[0].ShutdownAsync().WaitAsync(Patience);
        await Assert.ThrowsAsync<RpcException>(() => running);
        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_clock_that_jumps_over_every_keepalive_harms_no_call()
    {
        var time = new ManualTime();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await ServeAsync(
            Unary(async (r, _) =>
            {
                started.SetResult();
                await release.Task;
                return r;
            }),
            new GrpcServerOptions { TimeProvider = time });
        var running = CallAsync(Connect(new GrpcChannelOptions { TimeProvider = time, KeepAliveTime = TimeSpan.FromSeconds(10) }), "x");
        await started.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromDays(1));
        release.SetResult();
        Assert.Equal("x", await running);
    }

    [Fact]
    public async Task A_handler_that_aborts_its_call_has_its_token_cancelled_and_the_client_sees_the_code()
    {
        CancellationToken seen = default;
        await ServeAsync(Unary((r, context) =>
        {
            seen = context.CancellationToken;
            context.AbortCall(Http2.Http2ErrorCode.EnhanceYourCalm);
            context.AbortCall();
            return Task.FromResult(r);
        }));
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(Connect()))).StatusCode);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = seen.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_name_is_taken_until_its_server_stops()
    {
        var first = await ServeAsync(Unary((_, _) => Task.FromResult("first")));
        var failure = await Assert.ThrowsAsync<IOException>(() => ServeAsync(Unary((_, _) => Task.FromResult("second"))));
        Assert.Equal($"Listening on {_address} failed: the name is already taken by another server of this process.", failure.Message);
        Assert.Equal("first", await CallAsync(Connect()));
        await first.ShutdownAsync(TimeSpan.Zero).WaitAsync(Patience);
        await ServeAsync(Unary((_, _) => Task.FromResult("second")));
        Assert.Equal("second", await CallAsync(Connect()));
    }

    [Fact]
    public async Task A_call_to_a_name_that_nobody_listens_on_is_UNAVAILABLE_and_says_so()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(Connect()));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Contains(_address, failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("ListenAsync", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TLS_is_refused_on_both_sides()
    {
        var client = Assert.Throws<InvalidOperationException>(() => Connect(new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        Assert.Contains("no TLS", client.Message, StringComparison.Ordinal);
        using var authority = new Credentials.TestCertificates();
        await using var server = new GrpcServer();
        var credentials = new SslServerCredentials([authority.Issue("server.test", Credentials.TestCertificates.ServerAuth)]);
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => server.ListenAsync(_address, credentials));
        Assert.Contains("no TLS", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_credentials_that_want_a_private_transport_are_sent()
    {
        await ServeAsync(Unary((_, context) => Task.FromResult(context.RequestHeaders.GetValue("token")!)));
        var credentials = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("token", "secret");
            return Task.CompletedTask;
        });
        Assert.True(credentials.RequiresTransportSecurity);
        Assert.Equal("secret", await CallAsync(Connect(), "", new CallOptions(credentials: credentials)));
    }

    [Theory]
    [InlineData("inproc:")]
    [InlineData("inproc://name")]
    [InlineData("inproc:///name")]
    public async Task An_address_without_a_name_is_refused_on_both_sides(string address)
    {
        Assert.Contains("inproc:name", Assert.Throws<ArgumentException>(() => GrpcChannel.ForAddress(address)).Message, StringComparison.Ordinal);
        await using var server = new GrpcServer();
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => server.ListenAsync(address, ServerCredentials.Insecure));
        Assert.Contains("inproc:name", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_wait_until_the_listener_starts_and_are_refused_when_it_never_does()
    {
        var endPoint = new InProcessEndPoint(Guid.NewGuid().ToString());
        List<ByteDuplex> accepted = [];
        var listener = InProcessListener.Open(endPoint, accepted.Add);
        Assert.True(InProcessListener.TryConnect(endPoint, out var first));
        Assert.Empty(accepted);
        listener.Start();
        Assert.Single(accepted);
        listener.Dispose();
        Assert.False(InProcessListener.TryConnect(endPoint, out _));
        first.Dispose();

        var never = InProcessListener.Open(endPoint, accepted.Add);
        Assert.True(InProcessListener.TryConnect(endPoint, out var waiting));
        never.Dispose();
        Assert.Equal(0, await waiting.ReceiveAsync(new byte[1]).AsTask().WaitAsync(Patience));
        waiting.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static ServerServiceDefinition Unary(UnaryServerMethod<string, string> handler) =>
        ServerServiceDefinition.CreateBuilder().AddMethod(ServerFixture.Method(MethodType.Unary, "Unary"), handler).Build();

    private static Task<string> CallAsync(GrpcChannel channel, string request = "", CallOptions options = default) =>
        channel.CreateCallInvoker().AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, options, request).ResponseAsync.WaitAsync(Patience);

    private GrpcChannel Connect(GrpcChannelOptions? options = null)
    {
        var channel = GrpcChannel.ForAddress(_address, options ?? new GrpcChannelOptions());
        _channels.Add(channel);
        return channel;
    }

    private async Task<GrpcServer> ServeAsync(ServerServiceDefinition service, GrpcServerOptions? options = null)
    {
        var server = new GrpcServer(options ?? new GrpcServerOptions());
        _servers.Add(server);
        _ = server.AddService(service);
        Assert.Equal(0, await server.ListenAsync(_address, ServerCredentials.Insecure));
        return server;
    }
}
