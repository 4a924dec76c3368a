// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Tests.Bench;

/// <summary>A clock in nanoseconds that is at once where somebody waits for it to be.</summary>
internal sealed class JumpTime : TimeProvider
{
    private long _now = 1_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _ = Interlocked.Add(ref _now, (long)dueTime.TotalNanoseconds);
        return new Timer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
