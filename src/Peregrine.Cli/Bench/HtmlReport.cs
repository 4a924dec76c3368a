// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;
using Peregrine.Cli.Calls;

namespace Peregrine.Cli.Bench;

/// <summary>
/// A result as one HTML file: no script, nothing from elsewhere, and what a server has sent is text in it and nothing else. Charts are SVG;
/// colours follow the reader's choice of light or dark.
/// </summary>
internal static class HtmlReport
{
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>
        :root { color-scheme: light dark; --back: #fff; --text: #1c2733; --soft: #66788a; --grid: #e3e8ee; --a: #0b7285; --b: #d9480f; --c: #862e9c; --d: #8a97a5; --bad: #c92a2a; }
        @media (prefers-color-scheme: dark) { :root { --back: #12181f; --text: #e4eaf0; --soft: #93a3b3; --grid: #28323d; --a: #3bc9db; --b: #ff922b; --c: #da77f2; --d: #788796; --bad: #ff8787; } }
        body { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; max-width: 760px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.4em; margin-bottom: 0; overflow-wrap: anywhere; } h2 { font-size: 1.1em; margin: 1.8em 0 .4em; }
        .soft, .none { color: var(--soft); } .bad { color: var(--bad); }
        .facts { display: flex; flex-wrap: wrap; gap: .8em 2em; margin: 1.2em 0; } .facts b { display: block; font-size: 1.5em; font-weight: 600; }
        table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .25em .8em .25em 0; border-bottom: 1px solid var(--grid); vertical-align: top; overflow-wrap: anywhere; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        svg { width: 100%; height: auto; } svg text { fill: var(--soft); font-size: 11px; } text.y { text-anchor: end; dominant-baseline: middle; } text.x { text-anchor: middle; }
        .grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .line.a { stroke: var(--a); } .line.b { stroke: var(--b); } .line.c { stroke: var(--c); } .line.d { stroke: var(--d); stroke-dasharray: 5 4; }
        .legend { margin: 0; font-size: 13px; } .legend span { margin-right: 1.2em; } .legend span::before { content: "\2014\00a0"; font-weight: 700; }
        .legend .a { color: var(--a); } .legend .b { color: var(--b); } .legend .c { color: var(--c); } .legend .d { color: var(--d); }
        </style>

        """;

    private static readonly double[] TimeSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];

    /// <summary>Writes it.</summary>
    /// <param name="result">The result.</param>
    /// <param name="baseline">The result that it is compared with, or null.</param>
    public static string Write(RunResult result, RunResult? baseline = null)
    {
        var html = new StringBuilder(Head);
        var total = result.Total;
        html.Append("<title>").Append(Text(result.Method)).Append("</title>\n</head>\n<body>\n<h1>").Append(Text(result.Method)).Append("</h1>\n")
            .Append("<p class=\"soft\">").Append(Text($"{result.Address}, {result.Started.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}, {result.Machine}")).Append("</p>\n");
        if (result.IsInterrupted)
        {
            html.Append("<p class=\"bad\">Ended by Ctrl-C.</p>\n");
        }

        html.Append("<div class=\"facts\">\n");
        Fact(html, "calls per second", LatencyText.Rate(result.CallsPerSecond));
        if (total.Messages.Count > 0 || total.ReceivedMessages > total.Ended)
        {
            Fact(html, "messages received per second", LatencyText.Rate(result.PerSecond(total.ReceivedMessages)));
        }

        var latencies = Latencies(total);
        Fact(html, "median", LatencyText.Of(latencies.Percentile(50)));
        Fact(html, "99 %", LatencyText.Of(latencies.Percentile(99)));
        Fact(html, "99.9 %", LatencyText.Of(latencies.Percentile(99.9)));
        Fact(html, "calls", LatencyText.Count(total.Ended));
        Fact(html, "failed", LatencyText.Count(total.Failures.Count), isBad: total.Failures.Count > 0);
        html.Append("</div>\n");

        AddCharts(html, result, baseline);
        AddStatuses(html, result);
        if (baseline is not null)
        {
            AddComparison(html, RunComparison.Of(baseline, result));
        }

        Table(html, "Latencies", ["", .. latencies == total.Messages ? (string[])["messages", "calls"] : ["calls"]],
            LatencyText.Percentiles.Select(percent => (string[])[LatencyText.Percent(percent), .. Columns(total, histogram => LatencyText.Of(histogram.Percentile(percent)))])
                .Append(["longest", .. Columns(total, histogram => LatencyText.Of(histogram.Max))])
                .Append(["mean", .. Columns(total, histogram => LatencyText.Of(histogram.Mean))])
                .Append(["counted", .. Columns(total, histogram => LatencyText.Count(histogram.Count))]));
        Table(html, "The run", ["", ""], RowsOf(result));
        return html.Append("</body>\n</html>\n").ToString();
    }

    // Of streams that are answered message by message it is the messages that are of interest.
    private static LatencyHistogram Latencies(Recording total) => total.Messages.Count > 0 ? total.Messages : total.Calls;

    private static IEnumerable<string> Columns(Recording total, Func<LatencyHistogram, string> text) =>
        (total.Messages.Count > 0 ? (LatencyHistogram[])[total.Messages, total.Calls] : [total.Calls]).Select(text);

    private static void AddCharts(StringBuilder html, RunResult result, RunResult? baseline)
    {
        // Equal distances for each nine behind the first: the tail is what matters.
        static double Place(double percent) => -Math.Log10(1 - (percent / 100));
        double[] marks = [0, 50, 90, 99, 99.9, 99.99, 99.999];
        var curve = new SvgChart { XTitle = "share of calls", XTicks = [.. marks.Select(percent => (Place(percent), LatencyText.Percent(percent)))], YText = LatencyText.Of, IsLogarithmic = true };
        List<(double, double)> CurveOf(LatencyHistogram histogram) => histogram.Count == 0 ? []
            : [.. Enumerable.Range(0, 101).Select(i => i * 5 / 100.0).Select(place => (place, (double)histogram.Percentile(100 * (1 - Math.Pow(10, -place)))))];
        Section(html, result.Total.Messages.Count > 0 ? result.MessageTitle : "Latency", curve.Write(
        [
            new ChartLine("this run", "a", CurveOf(Latencies(result.Total))),
            new ChartLine("before", "d", baseline is null ? [] : CurveOf(Latencies(baseline.Total))),
        ]));

        var points = result.Timeline.Where(point => point.Length > 0).ToList();
        var ticks = TimeTicks(points.Count > 0 ? points[^1].Second : 1);
        var ofMessages = result.Total.Messages.Count > 0 || result.Total.ReceivedMessages > result.Total.Ended;
        Section(html, "Rate over time", new SvgChart { XTitle = "seconds", XTicks = ticks, YText = LatencyText.Rate }.Write(
        [
            new ChartLine(ofMessages ? "messages per second, both ways" : "calls per second", "a", [.. points.Select(point => (point.Second, (ofMessages ? point.Messages : point.Calls) / point.Length))]),
            new ChartLine("failed calls per second", "b", result.Total.Failures.Count == 0 ? [] : [.. points.Select(point => (point.Second, point.Failed / point.Length))]),
        ]));
        Section(html, "Latency over time", new SvgChart { XTitle = "seconds", XTicks = ticks, YText = LatencyText.Of, IsLogarithmic = true }.Write(
        [
            new ChartLine("median", "a", [.. points.Select(point => (point.Second, (double)point.P50))]),
            new ChartLine("99 %", "b", [.. points.Select(point => (point.Second, (double)point.P99))]),
            new ChartLine("longest", "c", [.. points.Select(point => (point.Second, (double)point.Max))]),
        ]));
    }

    private static List<(double X, string Text)> TimeTicks(double end)
    {
        var step = TimeSteps.FirstOrDefault(each => end / each <= 10, end / 10);
        return [.. Enumerable.Range(0, (int)Math.Floor(end / step) + 1).Select(i => (i * step, (i * step).ToString("0.##", CultureInfo.InvariantCulture)))];
    }

    private static void AddStatuses(StringBuilder html, RunResult result) =>
        Table(html, "Calls by status", ["status", "calls", "share", "first message"],
            result.Statuses.Select(status => (string[])
            [
                StatusNames.Of(status.Key), LatencyText.Count(status.Value),
                LatencyText.Percent(100.0 * status.Value / Math.Max(1, result.Total.Ended)), result.Total.Details.GetValueOrDefault(status.Key, ""),
            ]));

    private static void AddComparison(StringBuilder html, RunComparison comparison)
    {
        Table(html, "Compared with the run before", ["", "before", "after", "change"],
            comparison.Figures.Select(figure => (string[])[figure.Name, figure.BeforeText, figure.AfterText, figure.ChangeText]));
        foreach (var difference in comparison.Differences)
        {
            html.Append("<p class=\"soft\">").Append(Text("Note: " + difference)).Append("</p>\n");
        }
    }

    private static IEnumerable<string[]> RowsOf(RunResult result)
    {
        foreach (var (name, value) in result.Settings)
        {
            yield return [name, value];
        }

        yield return ["counted for", string.Create(CultureInfo.InvariantCulture, $"{result.Seconds:0.0##} s")];
        yield return ["messages sent", $"{LatencyText.Count(result.Total.SentMessages)}, {LatencyText.Bytes(result.Total.SentBytes)}"];
        yield return ["messages received", $"{LatencyText.Count(result.Total.ReceivedMessages)}, {LatencyText.Bytes(result.Total.ReceivedBytes)}"];
        yield return ["processors of the generator", result.PerSecond(result.ProcessorSeconds).ToString("0.00", CultureInfo.InvariantCulture)];
        if (result.Lag is { Count: > 0 } lag)
        {
            yield return ["schedule", $"99 % began within {LatencyText.Of(lag.Percentile(99))}, all within {LatencyText.Of(lag.Max)} of their time"];
        }

        if (result.Total.Unfinished > 0)
        {
            yield return ["had not ended", LatencyText.Count(result.Total.Unfinished)];
        }
    }

    private static void Fact(StringBuilder html, string name, string value, bool isBad = false) =>
        html.Append("<div><b").Append(isBad ? " class=\"bad\"" : "").Append('>').Append(Text(value)).Append("</b><span class=\"soft\">").Append(Text(name)).Append("</span></div>\n");

    private static void Section(StringBuilder html, string title, string content) => html.Append("<h2>").Append(Text(title)).Append("</h2>\n").Append(content);

    private static void Table(StringBuilder html, string title, IReadOnlyList<string> columns, IEnumerable<string[]> rows)
    {
        // The first column is names, and a fourth is text; between them are numbers.
        static string Cell(string tag, string text, int index) => $"<{tag}{(index is 1 or 2 ? " class=\"n\"" : "")}>{Text(text)}</{tag}>";
        html.Append("<h2>").Append(Text(title)).Append("</h2>\n<table>\n<tr>").AppendJoin("", columns.Select((column, i) => Cell("th", column, i))).Append("</tr>\n");
        foreach (var row in rows)
        {
            html.Append("<tr>").AppendJoin("", row.Select((cell, i) => Cell("td", cell, i))).Append("</tr>\n");
        }

        html.Append("</table>\n");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(Terminal.Escape(text));
}
