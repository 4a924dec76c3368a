// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Text;

namespace Peregrine.Cli.Commands;

/// <summary>Colours .proto text for a terminal.</summary>
internal static class ProtoColors
{
    private const string Keyword = "\u001b[36m";
    private const string Comment = "\u001b[2m";
    private const string Literal = "\u001b[32m";
    private const string Reset = "\u001b[0m";

    private static readonly HashSet<string> Keywords =
    [
        "syntax", "edition", "package", "import", "public", "weak", "option", "message", "enum", "service", "rpc", "returns", "stream", "extend",
        "extensions", "reserved", "oneof", "map", "repeated", "optional", "required", "group", "to", "max", "export", "local",
    ];

    /// <summary>The text with keywords, literals and comments in colours of their own.</summary>
    /// <param name="text">Text without commands to a terminal.</param>
    public static string Paint(string text)
    {
        var painted = new StringBuilder(text.Length * 2);
        for (var at = 0; at < text.Length;)
        {
            var (length, color) = Next(text, at);
            _ = color is null ? painted.Append(text, at, length) : painted.Append(color).Append(text, at, length).Append(Reset);
            at += length;
        }

        return painted.ToString();
    }

    private static (int Length, string? Color) Next(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            var line = rest.IndexOf('\n');
            return (line < 0 ? rest.Length : line, Comment);
        }

        if (rest[0] == '"')
        {
            var end = 1;
            while (end < rest.Length && rest[end] is not ('"' or '\n'))
            {
                end += rest[end] == '\\' ? 2 : 1;
            }

            return (int.Min(end + 1, rest.Length), Literal);
        }

        var word = 0;
        while (word < rest.Length && (char.IsAsciiLetterOrDigit(rest[word]) || rest[word] is '_' or '.'))
        {
            word++;
        }

        return word == 0 ? (1, null) : (word, Keywords.Contains(rest[..word].ToString()) ? Keyword : null);
    }
}
