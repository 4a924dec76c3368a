// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Peregrine.Cli.Bench;

/// <summary>Two runs, figure by figure.</summary>
internal sealed class RunComparison
{
    private readonly List<ComparedFigure> _figures = [];

    private RunComparison(IReadOnlyList<string> differences) => Differences = differences;

    /// <summary>The figures that both runs have.</summary>
    public IReadOnlyList<ComparedFigure> Figures => _figures;

    /// <summary>What the runs did not do alike, so that their figures say less: lines of text.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>Compares.</summary>
    /// <param name="before">The run that is compared with.</param>
    /// <param name="after">The run that is judged.</param>
    public static RunComparison Of(RunResult before, RunResult after)
    {
        var comparison = new RunComparison(DifferencesOf(before, after));
        var figures = comparison._figures;
        figures.Add(new ComparedFigure("calls per second", before.CallsPerSecond, after.CallsPerSecond, IsTime: false, MoreIsBetter: true));
        if (before.Total.Messages.Count > 0 || after.Total.Messages.Count > 0 || before.Total.ReceivedMessages > before.Total.Ended)
        {
            figures.Add(new ComparedFigure("messages received per second", before.PerSecond(before.Total.ReceivedMessages), after.PerSecond(after.Total.ReceivedMessages), IsTime: false, MoreIsBetter: true));
        }

        figures.Add(new ComparedFigure("failed, percent", Percent(before), Percent(after), IsTime: false, MoreIsBetter: false));
        AddLatencies(figures, "", before.Total.Calls, after.Total.Calls);
        AddLatencies(figures, "message ", before.Total.Messages, after.Total.Messages);
        return comparison;
    }

    /// <summary>Figures that are worse by more than a part.</summary>
    /// <param name="tolerance">The part, such as 0.1.</param>
    public IEnumerable<ComparedFigure> Worse(double tolerance) => _figures.Where(figure => figure.IsWorse(tolerance));

    /// <summary>Writes it for people.</summary>
    public void Write(Terminal terminal)
    {
        var names = _figures.Max(figure => figure.Name.Length);
        var widths = Math.Max(9, _figures.Max(figure => Math.Max(figure.BeforeText.Length, figure.AfterText.Length)));
        terminal.Output.WriteLine(terminal.Paint($"{"".PadRight(names)}  {"before".PadLeft(widths)}  {"after".PadLeft(widths)}  {"change",9}", "1"));
        foreach (var figure in _figures)
        {
            var change = figure.ChangeText.PadLeft(9);
            terminal.Output.WriteLine($"{figure.Name.PadRight(names)}  {figure.BeforeText.PadLeft(widths)}  {figure.AfterText.PadLeft(widths)}  "
                + (figure.IsWorse(Noise) ? terminal.Paint(change, "31") : figure.IsBetter(Noise) ? terminal.Paint(change, "32") : change));
        }

        foreach (var difference in Differences)
        {
            terminal.Warn(difference);
        }
    }

    /// <summary>Writes it for scripts.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("figures");
        foreach (var figure in _figures)
        {
            json.WriteStartObject();
            json.WriteString("name", figure.Name);
            json.WriteString("unit", figure.IsTime ? "ns" : "");
            json.WriteNumber("before", figure.Before);
            json.WriteNumber("after", figure.After);
            if (figure.Change is { } change)
            {
                json.WriteNumber("change", Math.Round(change, 4));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (var difference in Differences)
        {
            json.WriteStringValue(difference);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // What two runs of the same differ by on a machine that does other things, too: not worth a colour.
    private const double Noise = 0.05;

    // Above it some few calls decide.
    private const double HighestJudged = 99.9;

    private static double Percent(RunResult result) => result.Total.Ended == 0 ? 0 : 100.0 * result.Total.Failures.Count / result.Total.Ended;

    private static void AddLatencies(List<ComparedFigure> figures, string prefix, LatencyHistogram before, LatencyHistogram after)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return;
        }

        figures.Add(new ComparedFigure(prefix + "latency, mean", before.Mean, after.Mean, IsTime: true, MoreIsBetter: false));
        foreach (var percent in LatencyText.Percentiles)
        {
            figures.Add(new ComparedFigure($"{prefix}latency, {LatencyText.Percent(percent)}", before.Percentile(percent), after.Percentile(percent), IsTime: true, MoreIsBetter: false) { IsJudged = percent <= HighestJudged });
        }

        figures.Add(new ComparedFigure(prefix + "latency, longest", before.Max, after.Max, IsTime: true, MoreIsBetter: false) { IsJudged = false });
    }

    private static List<string> DifferencesOf(RunResult before, RunResult after)
    {
        List<string> differences = [];
        Compare("method", before.Method, after.Method);
        foreach (var name in before.Settings.Concat(after.Settings).Select(setting => setting.Key).Distinct())
        {
            Compare(name, Value(before, name), Value(after, name));
        }

        Compare("machine", before.Machine, after.Machine);
        return differences;

        void Compare(string name, string first, string second)
        {
            if (first != second)
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"the runs differ in {name}: \"{first}\" before, \"{second}\" after."));
            }
        }

        static string Value(RunResult result, string name) => result.Settings.FirstOrDefault(setting => setting.Key == name).Value ?? "";
    }
}
