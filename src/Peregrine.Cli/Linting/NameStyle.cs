// SPDX-License-Identifier: Apache-2.0

using System;
using System.Linq;
using System.Text;

namespace Peregrine.Cli.Linting;

/// <summary>How the style guide of Protocol Buffers writes names.</summary>
internal static class NameStyle
{
    private static readonly char[] Delimiters = ['_', '-', ' ', '.'];

    /// <summary><c>HttpStatus</c>: words without anything between them; letters that are large stay so.</summary>
    public static string Pascal(string name) =>
        string.Concat(name.Split(Delimiters, StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary><c>http_status</c>.</summary>
    public static string LowerSnake(string name) => Snake(name).ToLowerInvariant();

    /// <summary><c>HTTP_STATUS</c>.</summary>
    public static string UpperSnake(string name) => Snake(name).ToUpperInvariant();

    /// <summary><c>acme.http_status.v1</c>.</summary>
    public static string LowerSnakeParts(string name) => string.Join('.', name.Split('.').Select(LowerSnake));

    // A word begins at a large letter behind a small one or before one: HTTPServer is http_server.
    private static string Snake(string name)
    {
        name = name.Trim(Delimiters);
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = Delimiters.Contains(name[i]) ? '_' : name[i];
            var isInWord = snake.Length > 0 && snake[^1] != '_';
            if (isInWord && char.IsAsciiLetterUpper(c)
                && (char.IsAsciiLetterLower(name[i - 1]) || (i + 1 < name.Length && char.IsAsciiLetterLower(name[i + 1]))))
            {
                snake.Append('_');
            }

            if (c != '_' || isInWord)
            {
                snake.Append(c);
            }
        }

        return snake.ToString();
    }
}
