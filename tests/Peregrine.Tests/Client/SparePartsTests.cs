// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Client;

namespace Peregrine.Tests.Client;

/// <summary>Calls are made of what calls before them were made of, and nobody may notice.</summary>
public sealed class SparePartsTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    private readonly GrpcServer _server = new();
    private readonly SemaphoreSlim _gate = new(0);
    private readonly ManualTime _time = new();
    private GrpcChannel? _channel;

    public SparePartsTests() => _ = _server.AddService(ServerServiceDefinition.CreateBuilder()
        .AddMethod(ClientTestBase.Unary, async (string request, ServerCallContext context) =>
        {
            if (request == "wait")
            {
                Assert.True(await _gate.WaitAsync(Patience));
            }

            context.ResponseTrailers.Add("request", request);
            return request.StartsWith("fail", StringComparison.Ordinal)
                ? throw new RpcException(new Status(StatusCode.FailedPrecondition, request))
                : request;
        })
        .Build());

    // Off the test's synchronization context: then a call is made where the one before was answered, from what that one was made of.
    [Fact]
    public Task What_is_done_to_a_call_that_has_ended_reaches_no_other() => Task.Run(async () =>
    {
        var invoker = await ConnectAsync();
        for (var round = 0; round < 50; round++)
        {
            using var source = new CancellationTokenSource();
            var options = new CallOptions(deadline: _time.GetUtcNow().UtcDateTime.AddSeconds(10), cancellationToken: source.Token);
            var ended = invoker.AsyncUnaryCall(ClientTestBase.Unary, null, options, "first");
            Assert.Equal("first", await ended);
            var running = invoker.AsyncUnaryCall(ClientTestBase.Unary, null, default, "wait");

            await source.CancelAsync();
            ended.Dispose();
            _time.Advance(TimeSpan.FromSeconds(20));

            Assert.Equal(StatusCode.OK, ended.GetStatus().StatusCode);
            Assert.Equal("first", ended.GetTrailers().GetValue("request"));
            Assert.Empty(await ended.ResponseHeadersAsync);
            Assert.Throws<InvalidOperationException>(() => running.GetStatus());
            _ = _gate.Release();
            Assert.Equal("wait", await running);
            Assert.Equal("wait", running.GetTrailers().GetValue("request"));
        }
    });

    [Fact]
    public Task Many_calls_at_once_of_all_outcomes_keep_their_own_answers() => Task.Run(async () =>
    {
        var invoker = await ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(caller => Task.Run(async () =>
        {
            for (var number = 0; number < 60; number++)
            {
                var kind = (caller + number) % 5;
                var request = string.Create(CultureInfo.InvariantCulture, $"{(kind == 0 ? "fail" : "pass")} {caller} {number}");
                using var source = new CancellationTokenSource();
                var options = kind switch
                {
                    1 => new CallOptions(cancellationToken: source.Token),
                    2 => new CallOptions(deadline: _time.GetUtcNow().UtcDateTime.AddSeconds(10)),
                    _ => default,
                };
                using var call = invoker.AsyncUnaryCall(ClientTestBase.Unary, null, options, request);
                if (kind == 1)
                {
                    // The call may be over by then.
                    await source.CancelAsync();
                }

                try
                {
                    Assert.Equal(request, await call);
                    Assert.NotEqual(0, kind);
                    Assert.Equal(request, call.GetTrailers().GetValue("request"));
                }
                catch (RpcException failure)
                {
                    Assert.Equal(kind == 0 ? StatusCode.FailedPrecondition : StatusCode.Cancelled, failure.StatusCode);
                    Assert.True(kind is 0 or 1, request);
                    Assert.True(kind == 1 || failure.Status.Detail == request, failure.Status.Detail);
                }
            }
        })));
    });

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
        {
            await _channel.ShutdownAsync().WaitAsync(Patience);
        }

        await _server.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<CallInvoker> ConnectAsync()
    {
        var port = await _server.ListenAsync("127.0.0.1:0", ServerCredentials.Insecure);
        _channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new GrpcChannelOptions { TimeProvider = _time, KeepAliveTime = Timeout.InfiniteTimeSpan, IdleTimeout = Timeout.InfiniteTimeSpan });
        return _channel.CreateCallInvoker();
    }
}
