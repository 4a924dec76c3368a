// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>The life of a run: connect, warm up, count, let what is under way end, report.</summary>
/// <param name="plan">What to do.</param>
/// <param name="window">When.</param>
/// <param name="load">Makes the calls.</param>
/// <param name="progress">Is told what happened in each interval, and how many seconds are behind; negative in the warm-up.</param>
internal sealed class LoadRun(BenchPlan plan, RunWindow window, ILoad load, Action<TimelinePoint> progress)
{
    private const int MostPoints = 120;

    // Some hundred megabytes of calls that a server does not answer as fast as they are due.
    private const int MostOutstanding = 100_000;

    // What a call may take that began before the end. A stream that only the server ends gets less: that it goes on is no surprise.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GraceOfStreams = TimeSpan.FromSeconds(0.5);

    // When none has ended, and none begun, for so long, those under way have no end: the run must have one.
    private static readonly TimeSpan EndlessAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private readonly Recording _total = new();
    private readonly Recording _interval = new();

    // Of a long run, a point of the timeline is of several intervals.
    private readonly Recording _period = new();
    private readonly List<TimelinePoint> _timeline = [];
    private TimeSpan _processorTime;
    private bool _isCounting;
    private long _drained;
    private long _periodBegan;
    private long _lastProgress;
    private long _lastBegan;
    private long _callsLeft;

    /// <summary>Runs it.</summary>
    /// <param name="cancellationToken">The user's Ctrl-C: ends the run, whose result is what was counted up to then.</param>
    /// <exception cref="ToolException">The server cannot be reached.</exception>
    public async Task<RunResult> RunAsync(CancellationToken cancellationToken)
    {
        await load.ConnectAsync(cancellationToken).ConfigureAwait(false);
        var started = window.Time.GetUtcNow();
        window.Start();
        _drained = window.Begin;
        _periodBegan = window.From;
        if (window.From > window.Begin)
        {
            progress(PointOf(window.Begin, window.Begin, _interval));
        }

        using var interrupted = cancellationToken.Register(window.Stop);
        var pacer = PacerOf();
        var running = Task.WhenAll(KeepScheduleAsync(pacer), MakeCallsAsync());
        var isStalled = await WatchAsync(running).ConfigureAwait(false);
        var end = isStalled ? _lastProgress : Math.Min(window.Time.GetTimestamp(), window.Until);
        var processorTime = _isCounting ? Environment.CpuUsage.TotalTime - _processorTime : TimeSpan.Zero;
        await EndAsync(running, isStalled, cancellationToken).ConfigureAwait(false);
        Drain(isLast: true);
        if (plan.Rate is not null)
        {
            _total.Unfinished += Math.Min(pacer!.Skipped, window.CallsLeft);
        }

        return new RunResult
        {
            Started = started,
            Address = plan.Connection.Address,
            Method = $"{plan.Service}/{plan.Method}",
            Settings = SettingsOf(plan),
            Machine = $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, .NET {Environment.Version}",
            Seconds = Math.Max(0, (end - window.From) * window.NanosecondsPerTick / 1e9),
            IsInterrupted = cancellationToken.IsCancellationRequested,
            Total = _total,
            Lag = pacer?.Lag,
            Timeline = _timeline,
            ProcessorSeconds = processorTime.TotalSeconds,
        };
    }

