// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Measuring;

/// <summary>What one turn measured, a value for each column; NaN where nothing was measured.</summary>
internal sealed class Figures
{
    private readonly double[] _values = new double[Enum.GetValues<Column>().Length];

    public Figures() => Array.Fill(_values, double.NaN);

    public double this[Column column]
    {
        get => _values[(int)column];
        set => _values[(int)column] = value;
    }

    /// <summary>The median of each column by itself.</summary>
    public static Figures Median(IReadOnlyCollection<Figures> turns)
    {
        Figures median = new();
        foreach (Column column in Enum.GetValues<Column>())
        {
            double[] sorted = [.. turns.Select(turn => turn[column]).Order()];
            median[column] = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }

        return median;
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static Figures Parse(string line)
    {
        Figures figures = new();
        foreach (string word in line.Split(' '))
        {
            string[] parts = word.Split('=');
            figures[Enum.Parse<Column>(parts[0])] = double.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        return figures;
    }

    public override string ToString() => string.Join(
        ' ',
        from column in Enum.GetValues<Column>()
        where !double.IsNaN(this[column])
        select string.Create(CultureInfo.InvariantCulture, $"{column}={this[column]:R}"));
}
