// SPDX-License-Identifier: Apache-2.0

using System;
using System.Globalization;
using System.Linq;

namespace Peregrine.Cli.Bench;

/// <summary>Tells how a run goes: on one line of a terminal that is written again and again, or with <c>--verbose</c> on a line for each interval.</summary>
/// <param name="terminal">Where to: standard error.</param>
/// <param name="rewrites">Whether one line is written again and again.</param>
/// <param name="total">How long calls count; null when their number is given.</param>
internal sealed class ProgressLine(Terminal terminal, bool rewrites, TimeSpan? total)
{
    private const string EraseLine = "\r\u001b[K";

    private long _failed;
    private bool _isWritten;

    /// <summary>An interval is over.</summary>
    public void Write(TimelinePoint point)
    {
        _failed += point.Failed;
        var line = LineOf(point);
        if (rewrites)
        {
            terminal.Errors.Write(EraseLine + line);
            terminal.Errors.Flush();
            _isWritten = true;
        }
        else
        {
            terminal.Note("*", line);
        }
    }

    /// <summary>Takes the line away, so that the result can stand in its place.</summary>
    public void Erase()
    {
        if (_isWritten)
        {
            terminal.Errors.Write(EraseLine);
            terminal.Errors.Flush();
        }
    }

    private string LineOf(TimelinePoint point)
    {
        if (point.Length <= 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"warming up, {-point.Second:0.0} s left");
        }

        var of = total is { } time ? string.Create(CultureInfo.InvariantCulture, $" of {time.TotalSeconds:0.#}") : "";
        var rate = string.Create(CultureInfo.InvariantCulture, $"{point.Second:0.0}{of} s: {LatencyText.Rate(point.Calls / point.Length)} calls/s");
        var messages = point.Messages > 2 * point.Calls ? $", {LatencyText.Rate(point.Messages / point.Length)} messages/s" : "";
        var failed = _failed > 0 ? $", {LatencyText.Count(_failed)} failed" : "";
        string[] latencies = point.Max > 0 ? [$", 50 % {LatencyText.Of(point.P50)}", $", 99 % {LatencyText.Of(point.P99)}", $", longest {LatencyText.Of(point.Max)}"] : [];

        // A line that is written again must not be broken: what is least needed is left away.
        var columns = rewrites && terminal.Width is > 0 and var width ? width - 1 : int.MaxValue;
        for (var count = latencies.Length; count >= 0; count--)
        {
            if (rate + messages + string.Concat(latencies.Take(count)) + failed is var line && line.Length <= columns)
            {
                return line;
            }
        }

        return (rate + failed) is var least && least.Length <= columns ? least : least[..columns];
    }
}
