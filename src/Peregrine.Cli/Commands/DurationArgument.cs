// SPDX-License-Identifier: Apache-2.0

using System;
using System.CommandLine;
using System.Globalization;

namespace Peregrine.Cli.Commands;

/// <summary>Times on a command line: <c>500ms</c>, <c>2.5s</c>, <c>1m</c>, <c>1h</c>; without unit seconds.</summary>
internal static class DurationArgument
{
    // Longer than a call lives, short enough for timers.
    private const double MaxSeconds = 7 * 24 * 3600;

    /// <summary>An option whose value is a time longer than zero.</summary>
    public static Option<TimeSpan?> Option(string name, string description, params string[] aliases) => Option(name, description, takesZero: false, aliases);

    /// <summary>An option whose value is a time, or zero for none.</summary>
    public static Option<TimeSpan?> OptionWithZero(string name, string description) => Option(name, description, takesZero: true, []);

    private static Option<TimeSpan?> Option(string name, string description, bool takesZero, string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (TryParseOrZero(text, out var time) && (takesZero || time > TimeSpan.Zero))
            {
                return time;
            }

            result.AddError($"{name}: \"{text}\" is no time{(takesZero ? "" : " longer than zero")}. Write a number with ms, s, m or h, such as 2.5s.");
            return null;
        },
    };

    /// <summary>Reads a time longer than zero.</summary>
    public static bool TryParse(string text, out TimeSpan time) => TryParseOrZero(text, out time) && time > TimeSpan.Zero;

    private static bool TryParseOrZero(string text, out TimeSpan time)
    {
        var (number, unit) = text switch
        {
            [.. var part, 'm', 's'] => (part, 0.001),
            [.. var part, 's'] => (part, 1),
            [.. var part, 'm'] => (part, 60),
            [.. var part, 'h'] => (part, 3600),
            _ => (text, 1),
        };
        var isNumber = double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
        var seconds = value * unit;
        var isTime = isNumber && seconds is >= 0 and <= MaxSeconds;
        time = isTime ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        return isTime;
    }
}
