// SPDX-License-Identifier: Apache-2.0
using Peregrine.Interceptors;
using Peregrine.Testing;
using Peregrine.Tests.Serving;

namespace Peregrine.Tests.Interceptors;

/// <summary>Interceptors that await, around calls of every kind.</summary>
public sealed class AsyncInterceptorTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = RawClient.Patience;
    private static readonly Method<string, string> Unary = ServerFixture.Method(MethodType.Unary, "Unary");
    private static readonly Method<string, string> ServerStreaming = ServerFixture.Method(MethodType.ServerStreaming, "ServerStreaming");
    private static readonly Method<string, string> ClientStreaming = ServerFixture.Method(MethodType.ClientStreaming, "ClientStreaming");
    private static readonly Method<string, string> Duplex = ServerFixture.Method(MethodType.DuplexStreaming, "Duplex");

    private readonly InMemoryServer _server = InMemoryServer.Start(ServerServiceDefinition.CreateBuilder()
        .AddMethod(Unary, (UnaryServerMethod<string, string>)((r, context) => Task.FromResult(r + Token(context))))
        .AddMethod(ServerStreaming, (ServerStreamingServerMethod<string, string>)(async (r, responses, context) =>
        {
            await responses.WriteAsync(r);
            await responses.WriteAsync(r + Token(context));
        }))
        .AddMethod(ClientStreaming, (ClientStreamingServerMethod<string, string>)(async (requests, context) =>
        {
            var all = "";
            await foreach (var request in requests.ReadAllAsync())
            {
                all += request;
            }

            return all + Token(context);
        }))
        .AddMethod(Duplex, (DuplexStreamingServerMethod<string, string>)(async (requests, responses, context) =>
        {
            await foreach (var request in requests.ReadAllAsync())
            {
                await responses.WriteAsync(request + Token(context));
            }
        }))
        .Build());

    [Fact]
    public async Task Calls_of_every_kind_start_when_the_interceptor_lets_them()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> ended = [];
        var invoker = Intercept(async (call, next) =>
        {
            await gate.Task;
            call.Options = call.Options.WithHeaders([.. call.Options.Headers ?? [], new Metadata.Entry("token", "!")]);
            await next();
            lock (ended)
            {
                ended.Add(call.Method.Name);
            }
        });
        using var unary = invoker.AsyncUnaryCall(Unary, null, default, "a");
        using var responses = invoker.AsyncServerStreamingCall(ServerStreaming, null, default, "b");
        using var requests = invoker.AsyncClientStreamingCall(ClientStreaming, null, default);
        using var duplex = invoker.AsyncDuplexStreamingCall(Duplex, null, default);
        var written = requests.RequestStream.WriteAsync("c");
        var reading = responses.ResponseStream.MoveNext(CancellationToken.None);
        Assert.False(unary.ResponseAsync.IsCompleted || written.IsCompleted || reading.IsCompleted || unary.ResponseHeadersAsync.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => unary.GetStatus());
        gate.SetResult();

        Assert.Equal("a!", await unary.ResponseAsync.WaitAsync(Patience));
        Assert.Equal(StatusCode.OK, unary.GetStatus().StatusCode);
        Assert.NotNull(await unary.ResponseHeadersAsync);
        Assert.True(await reading.WaitAsync(Patience));
        Assert.Equal("b", responses.ResponseStream.Current);
        Assert.Equal(["b!"], await ReadAsync(responses.ResponseStream));
        await written.WaitAsync(Patience);
        await requests.RequestStream.WriteAsync("d").WaitAsync(Patience);
        await requests.RequestStream.CompleteAsync();
        Assert.Equal("cd!", await requests.ResponseAsync.WaitAsync(Patience));
        await duplex.RequestStream.WriteAsync("e").WaitAsync(Patience);
        await duplex.RequestStream.CompleteAsync();
        Assert.Equal(["e!"], await ReadAsync(duplex.ResponseStream));
        Assert.Equal(StatusCode.OK, duplex.GetStatus().StatusCode);

        // What a caller gets it gets behind the interceptor.
        Assert.Equal(["ClientStreaming", "Duplex", "ServerStreaming", "Unary"], ended.Order());
    }

    [Fact]
    public void A_blocking_call_waits_for_the_interceptor()
    {
        var ended = false;
        var invoker = Intercept(async (_, next) =>
        {
            await Task.Yield();
            await next();
            ended = true;
        });
        Assert.Equal("a", invoker.BlockingUnaryCall(Unary, null, default, "a"));
        Assert.True(ended);
    }

    [Fact]
    public async Task An_interceptor_that_throws_first_is_the_outcome_and_nothing_is_sent()
    {
        var invoker = Intercept(async (_, _) =>
        {
            await Task.Yield();
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token"), new Metadata { { "why", "expired" } });
        });
        using var unary = invoker.AsyncUnaryCall(Unary, null, default, "a");
        Assert.Equal(StatusCode.Unauthenticated, (await FailureOf(unary.ResponseAsync)).StatusCode);
        Assert.Equal("expired", unary.GetTrailers().GetValue("why"));
        Assert.Equal("no token", unary.GetStatus().Detail);
        await FailureOf(unary.ResponseHeadersAsync);
        using var duplex = invoker.AsyncDuplexStreamingCall(Duplex, null, default);
        await FailureOf(duplex.RequestStream.WriteAsync("x"));
        await duplex.RequestStream.CompleteAsync().WaitAsync(Patience);
        await FailureOf(duplex.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(0, _server.Server.Statistics.CallsStarted);
        Assert.Throws<RpcException>(() => invoker.BlockingUnaryCall(Unary, null, default, "a"));
    }

    [Fact]
    public async Task An_interceptor_that_throws_behind_a_call_takes_its_success_away()
    {
        var invoker = Intercept(async (_, next) =>
        {
            await next();
            throw new RpcException(new Status(StatusCode.DataLoss, "unsigned"));
        });
        using var unary = invoker.AsyncUnaryCall(Unary, null, default, "a");
        Assert.Equal(StatusCode.DataLoss, (await FailureOf(unary.ResponseAsync)).StatusCode);
        Assert.Equal(StatusCode.DataLoss, unary.GetStatus().StatusCode);
        using var responses = invoker.AsyncServerStreamingCall(ServerStreaming, null, default, "b");
        Assert.True(await responses.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        Assert.True(await responses.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(StatusCode.DataLoss, (await FailureOf(responses.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
    }

    [Fact]
    public async Task A_failure_that_is_swallowed_stays_the_outcome()
    {
        _server.Faults.Add(Fault.Status(StatusCode.Aborted));
        StatusCode? seen = null;
        var invoker = Intercept(async (_, next) =>
        {
            try
            {
                await next();
            }
            catch (RpcException e)
            {
                seen = e.StatusCode;
            }
        });
        using var unary = invoker.AsyncUnaryCall(Unary, null, default, "a");
        Assert.Equal(StatusCode.Aborted, (await FailureOf(unary.ResponseAsync)).StatusCode);
        Assert.Equal(StatusCode.Aborted, seen);
        using var responses = invoker.AsyncServerStreamingCall(ServerStreaming, null, default, "b");
        Assert.Equal(StatusCode.Aborted, (await FailureOf(responses.ResponseStream.MoveNext(CancellationToken.None))).StatusCode);
        Assert.Equal(StatusCode.Aborted, responses.GetStatus().StatusCode);
    }

    [Fact]
    public async Task An_interceptor_that_never_calls_next_and_one_that_does_twice_are_told()
    {
        using var never = Intercept((_, _) => Task.CompletedTask).AsyncUnaryCall(Unary, null, default, "a");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => never.ResponseAsync.WaitAsync(Patience));
        Assert.Contains("neither start nor fail", failure.Message, StringComparison.Ordinal);
        Assert.Equal(StatusCode.Internal, never.GetStatus().StatusCode);
        using var twice = Intercept(async (_, next) =>
        {
            await next();
            await next();
        }).AsyncUnaryCall(Unary, null, default, "a");
        Assert.Contains("second time", (await Assert.ThrowsAsync<InvalidOperationException>(() => twice.ResponseAsync.WaitAsync(Patience))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_cancels_does_not_wait_for_the_interceptor()
    {
        using var source = new CancellationTokenSource();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var invoker = Intercept(async (call, next) =>
        {
            using var registration = call.CancellationToken.Register(told.SetResult);
            await told.Task;
            await next();
        });
        using var unary = invoker.AsyncUnaryCall(Unary, null, new CallOptions(cancellationToken: source.Token), "a");
        await source.CancelAsync();
        var failure = await FailureOf(unary.ResponseAsync);
        Assert.Equal((StatusCode.Cancelled, CancellationReason.CallerToken), (failure.StatusCode, failure.CancellationReason));
        await told.Task.WaitAsync(Patience);
        Assert.Equal(0, _server.Server.Statistics.CallsStarted);
    }

    [Fact]
    public async Task A_deadline_passes_while_the_interceptor_waits()
    {
        var time = new ManualTime();
        var never = new TaskCompletionSource();
        var invoker = _server.Channel.Intercept(new Around((_, _) => never.Task) { TimeProvider = time });
        using var unary = invoker.AsyncUnaryCall(Unary, null, new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(1)), "a");
        time.Advance(TimeSpan.FromSeconds(1));
        var failure = await FailureOf(unary.ResponseAsync);
        Assert.Equal((StatusCode.DeadlineExceeded, CancellationReason.Deadline), (failure.StatusCode, failure.CancellationReason));
        Assert.Equal(StatusCode.DeadlineExceeded, unary.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_call_that_is_disposed_ends_for_the_interceptor_too()
    {
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var invoker = Intercept(async (_, next) =>
        {
            try
            {
                await next();
                ended.SetResult(null);
            }
            catch (RpcException e)
            {
                ended.SetResult(e);
                throw;
            }
        });
        var duplex = invoker.AsyncDuplexStreamingCall(Duplex, null, default);
        await duplex.RequestStream.WriteAsync("a").WaitAsync(Patience);
        Assert.True(await duplex.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience));
        duplex.Dispose();
        Assert.Equal(CancellationReason.Disposed, Assert.IsType<RpcException>(await ended.Task.WaitAsync(Patience)).CancellationReason);
        Assert.Equal(StatusCode.Cancelled, duplex.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(CancellationReason.CallerToken)]
    [InlineData(CancellationReason.Deadline)]
    public async Task A_stream_that_is_given_up_and_read_no_more_ends_for_the_interceptor_too(CancellationReason reason)
    {
        var time = new ManualTime();
        using var source = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var around = new Around(async (_, next) =>
        {
            var call = next();
            begun.SetResult();
            ended.SetResult(await Record.ExceptionAsync(() => call));
        })
        {
            TimeProvider = time,
        };
        var invoker = _server.Channel.Intercept(around);
        var options = new CallOptions(cancellationToken: source.Token);
        using var responses = invoker.AsyncServerStreamingCall(
            ServerStreaming, null, reason == CancellationReason.Deadline ? options.WithDeadline(time.GetUtcNow().UtcDateTime.AddSeconds(1)) : options, "a");
        await begun.Task.WaitAsync(Patience);
        Assert.False(ended.Task.IsCompleted);
        if (reason == CancellationReason.Deadline)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
        else
        {
            await source.CancelAsync();
        }

        Assert.Equal(reason, Assert.IsType<RpcException>(await ended.Task.WaitAsync(Patience)).CancellationReason);
    }

    [Fact]
    public async Task Asynchronous_and_other_interceptors_are_one_chain()
    {
        List<string> order = [];
        var invoker = _server.Channel.Intercept(
            new Around(async (_, next) =>
            {
                order.Add("outer");
                await next();
                order.Add("outer end");
            }),
            new Around(async (_, next) =>
            {
                await Task.Yield();
                order.Add("inner");
                await next();
                order.Add("inner end");
            }));
        Assert.Equal("a", await invoker.AsyncUnaryCall(Unary, null, default, "a").ResponseAsync.WaitAsync(Patience));
        Assert.Equal(["outer", "inner", "inner end", "outer end"], order);
    }

    [Fact]
    public async Task One_write_at_a_time_holds_while_the_call_waits()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var call = Intercept(async (_, next) =>
        {
            await gate.Task;
            await next();
        }).AsyncClientStreamingCall(ClientStreaming, null, default);
        var first = call.RequestStream.WriteAsync("a");
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync("b"));
        await Assert.ThrowsAsync<InvalidOperationException>(call.RequestStream.CompleteAsync);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        gate.SetResult();
        await first.WaitAsync(Patience);
        Assert.Equal(WriteFlags.BufferHint, call.RequestStream.WriteOptions!.Flags);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("a", await call.ResponseAsync.WaitAsync(Patience));
    }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static string Token(ServerCallContext context) => context.RequestHeaders.GetValue("token") ?? "";

    private static async Task<RpcException> FailureOf(Task task) => await Assert.ThrowsAsync<RpcException>(() => task.WaitAsync(Patience));

    private static async Task<List<string>> ReadAsync(IAsyncStreamReader<string> stream)
    {
        List<string> messages = [];
        while (await stream.MoveNext(CancellationToken.None).WaitAsync(Patience))
        {
            messages.Add(stream.Current);
        }

        return messages;
    }

    private CallInvoker Intercept(Func<AsyncInterceptorContext, Func<Task>, Task> around) => _server.Channel.Intercept(new Around(around));

    private sealed class Around(Func<AsyncInterceptorContext, Func<Task>, Task> around) : AsyncInterceptor
    {
        protected internal override Task InterceptAsync(AsyncInterceptorContext call, Func<Task> next) => around(call, next);
    }
}
