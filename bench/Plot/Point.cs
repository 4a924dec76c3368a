// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Plot;

/// <summary>A line of the file of results.</summary>
/// <param name="Dimension">What grows.</param>
/// <param name="Value">How large it is.</param>
/// <param name="Contestant">Who was measured.</param>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Microseconds">CPU time of a call, both sides.</param>
internal sealed record Point(string Dimension, double Value, string Contestant, double PerSecond, double Microseconds)
{
    public static Point Parse(string line)
    {
        string[] cells = line.Split(',');
        return cells.Length == 6
            ? new Point(cells[0], Number(cells[1]), cells[2], Number(cells[3]), Number(cells[4]) + Number(cells[5]))
            : throw new FormatException($"\"{line}\" has {cells.Length} cells; dimension,value,contestant,calls_per_second,client_us,server_us are expected.");
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
