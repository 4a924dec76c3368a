// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace Peregrine.Cli.Bench;

/// <summary>Draws lines over two axes as SVG whose colours are those of the page around it.</summary>
internal sealed class SvgChart
{
    private const double Width = 720;
    private const double Height = 260;
    private const double Left = 70;
    private const double Right = 28;
    private const double Top = 12;
    private const double Bottom = 44;

    private static readonly double[] Steps = [1, 2, 5, 10];
    private static readonly double[] Marks = [1, 2, 5];
    private static readonly double[] FewMarks = [1];

    /// <summary>What the horizontal axis is.</summary>
    public required string XTitle { get; init; }

    /// <summary>Where the horizontal axis has marks, and what stands there.</summary>
    public required IReadOnlyList<(double X, string Text)> XTicks { get; init; }

    /// <summary>Writes a value of the vertical axis.</summary>
    public required Func<double, string> YText { get; init; }

    /// <summary>Whether equal distances on the vertical axis are equal ratios; else it begins at zero.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Writes the chart.</summary>
    /// <param name="lines">The lines; those without points are left away.</param>
    /// <returns>The SVG element; a sentence when there is nothing to draw.</returns>
    public string Write(IReadOnlyList<ChartLine> lines)
    {
        var points = lines.SelectMany(line => line.Points).Where(point => !IsLogarithmic || point.Y > 0).ToList();
        if (points.Count == 0)
        {
            return "<p class=\"none\">Nothing was counted.</p>";
        }

        var ticks = IsLogarithmic ? LogarithmicTicks(points.Min(point => point.Y), points.Max(point => point.Y)) : LinearTicks(points.Max(point => point.Y));
        var left = Math.Min(points.Min(point => point.X), XTicks.Count > 0 ? XTicks[0].X : double.MaxValue);
        var right = Math.Max(points.Max(point => point.X), XTicks.Count > 0 ? XTicks[^1].X : double.MinValue);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">\n");
        foreach (var tick in ticks)
        {
            var y = Number(Y(tick));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y}\" y2=\"{y}\"/><text class=\"y\" x=\"{Left - 6}\" y=\"{y}\">{Text(YText(tick))}</text>\n");
        }

        foreach (var (at, text) in XTicks)
        {
            var x = Number(X(at));
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{x}\" x2=\"{x}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/><text class=\"x\" x=\"{x}\" y=\"{Height - Bottom + 16}\">{Text(text)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{Number((Left + Width - Right) / 2)}\" y=\"{Height - 8}\">{Text(XTitle)}</text>\n");
        foreach (var line in lines.Where(line => line.Points.Count > 0))
        {
            svg.Append("<polyline class=\"line ").Append(line.Style).Append("\" points=\"")
                .AppendJoin(' ', line.Points.Where(point => !IsLogarithmic || point.Y > 0).Select(point => $"{Number(X(point.X))},{Number(Y(point.Y))}"))
                .Append("\"><title>").Append(Text(line.Name)).Append("</title></polyline>\n");
        }

        svg.Append("</svg>\n<p class=\"legend\">");
        foreach (var line in lines.Where(line => line.Points.Count > 0))
        {
            svg.Append("<span class=\"").Append(line.Style).Append("\">").Append(Text(line.Name)).Append("</span> ");
        }

        return svg.Append("</p>\n").ToString();

        double X(double value) => Left + ((Width - Left - Right) * (right > left ? (value - left) / (right - left) : 0.5));

        double Y(double value)
        {
            var (low, high) = IsLogarithmic ? (Math.Log(ticks[0]), Math.Log(ticks[^1])) : (ticks[0], ticks[^1]);
            var part = ((IsLogarithmic ? Math.Log(value) : value) - low) / (high - low);
            return Top + ((Height - Top - Bottom) * (1 - part));
        }
    }

    // 0 and multiples of 1, 2 or 5 times a power of ten, five or so.
    private static List<double> LinearTicks(double most)
    {
        if (most <= 0)
        {
            return [0, 1];
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(most / 5)));
        var step = power * Steps.First(factor => most / (power * factor) <= 5);
        var count = (int)Math.Ceiling(most / step);
        return [.. Enumerable.Range(0, count + 1).Select(i => i * step)];
    }

    // 1, 2 and 5 times powers of ten; of many decades the powers only.
    private static List<double> LogarithmicTicks(double least, double most)
    {
        var first = (int)Math.Floor(Math.Log10(least));
        var last = (int)Math.Ceiling(Math.Log10(most));
        var factors = last - first > 2 ? FewMarks : Marks;
        var all = Enumerable.Range(first, last - first + 2).SelectMany(exponent => factors.Select(factor => factor * Math.Pow(10, exponent))).ToList();
        var from = all.FindLastIndex(tick => tick <= least);
        var to = all.FindIndex(tick => tick >= most);
        return to > from ? all[from..(to + 1)] : all[from..(from + 2)];
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(Terminal.Escape(text));
}
