// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Testing.Tests;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due_and_see_their_own_time()
    {
        var start = _time.GetUtcNow();
        List<(string Name, double Seconds)> fired = [];
        using var late = Timer("late", 3);
        using var early = Timer("early", 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([("early", 1d)], fired);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([("early", 1d), ("late", 3d)], fired);
        Assert.Equal(start + TimeSpan.FromSeconds(4), _time.GetUtcNow());

        ITimer Timer(string name, int seconds) => _time.CreateTimer(
            _ => fired.Add((name, (_time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void A_periodic_timer_fires_once_a_period_until_it_is_disposed()
    {
        var count = 0;
        var timer = _time.CreateTimer(_ => count++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, count);
        timer.Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(3, count);
        Assert.False(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public void A_timer_that_is_set_while_the_clock_moves_fires_in_the_same_move()
    {
        var fired = false;
        ITimer? second = null;
        using var first = _time.CreateTimer(
            _ => second = _time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromSeconds(1),
            Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(fired);
        second!.Dispose();
    }

    [Fact]
    public void The_clock_alone_fires_nothing()
    {
        var fired = false;
        using var timer = _time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _time.AdvanceClockOnly(TimeSpan.FromSeconds(5));
        Assert.False(fired);
        _time.Advance(TimeSpan.Zero);
        Assert.True(fired);
    }

    [Fact]
    public async Task Delays_and_timeouts_of_the_platform_go_by_it()
    {
        var delay = Task.Delay(TimeSpan.FromHours(1), _time);
        using var source = new CancellationTokenSource(TimeSpan.FromHours(2), _time);
        Assert.False(delay.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));
        await delay;
        Assert.False(source.IsCancellationRequested);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(source.IsCancellationRequested);
        Assert.Equal(TimeSpan.FromHours(2), _time.GetElapsedTime(_time.GetTimestamp() - TimeSpan.FromHours(2).Ticks));
    }

    [Fact]
    public async Task A_test_can_wait_until_a_timer_is_set()
    {
        var waiting = _time.TimerDueWithinAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        using var other = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        Assert.False(waiting.IsCompleted);
        using var timer = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        await waiting;
    }

    [Fact]
    public void Time_does_not_go_back()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.AdvanceClockOnly(TimeSpan.FromSeconds(-1)));
    }
}
