// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Peregrine.Diagnostics;
using Peregrine.Tests.Client;

namespace Peregrine.Tests.Diagnostics;

/// <summary>
/// Who observes calls is user code: what it throws must cost neither the call nor the connection of many. Listeners hear of every call of the
/// process: so these tests run alone.
/// </summary>
[Collection(nameof(RunsAlone))]
public class ThrowingObserverTests
{
    [Theory]
    [InlineData("Sample")]
    [InlineData("ActivityStarted")]
    [InlineData("ActivityStopped")]
    public async Task A_listener_of_activities_that_throws_costs_no_call(string callback)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PeregrineDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                callback == "Sample" ? throw new FormatException("listener") : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => ThrowIf(callback == "ActivityStarted"),
            ActivityStopped = _ => ThrowIf(callback == "ActivityStopped"),
        };
        ActivitySource.AddActivityListener(listener);
        await CallsGoOnAsync();
    }

    [Fact]
    public async Task An_activity_whose_start_made_a_listener_throw_ends_as_any()
    {
        var stopped = new List<ActivityKind>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PeregrineDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = static _ => throw new FormatException("listener"),
            ActivityStopped = activity =>
            {
                lock (stopped)
                {
                    stopped.Add(activity.Kind);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await CallsGoOnAsync();
        Assert.Equal([ActivityKind.Server, ActivityKind.Server, ActivityKind.Client, ActivityKind.Client], stopped.Order());
    }

    [Fact]
    public async Task A_listener_of_metrics_that_throws_costs_no_call()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == PeregrineDiagnostics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => throw new FormatException("listener"));
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new FormatException("listener"));
        listener.Start();
        await CallsGoOnAsync();
    }

    [Fact]
    public async Task A_propagator_that_throws_costs_no_call()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PeregrineDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        var platforms = DistributedContextPropagator.Current;
        DistributedContextPropagator.Current = new ThrowingPropagator();
        try
        {
            await CallsGoOnAsync();
        }
        finally
        {
            DistributedContextPropagator.Current = platforms;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_logger_that_throws_costs_no_call(bool whenAsked)
    {
        using var log = new ThrowingLogger(whenAsked);
        await using var calls = new ObservedCalls();
        calls.Options.LoggerFactory = log;
        calls.Fixture.Options.LoggerFactory = log;
        _ = await calls.StartAsync((r, _) => r == "good" ? Task.FromResult(r) : throw new FormatException("handler"));
        var failed = calls.Invoker.AsyncUnaryCall(ObservedCalls.Unary, null, default, "bad");
        var thrown = await ClientTestBase.FailsAsync(failed.ResponseAsync, StatusCode.Unknown);
        Assert.DoesNotContain("telling how", thrown.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(await failed.ResponseHeadersAsync.WaitAsync(ScriptedConnection.Patience));
        Assert.Equal("good", await calls.CallAsync("good"));
    }

    // On one connection: the second call would not come through on one that the first has ended. The server stops behind its calls' ends.
    private static async Task CallsGoOnAsync()
    {
        using var log = new LogTests.Recorder();
        await using (var calls = new ObservedCalls())
        {
            calls.Options.LoggerFactory = log;
            calls.Fixture.Options.LoggerFactory = log;
            var peers = new HashSet<string>();
            _ = await calls.StartAsync((r, context) =>
            {
                _ = peers.Add(context.Peer);
                return Task.FromResult(r);
            });
            Assert.Equal("one", await calls.CallAsync("one"));
            Assert.Equal("two", await calls.CallAsync("two"));
            _ = Assert.Single(peers);
            Assert.Null(Activity.Current);
        }

        Assert.Contains("The call goes on", await log.EventAsync(1300), StringComparison.Ordinal);
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new FormatException("listener");
        }
    }

    private sealed class ThrowingLogger(bool whenAsked) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => whenAsked ? throw new FormatException("logger") : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new FormatException("logger");

        public void Dispose()
        {
        }
    }

    private sealed class ThrowingPropagator : DistributedContextPropagator
    {
        public override IReadOnlyCollection<string> Fields => [];

        public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => throw new FormatException("propagator");

        public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
            throw new FormatException("propagator");

        public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
            throw new FormatException("propagator");
    }
}
