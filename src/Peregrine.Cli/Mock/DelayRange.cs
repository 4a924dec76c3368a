// SPDX-License-Identifier: Apache-2.0

using System;
using System.Globalization;
using Peregrine.Cli.Commands;

namespace Peregrine.Cli.Mock;

/// <summary>A time, or one that is anew between two: <c>200ms</c>, <c>50ms-200ms</c>.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest.</param>
internal readonly record struct DelayRange(TimeSpan Least, TimeSpan Most)
{
    /// <summary>A time of this range.</summary>
    /// <param name="random">Chooses.</param>
    public TimeSpan Choose(Random random) => Least + ((Most - Least) * random.NextDouble());

    /// <summary>Reads one; a number without unit is seconds, as on the command line.</summary>
    public static bool TryParse(string text, out DelayRange range)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var isRead = TryParseTime(dash < 0 ? text : text[..dash], out var least) & TryParseTime(dash < 0 ? text : text[(dash + 1)..], out var most);
        range = new DelayRange(least, most);
        return isRead && least <= most;
    }

    private static bool TryParseTime(string text, out TimeSpan time)
    {
        var number = text.Trim();
        time = TimeSpan.Zero;
        return DurationArgument.TryParse(number, out time)
            || (double.TryParse(number.TrimEnd('m', 's', 'h'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value == 0);
    }
}
