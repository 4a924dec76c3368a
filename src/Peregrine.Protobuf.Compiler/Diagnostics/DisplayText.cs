// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>
/// Makes text of others fit to be shown: names, messages and lines may hold anything, and a control character would reach the terminal, a
/// line end would forge the line of another error.
/// </summary>
public static class DisplayText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text on one line: blanks in place of line ends, U+FFFD in place of control characters other than tabs.</summary>
    /// <param name="text">The text.</param>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WithoutControls(text.ReplaceLineEndings(" "), keepLines: false);
    }

    /// <summary>The text with its lines: U+FFFD in place of control characters other than tabs and line feeds.</summary>
    /// <param name="text">The text.</param>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WithoutControls(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: true);
    }

    private static string WithoutControls(string text, bool keepLines)
    {
        foreach (char c in text)
        {
            if (IsReplaced(c, keepLines))
            {
                return string.Create(text.Length, (text, keepLines), static (span, state) =>
                {
                    for (int i = 0; i < span.Length; i++)
                    {
                        char c = state.text[i];
                        span[i] = IsReplaced(c, state.keepLines) ? Replacement : c;
                    }
                });
            }
        }

        return text;
    }

    private static bool IsReplaced(char c, bool keepLines) => char.IsControl(c) && c != '\t' && !(keepLines && c == '\n');
}