    private static List<KeyValuePair<string, string>> SettingsOf(BenchPlan plan)
    {
        List<KeyValuePair<string, string>> settings =
        [
            new("kind", plan.Kind switch { MethodType.Unary => "unary", MethodType.ServerStreaming => "server streaming", MethodType.ClientStreaming => "client streaming", _ => "both streaming" }),
            new("by", plan.Raw ? "HTTP/2 core (raw)" : "client"),
            new("connections", Text(plan.Connections)),
        ];
        if (plan.Rate is { } rate)
        {
            settings.Add(new("loop", "open"));
            settings.Add(new("rate", $"{Text(rate)} calls/s, {(plan.Poisson ? "poisson" : "constant")}"));
        }
        else
        {
            settings.Add(new("loop", "closed"));
            settings.Add(new("streams", $"{Text(plan.Streams)} on each connection"));
        }

        if (plan.StreamsRequests)
        {
            settings.Add(new("messages", plan.Messages is { } messages ? $"{Text(messages)} in each stream" : "until the end"));
            settings.Add(new("messages out", plan.MessageRate is { } perSecond ? $"{Text(perSecond)}/s in each stream"
                : plan.Kind == MethodType.ClientStreaming ? "as fast as flow control allows" : $"{Text(plan.InFlight)} unanswered"));
        }

        settings.Add(new("warm-up", $"{Text(plan.WarmUp.TotalSeconds)} s"));
        settings.Add(new("request", $"{Text(plan.Requests[0].Length)} B"));
        return settings;
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private Pacer? PacerOf()
    {
        if (plan.Rate is { } rate)
        {
            return new Pacer(new LoadSchedule(rate, plan.Poisson ? new Random(plan.Seed) : null), window, window.TryBegin, () => load.Outstanding >= MostOutstanding, load.Begin);
        }

        if (plan.MessageRate is { } perStream)
        {
            long number = 0;
            return new Pacer(
                new LoadSchedule(perStream * plan.Connections * plan.Streams), window, due => due < window.Until, static () => false, due => load.Send(number++, due));
        }

        return null;
    }

    private async Task KeepScheduleAsync(Pacer? pacer)
    {
        try
        {
            if (pacer is not null)
            {
                await pacer.RunAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            load.EndSchedule();
        }
    }

    private async Task MakeCallsAsync()
    {
        try
        {
            await load.RunAsync().ConfigureAwait(false);
        }
        finally
        {
            // No stream is left that could send the schedule's messages. Calls of a schedule go on coming, and fail.
            if (plan.Rate is null)
            {
                window.Stop();
            }
        }
    }

    // Until the end of the window, or until all calls are made. True when those that are left have had their grace.
    private async Task<bool> WatchAsync(Task running)
    {
        _lastProgress = _lastBegan = window.From;
        var interval = TimeSpan.FromSeconds(Math.Clamp(SecondsOfPoint, ShortestInterval.TotalSeconds, LongestInterval.TotalSeconds));
        while (!running.IsCompleted)
        {
            var now = window.Time.GetTimestamp();
            if (!_isCounting && now >= window.From)
            {
                _isCounting = true;
                _processorTime = Environment.CpuUsage.TotalTime;
            }

            var next = _isCounting ? window.Until : window.From;
            var left = next == long.MaxValue ? interval : TimeSpan.FromSeconds(Math.Max(0, next - now) * window.NanosecondsPerTick / 1e9);

            // A little later than the moment that is waited for, not earlier.
            var wait = left < interval ? left + TimeSpan.FromMilliseconds(1) : interval;
            using var stopped = new CancellationTokenSource();
            _ = await Task.WhenAny(running, window.Stopped, Task.Delay(wait, window.Time, stopped.Token)).ConfigureAwait(false);
            await stopped.CancelAsync().ConfigureAwait(false);
            if (running.IsCompleted || window.Time.GetTimestamp() >= window.Until)
            {
                // The last interval ends with the last call.
                return false;
            }

            Drain();
            if (IsStalled())
            {
                return true;
            }
        }

        return false;
    }

    // A window without an end gives those under way no grace: it begins when all calls have begun, and again with each that ends and each message.
    // Messages that go on coming on streams of which none has ever ended are no progress for ever.
    private bool IsStalled()
    {
        var left = window.CallsLeft;
        if (left > 0)
        {
            _lastProgress = _drained;
        }

        if (left != _callsLeft || (left > 0 && plan.Rate is not null))
        {
            (_callsLeft, _lastBegan) = (left, _drained);
        }

        var timeout = plan.Timeout ?? TimeSpan.Zero;
        return plan.Duration is null
            && (_drained - _lastProgress >= window.ToTicks(Grace + timeout)
                || (_total.Ended == 0 && _drained - _lastBegan >= window.ToTicks(EndlessAfter + timeout)));
    }

    private async Task EndAsync(Task running, bool isStalled, CancellationToken cancellationToken)
    {
        window.Stop();
        var grace = isStalled ? TimeSpan.Zero : cancellationToken.IsCancellationRequested || plan.Kind == MethodType.ServerStreaming ? GraceOfStreams : Grace;
        using var ended = new CancellationTokenSource();
        if (await Task.WhenAny(running, Task.Delay(grace, window.Time, ended.Token)).ConfigureAwait(false) != running)
        {
            window.CutOff();
            load.Abort();
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private double SecondsOfPoint => (plan.Duration ?? TimeSpan.Zero).TotalSeconds / MostPoints;

    private void Drain(bool isLast = false)
    {
        // What ended behind the end began before it: it belongs to the last interval.
        var now = Math.Min(window.Time.GetTimestamp(), window.Until);
        load.DrainTo(_interval);
        progress(PointOf(now, _drained, _interval));
        _drained = now;
        if (_interval.Ended + _interval.SentMessages + _interval.ReceivedMessages > 0)
        {
            _lastProgress = now;
        }

        _period.Add(_interval);
        _total.Add(_interval);
        _interval.Clear();
        var point = PointOf(now, _periodBegan, _period);
        if (point.Length > 0 && (isLast ? point.Calls > 0 || point.Messages > 0 : point.Length >= SecondsOfPoint))
        {
            _timeline.Add(point);
            _periodBegan = now;
            _period.Clear();
        }
    }

    private TimelinePoint PointOf(long now, long began, Recording counted) =>
        TimelinePoint.Of((now - window.From) * window.NanosecondsPerTick / 1e9, (now - Math.Max(began, window.From)) * window.NanosecondsPerTick / 1e9, counted);
}
