// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;
using System.Text;

namespace Plot;

/// <summary>
/// A line for each contestant, named at its end, over a logarithmic vertical axis. Drawn without a background, in colours that can be
/// read on light and on dark.
/// </summary>
internal sealed class Chart(string title, string xTitle, string yTitle, bool logarithmicX)
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 64;
    private const int Right = 640;
    private const int Top = 48;
    private const int Bottom = 364;
    private const double NameDistance = 16;

    // Each contestant keeps its colour in all charts.
    private static readonly Dictionary<string, string> Colours = new()
    {
        ["Peregrine"] = "#d9480f",
        ["Kestrel"] = "#7048e8",
        ["grpc-go"] = "#1098ad",
        ["C++ gRPC"] = "#2b8a3e",
        ["tonic"] = "#a87a00",
    };

    private readonly List<(string Name, (double X, double Y)[] Points)> _lines = [];

    public void Add(string name, (double X, double Y)[] points) => _lines.Add((name, points));

    /// <summary>The chart as a document of SVG.</summary>
    public string Draw()
    {
        double[] xs = [.. _lines.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        Axis x = new(xs, logarithmicX, Left, Right, wholeDecades: false);
        Axis y = new([.. _lines.SelectMany(line => line.Points).Select(point => point.Y)], logarithmic: true, Bottom, Top, wholeDecades: true);
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="system-ui, sans-serif" font-size="12" fill="#808890">
            <title>{Escape(title)}</title>
            <text x="{Left}" y="20" font-size="15" font-weight="600">{Escape(title)}</text>
            <text x="{Left}" y="{Top - 12}">{Escape(yTitle)}</text>
            <text x="{(Left + Right) / 2}" y="{Height - 12}" text-anchor="middle">{Escape(xTitle)}</text>
            """);
        DrawAxes(svg, x, y, xs);
        foreach ((string name, (double X, double Y)[] points) in _lines)
        {
            DrawLine(svg, Colour(name), name == "Peregrine" ? 3 : 1.75, [.. points.Select(point => (x.At(point.X), y.At(point.Y)))]);
        }

        DrawNames(svg, y);
        return svg.AppendLine("</svg>").ToString();
    }

    private void DrawAxes(StringBuilder svg, Axis x, Axis y, double[] xs)
    {
        foreach (double mark in y.Marks())
        {
            double at = y.At(mark);
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Right}" y1="{at:F1}" y2="{at:F1}" stroke="#808890" stroke-opacity="0.25"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{at + 4:F1}" text-anchor="end">{Axis.Text(mark)}</text>""");
        }

        // What was measured, rather than round numbers, unless it lies too close.
        double last = double.NegativeInfinity;
        foreach (double value in xs)
        {
            double at = x.At(value);
            if (at - last < 34)
            {
                continue;
            }

            last = at;
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{at:F1}" y="{Bottom + 18}" text-anchor="middle">{Axis.Text(value)}</text>""");
        }
    }

    private static void DrawLine(StringBuilder svg, string colour, double width, (double X, double Y)[] points)
    {
        string path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>""");
        foreach ((double px, double py) in points)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{px:F1}" cy="{py:F1}" r="{width + 1}" fill="{colour}"/>""");
        }
    }

    // Names stand where their lines end, moved apart where lines end close to each other.
    private void DrawNames(StringBuilder svg, Axis y)
    {
        (string Name, double At)[] names = [.. _lines.Select(line => (line.Name, At: y.At(line.Points[^1].Y))).OrderBy(name => name.At)];
        for (int i = 1; i < names.Length; i++)
        {
            names[i].At = Math.Max(names[i].At, names[i - 1].At + NameDistance);
        }

        double below = names.Length > 0 ? Math.Max(0, names[^1].At - Bottom) : 0;
        foreach ((string name, double at) in names)
        {
            string weight = name == "Peregrine" ? "700" : "400";
            svg.AppendLine(
                CultureInfo.InvariantCulture,
                $"""<text x="{Right + 12}" y="{at - below + 4:F1}" fill="{Colour(name)}" font-weight="{weight}" font-size="13">{Escape(name)}</text>""");
        }
    }

    private static string Colour(string name) => Colours.GetValueOrDefault(name, "#808890");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
