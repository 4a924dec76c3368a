// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Diagnostics;

/// <summary>Both sides know what cut a call off, where the status code alone does not say it.</summary>
public class CancellationReasonTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CancellationReason> _onServer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_callers_token_is_a_reset_to_the_server()
    {
        using var cancellation = new CancellationTokenSource();
        await using var calls = await new ObservedCalls().StartAsync(HandleUntilCancelledAsync);
        var call = calls.CallAsync(options: new CallOptions(cancellationToken: cancellation.Token));
        await _started.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await EndsAsync(call, StatusCode.Cancelled, CancellationReason.CallerToken, CancellationReason.ResetByPeer);
    }

    [Fact]
    public async Task A_disposed_call_is_a_reset_to_the_server()
    {
        await using var calls = await new ObservedCalls().StartAsync(HandleUntilCancelledAsync);
        var call = calls.Invoker.AsyncUnaryCall(ObservedCalls.Unary, null, default, "x");
        await _started.Task.WaitAsync(Patience);
        call.Dispose();
        await EndsAsync(call.ResponseAsync, StatusCode.Cancelled, CancellationReason.Disposed, CancellationReason.ResetByPeer);
    }

    [Fact]
    public async Task A_deadline_is_one_on_both_sides()
    {
        var time = new ManualTime();
        await using var calls = new ObservedCalls();
        calls.Options.TimeProvider = time;
        calls.Fixture.Options.TimeProvider = time;
        _ = await calls.StartAsync(HandleUntilCancelledAsync);
        var call = calls.CallAsync(options: new CallOptions(deadline: time.GetUtcNow().UtcDateTime.AddSeconds(5)));
        await _started.Task.WaitAsync(Patience);
        time.Advance(TimeSpan.FromSeconds(6));
        await EndsAsync(call, StatusCode.DeadlineExceeded, CancellationReason.Deadline, CancellationReason.Deadline);
    }

    [Fact]
    public async Task A_server_that_stops_is_a_lost_connection_to_the_client()
    {
        await using var calls = await new ObservedCalls().StartAsync(HandleUntilCancelledAsync);
        var call = calls.CallAsync();
        await _started.Task.WaitAsync(Patience);
        await calls.Fixture.Server.KillAsync().WaitAsync(Patience);
        await EndsAsync(call, StatusCode.Unavailable, CancellationReason.ConnectionLost, CancellationReason.Shutdown);
    }

    [Fact]
    public async Task A_channel_that_is_shut_down_is_a_lost_connection_to_the_server()
    {
        await using var calls = await new ObservedCalls().StartAsync(HandleUntilCancelledAsync);
        var call = calls.CallAsync();
        await _started.Task.WaitAsync(Patience);
        await calls.ShutdownChannelAsync();
        await EndsAsync(call, StatusCode.Cancelled, CancellationReason.Shutdown, CancellationReason.ConnectionLost);
        _ = await ReasonIsAsync(calls.CallAsync(), StatusCode.Unavailable, CancellationReason.Shutdown);
    }

    [Fact]
    public async Task A_call_of_a_cancelled_call_names_its_parent()
    {
        using var cancellation = new CancellationTokenSource();
        await using var inner = await new ObservedCalls().StartAsync(HandleUntilCancelledAsync);
        var innerCall = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var outer = await new ObservedCalls().StartAsync((_, context) =>
        {
            var call = inner.CallAsync(options: new CallOptions(propagationToken: context.CreatePropagationToken()));
            innerCall.SetResult(call);
            return call;
        });
        var outerCall = outer.CallAsync(options: new CallOptions(cancellationToken: cancellation.Token));
        await _started.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await EndsAsync(await innerCall.Task, StatusCode.Cancelled, CancellationReason.ParentCall, CancellationReason.ResetByPeer);
        _ = await ReasonIsAsync(outerCall, StatusCode.Cancelled, CancellationReason.CallerToken);
    }

    [Fact]
    public async Task A_reset_by_the_server_is_one_to_the_client()
    {
        await using var server = new ScriptedServer();
        using var channel = Peregrine.Client.GrpcChannel.ForAddress(server.Address);
        var call = ClientTestBase.CallUnary(channel);
        var connection = await server.AcceptAsync();
        var head = await connection.ExpectRequestAsync();
        connection.Reset(head.Stream!, Http2ErrorCode.Cancel);
        _ = await ReasonIsAsync(call.ResponseAsync, StatusCode.Cancelled, CancellationReason.ResetByPeer);
    }

    [Theory]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unavailable)]
    public async Task A_status_of_the_server_is_no_cancellation(StatusCode code)
    {
        await using var calls = await new ObservedCalls().StartAsync((_, context) =>
        {
            _onServer.SetResult(context.CancellationReason);
            throw new RpcException(new Status(code, ""));
        });
        await EndsAsync(calls.CallAsync(), code, CancellationReason.None, CancellationReason.None);
    }

    private async Task<string> HandleUntilCancelledAsync(string request, ServerCallContext context)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = context.CancellationToken.Register(() => cancelled.SetResult());
        _started.SetResult();
        await cancelled.Task;
        _onServer.SetResult(context.CancellationReason);
        return request;
    }

    private async Task EndsAsync(Task call, StatusCode code, CancellationReason onClient, CancellationReason onServer)
    {
        _ = await ReasonIsAsync(call, code, onClient);
        Assert.Equal(onServer, await _onServer.Task.WaitAsync(Patience));
    }

    private static async Task<RpcException> ReasonIsAsync(Task call, StatusCode code, CancellationReason reason)
    {
        var thrown = await ClientTestBase.FailsAsync(call, code);
        Assert.Equal(reason, thrown.CancellationReason);
        return thrown;
    }
}
