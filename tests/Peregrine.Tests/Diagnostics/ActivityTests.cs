// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Diagnostics;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Diagnostics;

/// <summary>
/// The activities of calls against OpenTelemetry's conventions of RPC and gRPC, and how a trace travels. While it is listened for, every
/// call of the process has an activity: so these tests run alone.
/// </summary>
[Collection(nameof(RunsAlone))]
public class ActivityTests
{
    private static readonly TimeSpan Patience = ScriptedConnection.Patience;

    [Fact]
    public async Task A_call_is_one_trace_of_caller_client_and_server()
    {
        using var recorder = new Recorder();
        Activity? seenByHandler = null;
        await using var calls = await new ObservedCalls().StartAsync((r, _) =>
        {
            seenByHandler = Activity.Current;
            return Task.FromResult(r);
        });
        using var caller = new Activity("caller").Start();
        _ = await calls.CallAsync();

        Assert.Same(caller, Activity.Current);
        var client = await recorder.StoppedAsync(ActivityKind.Client);
        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal("test.Svc/Unary", client.OperationName);
        Assert.Equal("test.Svc/Unary", server.OperationName);
        Assert.Equal(caller.TraceId, client.TraceId);
        Assert.Equal(caller.SpanId, client.ParentSpanId);
        Assert.Equal(caller.TraceId, server.TraceId);
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.True(server.HasRemoteParent);
        Assert.Same(server, seenByHandler);
    }

    [Fact]
    public async Task A_call_inside_the_process_is_one_trace_too()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartInProcessAsync((r, _) => Task.FromResult(r));
        using var caller = new Activity("caller").Start();
        _ = await calls.CallAsync();

