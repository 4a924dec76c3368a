// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Tracing;
using Peregrine.Client;
using Peregrine.Tests.Credentials;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Client;

/// <summary>Client and server of this library together: restarts, identities, back-pressure, limits.</summary>
public sealed class BothSidesTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;
    private readonly List<GrpcChannel> _channels = [];

    [Fact]
    public async Task After_a_restart_of_the_server_the_next_call_connects_anew()
    {
        var first = await new ServerFixture().Unary((r, _) => Task.FromResult("first " + r)).StartAsync();
        var port = first.Port;
        var invoker = Connect(port).CreateCallInvoker();
        var unary = ServerFixture.Method(MethodType.Unary, "Unary");
        Assert.Equal("first x", await invoker.AsyncUnaryCall(unary, null, default, "x").ResponseAsync.WaitAsync(Patience));
        await first.DisposeAsync();

        await using var second = new GrpcServer();
        _ = second.AddService(ServerServiceDefinition.CreateBuilder()
            .AddMethod(unary, (UnaryServerMethod<string, string>)((r, _) => Task.FromResult("second " + r))).Build());
        _ = await second.ListenAsync($"127.0.0.1:{port}", ServerCredentials.Insecure);
        var options = new CallOptions().WithWaitForReady();
        Assert.Equal("second x", await invoker.AsyncUnaryCall(unary, null, options, "x").ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_handler_sees_who_its_client_is_under_mutual_TLS()
    {
        using var authority = new TestCertificates();
        AuthContext? seen = null;
        await using var server = await new ServerFixture().Unary((r, context) =>
        {
            seen = context.AuthContext;
            return Task.FromResult(r);
        }).StartAsync(new SslServerCredentials(
            [authority.Issue("server.test", TestCertificates.ServerAuth)],
            authority.AuthorityPem,
            SslClientCertificateRequestType.RequestAndRequireAndVerify));
        var channel = Connect(server.Port, options =>
        {
            options.Credentials = new SslCredentials(authority.AuthorityPem, authority.Issue("client.test", TestCertificates.ClientAuth));
            options.SslTargetNameOverride = "server.test";
        });
        var call = channel.CreateCallInvoker().AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "x");
        Assert.Equal("x", await call.ResponseAsync.WaitAsync(Patience));
        Assert.True(seen!.IsPeerAuthenticated);
        Assert.Contains(seen.PeerIdentity, identity => identity.Value == "client.test");
    }

    // Requests around the largest that is kept and the largest that lies in one block, of several calls at once, some of which end in the middle:
    // a block that served two messages at a time would show here.
    [Theory]
    [InlineData(5_000)]
    [InlineData(500_000)]
    [InlineData((1024 * 1024) - 10)]
    [InlineData(1024 * 1024)]
    [InlineData(3_500_000)]
    public async Task Large_messages_come_back_whole_beside_calls_that_are_cancelled_while_they_send(int length)
    {
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).StartAsync();
        var invoker = Connect(server.Port).CreateCallInvoker();
        var unary = ServerFixture.Method(MethodType.Unary, "Unary");
        await Task.WhenAll(Enumerable.Range(0, 3).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 4; i++)
            {
                var message = new string((char)('a' + (caller * 4) + i), length);
                using (invoker.AsyncUnaryCall(unary, null, default, new string('!', length)))
                {
                    // Disposed at once: its stream is reset with most of its message unsent.
                }

                using var call = invoker.AsyncUnaryCall(unary, null, default, message);
                Assert.Equal(message, await call.ResponseAsync.WaitAsync(Patience));
            }
        })));
    }

    [Fact]
    public async Task A_server_that_does_not_read_holds_the_writer_back()
    {
        const int chunk = 64 * 1024;
        const int window = 1024 * 1024;
        const int total = 8 * window;
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture()
            .Unary((r, _) => Task.FromResult(r))
            .ClientStreaming(async (requests, _) =>
            {
                await read.Task;
                var length = 0;
                await foreach (var request in requests.ReadAllAsync())
                {
                    length += request.Length;
                }

                return $"{length}";
            }).StartAsync();
        var invoker = Connect(server.Port).CreateCallInvoker();
        using var upload = invoker.AsyncClientStreamingCall(ServerFixture.Method(MethodType.ClientStreaming, "ClientStreaming"), null, default);
        var written = 0;
        var windowFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Task.Run(async () =>
        {
            while (written < total)
            {
                await upload.RequestStream.WriteAsync(new string('x', chunk));
                if ((written += chunk) >= window)
                {
                    windowFull.TrySetResult();
                }
            }

            await upload.RequestStream.CompleteAsync();
        });
        await windowFull.Task.WaitAsync(Patience);

        // Round trips on the same connection: were nobody to hold the writer back, it would go on meanwhile.
        for (var i = 0; i < 100; i++)
        {
            _ = await invoker.AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "x").ResponseAsync.WaitAsync(Patience);
        }

        Assert.InRange(Volatile.Read(ref written), window, window + (4 * chunk));
        Assert.False(writing.IsCompleted);
        read.SetResult();
        await writing.WaitAsync(Patience);
        Assert.Equal($"{total}", await upload.ResponseAsync.WaitAsync(Patience));
    }

    // Messages that came together, in a frame of 16 KiB, are the reader's alone: when it comes no more, who ends the call must give them
    // back, else so many calls use up the connection's window of 4 MiB.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Calls_left_in_the_middle_of_messages_that_came_together_keep_no_window(int read)
    {
        const int messages = 200;
        const int calls = 500;
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await new ServerFixture().Unary((r, _) => Task.FromResult(r)).ServerStreaming(async (_, responses, _) =>
        {
            for (var i = 0; i < messages; i++)
            {
                await responses.WriteAsync(new string('x', 100));
            }

            written.SetResult();
        }).StartAsync();
        var invoker = Connect(server.Port).CreateCallInvoker();
        var method = ServerFixture.Method(MethodType.ServerStreaming, "ServerStreaming");
        for (var i = 0; i < calls; i++)
        {
            using var left = invoker.AsyncServerStreamingCall(method, null, default, "x");
            await written.Task.WaitAsync(Patience);
            written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

            // Its answer comes behind all messages.
            _ = await invoker.AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "x").ResponseAsync.WaitAsync(Patience);
            for (var count = 0; count < read; count++)
            {
                Assert.True(await left.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
            }

            // From another thread than the reader's.
            await Task.Run(left.Dispose, TestContext.Current.CancellationToken);
        }

        using var whole = invoker.AsyncServerStreamingCall(method, null, default, "x");
        var received = 0;
        while (await whole.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience))
        {
            Assert.Equal(100, whole.ResponseStream.Current.Length);
            received++;
        }

        Assert.Equal(messages, received);
    }

    [Fact]
    public async Task ShutdownAsync_with_a_limit_cancels_the_calls_that_run_longer()
    {
        var time = new ManualTime();
        var fixture = new ServerFixture();
        fixture.Options.TimeProvider = time;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await fixture.Unary(async (r, context) =>
        {
            using var registration = context.CancellationToken.Register(() => cancelled.TrySetResult());
            started.SetResult();
            await cancelled.Task;
            return r;
        }).StartAsync();
        var call = Connect(server.Port).CreateCallInvoker()
            .AsyncUnaryCall(ServerFixture.Method(MethodType.Unary, "Unary"), null, default, "x");
        await started.Task.WaitAsync(Patience);
        var shutdown = server.Server.ShutdownAsync(TimeSpan.FromSeconds(33));
        await time.TimerDueWithinAsync(TimeSpan.FromSeconds(32), TimeSpan.FromSeconds(33));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(cancelled.Task.IsCompleted);
        Assert.False(shutdown.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(30));
        await cancelled.Task.WaitAsync(Patience);
        await shutdown.WaitAsync(Patience);
        _ = await ClientTestBase.FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
    }

    [Fact]
    public async Task Without_a_logger_a_clients_warnings_go_to_the_event_source()
    {
        await using var closed = new ScriptedServer();
        await closed.DisposeAsync();
        using var listener = new WarningListener($":{closed.Port}");
        var call = ClientTestBase.CallUnary(Connect(closed.Port));
        _ = await ClientTestBase.FailsAsync(call.ResponseAsync, StatusCode.Unavailable);
        Assert.Contains("127.0.0.1", await listener.Warning.Task.WaitAsync(Patience), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            await channel.ShutdownAsync().WaitAsync(Patience);
        }
    }

    private GrpcChannel Connect(int port, Action<GrpcChannelOptions>? configure = null)
    {
        var options = new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure };
        configure?.Invoke(options);
        var channel = GrpcChannel.ForAddress($"127.0.0.1:{port}", options);
        _channels.Add(channel);
        return channel;
    }

    private sealed class WarningListener(string about) : EventListener
    {
        internal TaskCompletionSource<string> Warning { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Peregrine")
            {
                EnableEvents(eventSource, EventLevel.Warning);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // Called for sources that were there before, while this object is being made: then there is nothing to tell yet.
            if (eventData.EventSource.Name == "Peregrine" && Warning is not null
                && eventData.Payload?[1] is string message && message.Contains(about, StringComparison.Ordinal))
            {
                _ = Warning.TrySetResult(message);
            }
        }
    }
}
