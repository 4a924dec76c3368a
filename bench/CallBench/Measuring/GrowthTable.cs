// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Measuring;

/// <summary>Prints how figures grow: a row for each value, a column for each contestant.</summary>
internal static class GrowthTable
{
    /// <param name="dimension">What grows.</param>
    /// <param name="values">How large it is.</param>
    /// <param name="series">What was measured of each contestant.</param>
    /// <param name="linear">Whether a call does more for each unit, so that a line is drawn through the costs.</param>
    public static void Print(string dimension, int[] values, List<Series> series, bool linear)
    {
        Print($"growth with {dimension}: calls a second", dimension, values, series, figures => Number(figures[Column.PerSecond]));
        Print(
            $"growth with {dimension}: CPU time of a call, us, client / server",
            dimension,
            values,
            series,
            figures => $"{Number(figures[Column.ClientCpu])} / {Number(figures[Column.ServerCpu])}");
        if (linear)
        {
            PrintLines(dimension, values, series);
        }

        Console.WriteLine();
        Console.WriteLine($"ratio of growth with {dimension}, both sides' CPU time, ours to each other's: " + string.Join(
            "; ",
            from other in series.Skip(1)
            select other.Contestant.ServerName + " " + string.Join(
                ", ", series[0].Points.Zip(other.Points, (ours, theirs) => Fraction(Cost(ours) / Cost(theirs))))));
    }

    private static void Print(string title, string dimension, int[] values, List<Series> series, Func<Figures, string> cell)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine();
        Console.WriteLine($"| {dimension} | {string.Join(" | ", series.Select(one => one.Contestant.ServerName))} |");
        Console.WriteLine($"|---:|{string.Concat(series.Select(_ => "---:|"))}");
        for (int i = 0; i < values.Length; i++)
        {
            Console.WriteLine($"| {values[i]} | {string.Join(" | ", series.Select(one => cell(one.Points[i])))} |");
        }
    }

    // The line of least relative squares says whether cost is linear: a fixed part, a part for each unit, and how far a point is off.
    private static void PrintLines(string dimension, int[] values, List<Series> series)
    {
        Console.WriteLine();
        foreach (Series one in series)
        {
            double[] costs = [.. one.Points.Select(Cost)];
            double[] weights = [.. costs.Select(cost => 1 / (cost * cost))];
            double total = weights.Sum();
            double x = values.Zip(weights, (value, weight) => value * weight).Sum() / total;
            double y = costs.Zip(weights, (cost, weight) => cost * weight).Sum() / total;
            double slope = Enumerable.Range(0, values.Length).Sum(i => weights[i] * (values[i] - x) * (costs[i] - y))
                / Enumerable.Range(0, values.Length).Sum(i => weights[i] * (values[i] - x) * (values[i] - x));
            double start = y - (slope * x);
            double off = Enumerable.Range(0, values.Length).Max(i => Math.Abs((start + (slope * values[i])) / costs[i] - 1));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Contestant.ServerName}: {start:F2} us + {slope:G3} us for each of {dimension}, off by up to {100 * off:F0} %"));
        }
    }

    private static double Cost(Figures figures) => figures[Column.ClientCpu] + figures[Column.ServerCpu];

    private static string Number(double value) => value.ToString(value < 100 ? "F1" : "N0", CultureInfo.InvariantCulture);

    private static string Fraction(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
