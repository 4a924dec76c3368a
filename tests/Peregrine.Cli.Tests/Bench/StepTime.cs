// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Tests.Bench;

/// <summary>A clock in nanoseconds that goes on with each look at it, and as it is told.</summary>
internal sealed class StepTime(long step) : TimeProvider
{
    private long _now = 1_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Add(ref _now, step);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _now, (long)time.TotalNanoseconds);
}
