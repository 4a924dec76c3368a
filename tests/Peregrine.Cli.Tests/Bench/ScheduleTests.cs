// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Bench;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

/// <summary>When calls begin, and which of them count.</summary>
public sealed class ScheduleTests
{
    private const long Millisecond = 1_000_000;
    private readonly StepTime _time = new(10_000);

    [Fact]
    public void A_constant_rate_does_not_drift()
    {
        LoadSchedule schedule = new(3);
        double[] dues = [.. Enumerable.Range(0, 3_000_001).Select(_ => schedule.Next())];
        Assert.Equal(0, dues[0]);
        Assert.Equal(1_000_000, dues[^1], 1e-9);
    }

    [Fact]
    public void Random_arrivals_have_the_rate_and_the_spread_of_a_Poisson_process()
    {
        LoadSchedule schedule = new(1000, new Random(5));
        double[] dues = [.. Enumerable.Range(0, 100_001).Select(_ => schedule.Next())];
        double[] gaps = [.. dues.Zip(dues.Skip(1), (one, next) => next - one)];
        Assert.All(gaps, gap => Assert.True(gap >= 0));
        Assert.InRange(gaps.Average() * 1000, 0.98, 1.02);

        // Of an exponential distribution a share of 1/e is longer than the mean.
        Assert.InRange(gaps.Count(gap => gap > 0.001) / 100_000.0, 0.36, 0.376);
    }

    [Fact]
    public void Random_arrivals_are_the_same_for_the_same_seed()
    {
        LoadSchedule one = new(10, new Random(1)), same = new(10, new Random(1)), other = new(10, new Random(2));
        double[] dues = [.. Enumerable.Range(0, 5).Select(_ => one.Next())];
        Assert.Equal(dues, Enumerable.Range(0, 5).Select(_ => same.Next()));
        Assert.NotEqual(dues, Enumerable.Range(0, 5).Select(_ => other.Next()));
    }

    [Fact]
    public void Calls_begin_when_they_are_due()
    {
        RunWindow window = Started(TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        List<long> dues = [];
        Pacer pacer = new(new LoadSchedule(1000), window, window.TryBegin, () => false, due =>
        {
            Assert.InRange(_time.GetTimestamp() - due, 0, 50_000);
            dues.Add(due - window.Begin);
        });
        pacer.Run();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => i * Millisecond), dues);
        Assert.InRange(pacer.Lag.Max, 0, 20_000);
    }

    [Fact]
    public void A_stall_leaves_no_call_out_and_counts_in_the_latency_of_each_that_it_delayed()
    {
        RunWindow window = Started(TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
        LatencyRecorder recorder = new(window);
        int number = 0;
        Pacer pacer = new(new LoadSchedule(1000), window, window.TryBegin, () => false, due =>
        {
            if (number++ == 10)
            {
                _time.Pass(TimeSpan.FromMilliseconds(30));
            }

            recorder.Call(due, _time.GetTimestamp(), StatusCode.OK);
        });
        pacer.Run();
        Recording total = new();
        recorder.DrainTo(total);
        Assert.Equal(100, total.Calls.Count);

        // 30, 29, 28 ... milliseconds: without the schedule it would be one call of 30.
        Assert.InRange(total.Calls.Buckets().Where(bucket => bucket.Value > 9.5 * Millisecond).Sum(bucket => bucket.Count), 20, 22);
        Assert.InRange(pacer.Lag.Max, 28 * Millisecond, 30 * Millisecond);
    }

    [Fact]
    public void When_too_much_is_under_way_what_is_due_waits_and_is_late()
    {
        RunWindow window = Started(TimeSpan.Zero, TimeSpan.FromMilliseconds(300));
        int looks = 0, begun = 0;
        bool IsFull()
        {
            _time.Pass(TimeSpan.FromMilliseconds(10));
            return ++looks < 3;
        }

        Pacer pacer = new(new LoadSchedule(1000), window, window.TryBegin, IsFull, _ => begun++);
        pacer.Run();
        Assert.Equal((300, 3), (begun, looks));
        Assert.InRange(pacer.Lag.Max, 20 * Millisecond, 35 * Millisecond);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_due_does_not_begin_once_the_run_is_cut_off(bool isRandom)
    {
        RunWindow window = Started(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        int begun = 0;
        Pacer pacer = new(new LoadSchedule(1_000_000, isRandom ? new Random(1) : null), window, window.TryBegin, () => window.IsCutOff, _ =>
        {
            if (++begun == 1000)
            {
                _time.Pass(TimeSpan.FromHours(2));
                window.CutOff();
            }
        });
        pacer.Run();
        Assert.Equal((1000, 3_600_000_000), (begun, pacer.Skipped));
    }

    [Fact]
    public void What_begins_in_the_warm_up_does_not_count()
    {
        RunWindow window = Started(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20));
        LatencyRecorder recorder = new(window);
        foreach (long begun in (long[])[window.Begin, window.From - 1, window.From, window.Until - 1, window.Until])
        {
            recorder.Call(begun, begun + 100, StatusCode.OK, null, 1, 2);
        }

        Recording total = new();
        recorder.DrainTo(total);
        Assert.Equal(2, total.Calls.Count);
        Assert.Equal((2, 2, 2, 4), (total.SentMessages, total.SentBytes, total.ReceivedMessages, total.ReceivedBytes));
        Assert.Equal((window.Begin + (10 * Millisecond), window.Begin + (30 * Millisecond)), (window.From, window.Until));
    }

    [Fact]
    public void A_call_of_the_warm_up_that_fails_behind_it_counts()
    {
        RunWindow window = Started(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(20));
        LatencyRecorder recorder = new(window);
        recorder.Call(window.Begin, window.From - 1, StatusCode.Unavailable);
        recorder.Call(window.Begin, window.From, StatusCode.OK);
        recorder.Call(window.Begin, window.From, StatusCode.Aborted);
        Recording total = new();
        recorder.DrainTo(total);
        Assert.Equal([KeyValuePair.Create(StatusCode.Aborted, 1L)], total.Statuses);
    }

    [Fact]
    public void A_number_of_calls_is_counted_behind_the_warm_up()
    {
        RunWindow window = Started(TimeSpan.FromMilliseconds(10), null, calls: 3);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(window.TryBegin(window.Begin)));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => window.TryBegin(window.From)));
    }

    [Fact]
    public void Stopped_nothing_begins_any_longer()
    {
        RunWindow window = Started(TimeSpan.Zero, TimeSpan.FromHours(1));
        Assert.True(window.TryBegin(_time.GetTimestamp()));
        window.Stop();
        Assert.False(window.TryBegin(_time.GetTimestamp()));
        Assert.True(window.Stopped.IsCompleted);
    }

    [Fact]
    public void What_is_cut_off_has_no_status()
    {
        RunWindow window = Started(TimeSpan.Zero, TimeSpan.FromHours(1));
        LatencyRecorder recorder = new(window);
        long begun = _time.GetTimestamp();
        window.CutOff();
        recorder.Call(begun, _time.GetTimestamp(), StatusCode.Unavailable);
        Recording total = new();
        recorder.DrainTo(total);
        Assert.Equal((1, 0), (total.Unfinished, total.Ended));
    }

    private RunWindow Started(TimeSpan warmUp, TimeSpan? duration, long? calls = null)
    {
        RunWindow window = new(_time, warmUp, duration, calls);
        window.Start();
        return window;
    }
}
