// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Peregrine.Cli.Calls;

/// <summary>Colours JSON text for a terminal.</summary>
internal static class JsonColors
{
    private const string Name = "\u001b[36m";
    private const string Text = "\u001b[32m";
    private const string Word = "\u001b[33m";
    private const string Reset = "\u001b[0m";

    /// <summary>The text with names, strings, and other values in colours of their own.</summary>
    /// <param name="json">JSON that a formatter wrote, without commands to a terminal.</param>
    public static string Paint(string json)
    {
        var painted = new StringBuilder(json.Length * 2);
        for (var at = 0; at < json.Length;)
        {
            var end = at;
            string? color = null;
            if (json[at] == '"')
            {
                end = EndOfString(json, at);
                color = end < json.Length && json[end] == ':' ? Name : Text;
            }
            else if (char.IsAsciiLetterOrDigit(json[at]) || json[at] == '-')
            {
                while (end < json.Length && (char.IsAsciiLetterOrDigit(json[end]) || json[end] is '-' or '+' or '.'))
                {
                    end++;
                }

                color = Word;
            }
            else
            {
                end++;
            }

            _ = color is null ? painted.Append(json, at, end - at) : painted.Append(color).Append(json, at, end - at).Append(Reset);
            at = end;
        }

        return painted.ToString();
    }

    private static int EndOfString(string json, int start)
    {
        var end = start + 1;
        while (end < json.Length && json[end] != '"')
        {
            end += json[end] == '\\' ? 2 : 1;
        }

        return int.Min(end + 1, json.Length);
    }
}
