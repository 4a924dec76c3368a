// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Plot;

/// <summary>Maps values to a span of pixels, and says where its marks are.</summary>
internal sealed class Axis
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _logarithmic;

    /// <param name="values">What is to be shown.</param>
    /// <param name="logarithmic">Whether equal distances are equal ratios.</param>
    /// <param name="from">Where the lowest value lies.</param>
    /// <param name="to">Where the highest value lies.</param>
    /// <param name="wholeDecades">Whether a logarithmic axis begins and ends at one, two or five times a power of ten.</param>
    public Axis(IReadOnlyCollection<double> values, bool logarithmic, double from, double to, bool wholeDecades)
    {
        _logarithmic = logarithmic;
        _from = from;
        _to = to;
        double low = values.Min();
        double high = values.Max();
        if (logarithmic && wholeDecades)
        {
            low = Steps(low / 10, high).Last(step => step <= low * 1.0001);
            high = Steps(low, high * 10).First(step => step >= high * 0.9999);
        }

        _low = Map(logarithmic ? low : 0);
        _high = Map(high);
    }

    /// <summary>Where a value lies.</summary>
    public double At(double value) => _from + ((Map(value) - _low) / (_high - _low) * (_to - _from));

    /// <summary>The values that get marks.</summary>
    public IEnumerable<double> Marks()
    {
        double low = _logarithmic ? Math.Pow(10, _low) : _low;
        double high = _logarithmic ? Math.Pow(10, _high) : _high;
        if (_logarithmic)
        {
            double[] steps = [.. Steps(low * 0.9999, high * 1.0001)];
            return steps.Length <= 9 ? steps : steps.Where(step => Math.Abs(Math.Log10(step) % 1) < 1e-6);
        }

        double unit = Math.Pow(10, Math.Floor(Math.Log10(high)));
        double between = (high / unit) switch { < 2 => unit / 5, < 5 => unit / 2, _ => unit };
        return Enumerable.Range(0, (int)(high / between) + 1).Select(i => i * between);
    }

    /// <summary>A value as marks have it: 20k, 1M, 64 Ki.</summary>
    public static string Text(double value) => value switch
    {
        >= 1 << 20 when value % (1 << 20) == 0 => Short(value / (1 << 20)) + " Mi",
        >= 1 << 10 when value % (1 << 10) == 0 => Short(value / (1 << 10)) + " Ki",
        >= 1_000_000 => Short(value / 1_000_000) + "M",
        >= 1000 => Short(value / 1000) + "k",
        _ => Short(value),
    };

    private static string Short(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    // One, two and five times powers of ten.
    private static IEnumerable<double> Steps(double low, double high)
    {
        for (int power = (int)Math.Floor(Math.Log10(low)); power <= Math.Ceiling(Math.Log10(high)); power++)
        {
            foreach (int digit in (int[])[1, 2, 5])
            {
                double step = digit * Math.Pow(10, power);
                if (step >= low && step <= high)
                {
                    yield return step;
                }
            }
        }
    }

    private double Map(double value) => _logarithmic ? Math.Log10(value) : value;
}
