// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Bench;

/// <summary>What happened in one interval of a run.</summary>
/// <param name="Second">When the interval ended, in seconds since the first call that counts.</param>
/// <param name="Length">How long it was, in seconds.</param>
/// <param name="Calls">Calls that ended.</param>
/// <param name="Failed">Those of them that ended otherwise than with OK.</param>
/// <param name="Messages">Messages sent and received.</param>
/// <param name="P50">The median latency in nanoseconds, of calls or, in streams, of messages; 0 for none.</param>
/// <param name="P99">The latency that 99 % do not exceed.</param>
/// <param name="Max">The longest latency.</param>
internal sealed record TimelinePoint(double Second, double Length, long Calls, long Failed, long Messages, long P50, long P99, long Max)
{
    /// <summary>Makes one of what was counted in the interval.</summary>
    public static TimelinePoint Of(double second, double length, Recording interval)
    {
        var latencies = interval.Messages.Count > 0 ? interval.Messages : interval.Calls;
        return new TimelinePoint(
            second, length, interval.Ended, interval.Failures.Count, interval.SentMessages + interval.ReceivedMessages,
            latencies.Percentile(50), latencies.Percentile(99), latencies.Max);
    }
}
