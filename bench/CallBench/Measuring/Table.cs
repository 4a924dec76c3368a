// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Measuring;

/// <summary>Prints figures: a row for each contestant, then the first row's share of the second's.</summary>
internal static class Table
{
    private const int NameWidth = 26;
    private const int Width = 11;

    public static void Print(string title, IReadOnlyList<(string Name, Figures Figures)> rows, params Column[] columns)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine("client > server".PadRight(NameWidth) + string.Concat(columns.Select(column => Title(column).PadLeft(Width))));
        foreach ((string name, Figures figures) in rows)
        {
            Console.WriteLine(name.PadRight(NameWidth) + string.Concat(columns.Select(column => Format(figures[column]).PadLeft(Width))));
        }

        if (rows.Count > 1)
        {
            Console.WriteLine("ratio of the first two".PadRight(NameWidth) + string.Concat(
                columns.Select(column => Ratio(rows[0].Figures[column], rows[1].Figures[column]).PadLeft(Width))));
        }
    }

    private static string Title(Column column) => column switch
    {
        Column.PerSecond => "/s",
        Column.MegabytesPerSecond => "MB/s",
        Column.P50 => "p50 us",
        Column.P99 => "p99 us",
        Column.P999 => "p99.9 us",
        Column.Longest => "most us",
        Column.ClientCpu => "client us",
        Column.ServerCpu => "server us",
        Column.ClientAllocated => "client B",
        Column.ServerAllocated => "server B",
        Column.ClientResident => "client MB",
        Column.ServerResident => "server MB",
        Column.Milliseconds => "ms",
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static string Format(double value) =>
        double.IsNaN(value) ? "-" : value.ToString(Math.Abs(value) < 100 ? "F1" : "F0", CultureInfo.InvariantCulture);

    private static string Ratio(double ours, double theirs) =>
        double.IsNaN(ours) || double.IsNaN(theirs) || theirs == 0 ? "-" : (ours / theirs).ToString("F2", CultureInfo.InvariantCulture);
}