        Assert.Same(caller, Activity.Current);
        var client = await recorder.StoppedAsync(ActivityKind.Client);
        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal(caller.SpanId, client.ParentSpanId);
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.True(server.HasRemoteParent);
    }

    [Fact]
    public async Task A_handler_inside_the_process_sees_no_activity_of_its_caller()
    {
        await using var calls = await new ObservedCalls().StartInProcessAsync((_, _) => Task.FromResult($"{Activity.Current is null}"));
        using var caller = new Activity("caller").Start();
        Assert.Equal("True", await calls.CallAsync());
        Assert.Equal("True", await calls.CallAsync());
    }

    [Fact]
    public async Task Activities_have_the_attributes_of_OpenTelemetrys_conventions()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((r, _) => Task.FromResult(r));
        _ = await calls.CallAsync();

        foreach (var kind in (ActivityKind[])[ActivityKind.Client, ActivityKind.Server])
        {
            var activity = await recorder.StoppedAsync(kind);
            Assert.Equal("grpc", activity.GetTagItem("rpc.system.name"));
            Assert.Equal("grpc", activity.GetTagItem("rpc.system"));
            Assert.Equal("test.Svc/Unary", activity.GetTagItem("rpc.method"));
            Assert.Equal("test.Svc", activity.GetTagItem("rpc.service"));
            Assert.Equal("OK", activity.GetTagItem("rpc.status_code"));
            Assert.Equal(0, activity.GetTagItem("rpc.grpc.status_code"));
            Assert.Equal("localhost", activity.GetTagItem("server.address"));
            Assert.Equal(calls.Fixture.Port, activity.GetTagItem("server.port"));
            Assert.Contains(activity.GetTagItem("network.peer.address"), (object[])["127.0.0.1", "::1"]);
            Assert.Null(activity.GetTagItem("error.type"));
            Assert.Equal(ActivityStatusCode.Unset, activity.Status);
        }

        Assert.Equal(calls.Fixture.Port, (await recorder.StoppedAsync(ActivityKind.Client)).GetTagItem("network.peer.port"));
    }

    [Theory]
    [InlineData(StatusCode.NotFound, "NOT_FOUND", ActivityStatusCode.Unset)]
    [InlineData(StatusCode.Cancelled, "CANCELLED", ActivityStatusCode.Unset)]
    [InlineData(StatusCode.ResourceExhausted, "RESOURCE_EXHAUSTED", ActivityStatusCode.Unset)]
    [InlineData(StatusCode.Unauthenticated, "UNAUTHENTICATED", ActivityStatusCode.Unset)]
    [InlineData(StatusCode.Unknown, "UNKNOWN", ActivityStatusCode.Error)]
    [InlineData(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED", ActivityStatusCode.Error)]
    [InlineData(StatusCode.Internal, "INTERNAL", ActivityStatusCode.Error)]
    [InlineData(StatusCode.DataLoss, "DATA_LOSS", ActivityStatusCode.Error)]
    public async Task Every_failure_is_the_clients_error_but_only_some_are_the_servers(StatusCode code, string name, ActivityStatusCode onServer)
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((_, _) => throw new RpcException(new Status(code, "because")));
        _ = await ClientTestBase.FailsAsync(calls.CallAsync(), code);

        var client = await recorder.StoppedAsync(ActivityKind.Client);
        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal(ActivityStatusCode.Error, client.Status);
        Assert.Equal("because", client.StatusDescription);
        Assert.Equal(name, client.GetTagItem("error.type"));
        Assert.Equal(name, client.GetTagItem("rpc.status_code"));
        Assert.Equal((int)code, server.GetTagItem("rpc.grpc.status_code"));
        Assert.Equal(onServer, server.Status);
        Assert.Equal(onServer == ActivityStatusCode.Error ? name : null, server.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_method_that_no_service_has_gives_its_activity_no_name()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((r, _) => Task.FromResult(r));
        var missing = new Method<string, string>(MethodType.Unary, "test.Svc", "Missing", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        _ = await ClientTestBase.FailsAsync(calls.Invoker.AsyncUnaryCall(missing, null, default, "x").ResponseAsync, StatusCode.Unimplemented);

        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal("grpc", server.OperationName);
        Assert.Equal("_OTHER", server.GetTagItem("rpc.method"));
        Assert.Equal("test.Svc/Missing", server.GetTagItem("rpc.method_original"));
        Assert.Null(server.GetTagItem("rpc.service"));
        Assert.Equal("test.Svc/Missing", (await recorder.StoppedAsync(ActivityKind.Client)).OperationName);
    }

    [Fact]
    public async Task A_call_that_its_caller_cancels_ends_its_activity()
    {
        using var recorder = new Recorder();
        using var cancellation = new CancellationTokenSource();
        await using var calls = await new ObservedCalls().StartAsync(async (r, context) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return r;
        });
        _ = await ClientTestBase.FailsAsync(calls.CallAsync(options: new CallOptions(cancellationToken: cancellation.Token)), StatusCode.Cancelled);

        Assert.Equal("CANCELLED", (await recorder.StoppedAsync(ActivityKind.Client)).GetTagItem("rpc.status_code"));
        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal("CANCELLED", server.GetTagItem("rpc.status_code"));
        Assert.Equal(ActivityStatusCode.Unset, server.Status);
    }

    [Fact]
    public async Task State_and_baggage_travel_with_the_trace()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((_, _) => Task.FromResult(
            $"{Activity.Current!.TraceStateString} {string.Join(',', Activity.Current.Baggage.Select(item => $"{item.Key}={item.Value}"))}"));
        using var caller = new Activity("caller") { TraceStateString = "vendor=1" };
        _ = caller.AddBaggage("tenant", "blue").Start();
        Assert.Equal("vendor=1 tenant=blue", await calls.CallAsync());
    }

    [Fact]
    public async Task A_trace_passes_a_client_that_nobody_listens_to()
    {
        await using var calls = await new ObservedCalls().StartAsync((_, context) => Task.FromResult(context.RequestHeaders.GetValue("traceparent")!));
        using var caller = new Activity("caller").Start();
        Assert.Equal(caller.Id, await calls.CallAsync());
    }

    [Fact]
    public async Task Without_a_trace_nothing_is_added_to_the_headers()
    {
        await using var calls = await new ObservedCalls().StartAsync((_, context) =>
            Task.FromResult($"{Activity.Current is null} {string.Join(',', context.RequestHeaders.Select(entry => entry.Key))}"));
        Assert.Equal("True ", await calls.CallAsync());
    }

    [Fact]
    public async Task The_callers_own_traceparent_stays()
    {
        const string own = "00-11111111111111111111111111111111-2222222222222222-01";
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((_, context) =>
            Task.FromResult(string.Join(',', context.RequestHeaders.GetAll("traceparent").Select(entry => entry.Value))));
        Assert.Equal(own, await calls.CallAsync(options: new CallOptions(new Metadata { { "traceparent", own } })));
        Assert.Equal("2222222222222222", (await recorder.StoppedAsync(ActivityKind.Server)).ParentSpanId.ToHexString());
    }

    [Fact]
    public async Task A_malformed_traceparent_begins_a_trace_of_its_own()
    {
        using var recorder = new Recorder();
        await using var calls = await new ObservedCalls().StartAsync((r, _) => Task.FromResult(r));
        _ = await calls.CallAsync(options: new CallOptions(new Metadata { { "traceparent", "nonsense" } }));
        var server = await recorder.StoppedAsync(ActivityKind.Server);
        Assert.Equal(default, server.ParentSpanId);
        Assert.NotEqual(default, server.TraceId);
    }

    [Fact]
    public async Task A_state_that_no_header_can_hold_does_not_fail_the_call()
    {
        await using var calls = await new ObservedCalls().StartAsync((_, context) => Task.FromResult($"{context.RequestHeaders.Get("tracestate") is null}"));
        using var caller = new Activity("caller") { TraceStateString = "vendor=\u6f22" };
        _ = caller.Start();
        Assert.Equal("True", await calls.CallAsync());
    }

    [Fact]
    public void Observation_that_nobody_wants_allocates_nothing()
    {
        var tracer = new CallTracer("dns:///a", "a", 1, TimeProvider.System, NullLogger.Instance);
        Assert.Null(Observe(tracer));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            _ = Observe(tracer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static object? Observe(CallTracer tracer) =>
        (object?)tracer.StartClientCall(ObservedCalls.Unary) ?? TraceContext.Inject(Activity.Current, own: null);

    /// <summary>Listens as an exporter does, and keeps what has ended.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly ActivityListener _listener;
        private readonly ConcurrentDictionary<ActivityKind, TaskCompletionSource<Activity>> _stopped = new();

        public Recorder()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == PeregrineDiagnostics.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => Of(activity.Kind).TrySetResult(activity),
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Task<Activity> StoppedAsync(ActivityKind kind) => Of(kind).Task.WaitAsync(Patience);

        public void Dispose() => _listener.Dispose();

        private TaskCompletionSource<Activity> Of(ActivityKind kind) =>
            _stopped.GetOrAdd(kind, static _ => new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
