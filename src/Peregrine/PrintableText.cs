// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace Peregrine;

/// <summary>
/// Makes text that a peer wrote fit for a log or a terminal: on one line, so that it cannot forge the next entry, and without characters
/// that a terminal takes for commands or that turn the direction of text.
/// </summary>
internal static class PrintableText
{
    /// <summary>The text with escapes (<c>\n</c>, <c>\u001B</c>) in place of such characters; the same object if there are none.</summary>
    public static string Escape(string text)
    {
        foreach (var c in text)
        {
            if (MustEscape(c))
            {
                return EscapeAll(text);
            }
        }

        return text;
    }

    private static string EscapeAll(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                _ when MustEscape(c) => escaped.Append(@"\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static bool MustEscape(char c) => (char.IsControl(c) && c != '\t')
        || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
