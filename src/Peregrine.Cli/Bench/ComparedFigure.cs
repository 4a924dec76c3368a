// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Peregrine.Cli.Bench;

/// <summary>A figure of two runs.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Before">Its value in the run that is compared with.</param>
/// <param name="After">Its value in the run that is judged.</param>
/// <param name="IsTime">Whether it is in nanoseconds.</param>
/// <param name="MoreIsBetter">Whether a higher value is the better one.</param>
internal sealed record ComparedFigure(string Name, double Before, double After, bool IsTime, bool MoreIsBetter)
{
    /// <summary>The part by which it changed: 0.1 for a tenth more; null when there is no saying.</summary>
    public double? Change => Before == After ? 0 : Before == 0 ? null : (After - Before) / Before;

    /// <summary>The value before, for people.</summary>
    public string BeforeText => Text(Before);

    /// <summary>The value after, for people.</summary>
    public string AfterText => Text(After);

    /// <summary>Whether two runs of the same differ by little in it: not so what a single call, or one in ten thousand, decides.</summary>
    public bool IsJudged { get; init; } = true;

    /// <summary>The change, for people: <c>+10.0 %</c>.</summary>
    public string ChangeText => Change is { } change ? (100 * change).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " %" : "new";

    /// <summary>Whether it is worse by more than a part of what it was.</summary>
    public bool IsWorse(double tolerance) => IsJudged && (MoreIsBetter ? After < Before * (1 - tolerance) : After > Before * (1 + tolerance));

    /// <summary>Whether it is better by more than a part of what it was.</summary>
    public bool IsBetter(double tolerance) => IsJudged && (MoreIsBetter ? After > Before * (1 + tolerance) : After < Before * (1 - tolerance));

    private string Text(double value) => IsTime ? LatencyText.Of(value) : LatencyText.Rate(value);
}
