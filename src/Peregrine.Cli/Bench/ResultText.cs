// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Bench;

/// <summary>A result for people at a terminal.</summary>
internal static class ResultText
{
    private const string Title = "1";
    private const int NameWidth = 12;

    /// <summary>Writes it on standard output.</summary>
    public static void Write(RunResult result, Terminal terminal)
    {
        var text = new StringBuilder();
        var total = result.Total;
        text.Append(terminal.Paint(Terminal.Escape(result.Method), Title)).Append(" at ").Append(Terminal.Escape(result.Address)).Append('\n');
        text.Append("  ").AppendJoin("; ", result.Settings.Select(setting => $"{setting.Key} {setting.Value}")).Append("\n\n");

        Line(text, "time", Seconds(result.Seconds) + (result.IsInterrupted ? " (ended by Ctrl-C)" : ""));
        Line(text, "calls", $"{LatencyText.Count(total.Ended)}, {LatencyText.Rate(result.CallsPerSecond)}/s"
            + (total.Failures.Count > 0 ? ", " + terminal.Paint($"{LatencyText.Count(total.Failures.Count)} failed", "31") : "")
            + (total.Unfinished > 0 ? $"; {LatencyText.Count(total.Unfinished)} had not ended" : ""));
        if (total.EndedConnections > 0)
        {
            Line(text, "connections", $"{LatencyText.Count(total.EndedConnections)} ended by the server");
        }

        Line(text, "sent", Messages(result, total.SentMessages, total.SentBytes));
        Line(text, "received", Messages(result, total.ReceivedMessages, total.ReceivedBytes));
        Line(text, "generator", string.Create(CultureInfo.InvariantCulture, $"{result.PerSecond(result.ProcessorSeconds):0.00} processors"));
        if (result.Lag is { Count: > 0 } lag)
        {
            Line(text, "schedule", $"99 % began within {LatencyText.Of(lag.Percentile(99))}, all within {LatencyText.Of(lag.Max)} of their time");
        }

        Latencies(text, terminal, total.Messages.Count > 0 ? "Latency of calls" : "Latency", total.Calls);
        Latencies(text, terminal, result.MessageTitle, total.Messages);
        Latencies(text, terminal, "Latency of calls that failed", total.Failures);
        Statuses(text, terminal, result);
        terminal.Output.Write(text.ToString());
    }

    private static void Statuses(StringBuilder text, Terminal terminal, RunResult result)
    {
        if (result.Total.Failures.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(terminal.Paint("Statuses", Title)).Append('\n');
        List<KeyValuePair<StatusCode, long>> statuses = [.. result.Statuses];
        var width = statuses.Max(status => StatusNames.Of(status.Key).Length);
        var counts = statuses.Max(status => LatencyText.Count(status.Value).Length);
        foreach (var (status, count) in statuses)
        {
            var detail = result.Total.Details.GetValueOrDefault(status, "");
            text.Append("  ").Append(StatusNames.Of(status).PadRight(width)).Append("  ").Append(LatencyText.Count(count).PadLeft(counts))
                .Append(detail.Length > 0 ? "  " + Terminal.Escape(detail) : "").Append('\n');
        }
    }

    private static void Latencies(StringBuilder text, Terminal terminal, string title, LatencyHistogram latencies)
    {
        if (latencies.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(terminal.Paint(title, Title)).Append('\n');
        foreach (var percent in LatencyText.Percentiles)
        {
            Line(text, LatencyText.Percent(percent), LatencyText.Of(latencies.Percentile(percent)));
        }

        Line(text, "longest", LatencyText.Of(latencies.Max));
        Line(text, "mean", $"{LatencyText.Of(latencies.Mean)}, standard deviation {LatencyText.Of(latencies.StandardDeviation)}");
    }

    private static string Messages(RunResult result, long count, long bytes) =>
        $"{LatencyText.Count(count)} messages, {LatencyText.Rate(result.PerSecond(count))}/s; {LatencyText.Bytes(bytes)}, {LatencyText.Bytes(result.PerSecond(bytes))}/s";

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0##} s");

    private static void Line(StringBuilder text, string name, string value) => text.Append("  ").Append(name.PadRight(NameWidth)).Append(value).Append('\n');
}
