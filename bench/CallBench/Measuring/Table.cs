// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Measuring;

/// <summary>Prints figures as a table of Markdown: a row for each contestant, then ours as a part of each that we are compared with.</summary>
internal static class Table
{
    private const int NameWidth = 22;
    private const int Width = 9;

    public static void Print(string title, IReadOnlyList<(Contestant Contestant, Figures Figures)> rows, params Column[] columns)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        Console.WriteLine();
        PrintRow("client > server", columns.Select(Title));
        PrintRow(new string('-', NameWidth), columns.Select(_ => new string('-', Width - 1) + ':'));
        foreach ((Contestant contestant, Figures figures) in rows)
        {
            PrintRow(contestant.Name, columns.Select(column => Format(figures[column])));
        }

        if (rows.FirstOrDefault(row => row.Contestant == Contestant.Ours).Figures is not { } ours)
        {
            return;
        }

        foreach ((Contestant contestant, Figures figures) in rows.Where(row => row.Contestant.IsCompared))
        {
            PrintRow("ratio to " + contestant.ServerName, columns.Select(column => Ratio(ours[column], figures[column])));
        }
    }

    private static void PrintRow(string name, IEnumerable<string> cells) =>
        Console.WriteLine($"| {name.PadRight(NameWidth)} | {string.Join(" | ", cells.Select(cell => cell.PadLeft(Width)))} |");

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
