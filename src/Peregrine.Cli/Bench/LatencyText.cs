// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Peregrine.Cli.Bench;

/// <summary>Durations, numbers and rates as people read them.</summary>
internal static class LatencyText
{
    /// <summary>The shares of calls whose latency is told.</summary>
    public static readonly double[] Percentiles = [50, 75, 90, 95, 99, 99.9, 99.99];

    /// <summary>A duration with three digits and a unit: <c>1.23 ms</c>.</summary>
    public static string Of(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{Digits(nanoseconds)} ns",
        < 1e6 => $"{Digits(nanoseconds / 1e3)} us",
        < 1e9 => $"{Digits(nanoseconds / 1e6)} ms",
        _ => $"{Digits(nanoseconds / 1e9)} s",
    };

    /// <summary>A whole number with commas between thousands.</summary>
    public static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: with commas, and with decimals when it is small.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.##" : "N0", CultureInfo.InvariantCulture);

    /// <summary>Octets with a unit: <c>1.2 MB</c>.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => $"{Digits(bytes)} B",
        < 1e6 => $"{Digits(bytes / 1e3)} kB",
        < 1e9 => $"{Digits(bytes / 1e6)} MB",
        _ => $"{Digits(bytes / 1e9)} GB",
    };

    /// <summary>A share of calls: <c>99.9 %</c>.</summary>
    public static string Percent(double percent) => percent.ToString("0.###", CultureInfo.InvariantCulture) + " %";

    private static string Digits(double value) => value.ToString(value < 10 ? "0.##" : value < 100 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
