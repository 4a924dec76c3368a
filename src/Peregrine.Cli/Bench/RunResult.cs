// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Bench;

/// <summary>What a run found: text, JSON, the report and comparisons are made of this.</summary>
internal sealed record RunResult
{
    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The address as the user wrote it.</summary>
    public required string Address { get; init; }

    /// <summary>The method: <c>package.Service/Method</c>.</summary>
    public required string Method { get; init; }

    /// <summary>What was asked for, in the order in which it is told: such as "connections", "2".</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; }

    /// <summary>The machine that made the calls.</summary>
    public required string Machine { get; init; }

    /// <summary>How long calls counted, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the user ended it.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>What was counted.</summary>
    public required Recording Total { get; init; }

    /// <summary>How late calls, or messages, of a schedule began; null without a schedule.</summary>
    public LatencyHistogram? Lag { get; init; }

    /// <summary>What happened when.</summary>
    public IReadOnlyList<TimelinePoint> Timeline { get; init; } = [];

    /// <summary>Seconds of processor time that this process took while calls counted.</summary>
    public double ProcessorSeconds { get; init; }

    /// <summary>What the latencies of messages are: depends on the method's streams.</summary>
    public string MessageTitle => Settings.Any(setting => setting is { Key: "kind", Value: "server streaming" })
        ? "Time to the first message of a stream"
        : "Latency of messages";

    /// <summary>Calls that ended, per second.</summary>
    public double CallsPerSecond => PerSecond(Total.Ended);

    /// <summary>Statuses with their counts, OK first, then the most frequent.</summary>
    public IEnumerable<KeyValuePair<StatusCode, long>> Statuses =>
        Total.Statuses.OrderByDescending(status => status.Key == StatusCode.OK).ThenByDescending(status => status.Value).ThenBy(status => status.Key);

    /// <summary>The exit code: that of the most frequent failure, and of UNAVAILABLE when the server answered nothing at all.</summary>
    public int Code => IsInterrupted ? ExitCode.Interrupted
        : Statuses.FirstOrDefault(status => status.Key != StatusCode.OK) is { Value: > 0 } failure ? ExitCode.Of(failure.Key)
        : Total is { Ended: 0, IsAnswered: false } ? ExitCode.Of(StatusCode.Unavailable)
        : ExitCode.Success;

    /// <summary>A count per second of the run.</summary>
    public double PerSecond(double count) => Seconds > 0 ? count / Seconds : 0;
}
