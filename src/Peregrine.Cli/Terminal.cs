// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Cli;

/// <summary>
/// Where a command reads and writes, and how: for people at a terminal, or for files and scripts. Text of others goes through
/// <see cref="Escape"/> or <see cref="EscapeJson"/> before it is shown. Writes are safe from several threads.
/// </summary>
internal sealed class Terminal
{
    private const string ResetColor = "\u001b[0m";

    private readonly TextWriter _output;
    private readonly TextWriter _errors;

    /// <summary>Makes one for given streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="errors">Standard error.</param>
    /// <param name="streams">Standard input and output as bytes.</param>
    /// <param name="isInteractive">Whether standard output is a terminal.</param>
    /// <param name="usesColor">Whether standard output shows colours.</param>
    /// <param name="errorsUseColor">Whether standard error shows colours.</param>
    public Terminal(TextWriter output, TextWriter errors, ByteStreams streams, bool isInteractive, bool usesColor, bool errorsUseColor)
    {
        _output = TextWriter.Synchronized(output);
        _errors = TextWriter.Synchronized(errors);
        Streams = streams;
        IsInteractive = isInteractive;
        UsesColor = usesColor;
        ErrorsUseColor = errorsUseColor;
    }

    /// <summary>Standard output.</summary>
    public TextWriter Output => _output;

    /// <summary>Standard error.</summary>
    public TextWriter Errors => _errors;

    /// <summary>Standard input and output as bytes.</summary>
    public ByteStreams Streams { get; }

    /// <summary>Whether a person reads standard output: tables and colour are of use.</summary>
    public bool IsInteractive { get; }

    /// <summary>How many columns a person sees; null when none reads.</summary>
    public int? Width => IsInteractive ? Console.WindowWidth : null;

    /// <summary>Whether standard output shows colours.</summary>
    public bool UsesColor { get; }

    /// <summary>Whether standard error shows colours.</summary>
    public bool ErrorsUseColor { get; }

    /// <summary>The one of the process, if the writers are its own: no colour when redirected, or when NO_COLOR says so.</summary>
    public static Terminal Of(TextWriter output, TextWriter errors, ByteStreams streams)
    {
        var interactive = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var colorless = Environment.GetEnvironmentVariable("NO_COLOR") is not (null or "") || Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(
            output, errors, streams, interactive,
            usesColor: interactive && !colorless,
            errorsUseColor: ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected && !colorless);
    }

    /// <summary>Text on one line that no terminal takes for a command.</summary>
    public static string Escape(string text) => WithoutMarks(DisplayText.OneLine(text));

    /// <summary>Text of several lines that no terminal takes for a command.</summary>
    public static string EscapeLines(string text) => WithoutMarks(DisplayText.Lines(text));

    /// <summary>JSON text whose characters that are commands to a terminal are escapes: the same value, harmless.</summary>
    public static string EscapeJson(string json)
    {
        if (!NeedsEscape(json))
        {
            return json;
        }

        var text = new StringBuilder(json.Length + 16);
        foreach (var c in json)
        {
            _ = IsCommand(c) || IsMark(c) ? text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)) : text.Append(c);
        }

        return text.ToString();
    }

    /// <summary>Tells of an error.</summary>
    public void Error(string message) => _errors.WriteLine($"{Paint("peregrine:", "31;1", ErrorsUseColor)} {EscapeLines(message)}");

    /// <summary>Tells of something that may be wrong.</summary>
    public void Warn(string message) => _errors.WriteLine($"{Paint("peregrine: warning:", "33", ErrorsUseColor)} {EscapeLines(message)}");

    /// <summary>Tells more than was asked for (<c>--verbose</c>), on standard error.</summary>
    /// <param name="mark">What kind of line it is: <c>*</c> what the tool does, <c>&gt;</c> sent, <c>&lt;</c> received.</param>
    /// <param name="text">The line.</param>
    public void Note(string mark, string text) => _errors.WriteLine(Paint($"{mark} {Escape(text)}", "2", ErrorsUseColor));

    /// <summary>Text in a colour, if standard output has any.</summary>
    /// <param name="text">Text that is escaped already.</param>
    /// <param name="sgr">The parameters of the escape sequence SGR, such as 36 for cyan.</param>
    public string Paint(string text, string sgr) => Paint(text, sgr, UsesColor);

    /// <summary>Text in a colour, if standard error has any.</summary>
    /// <param name="text">Text that is escaped already.</param>
    /// <param name="sgr">The parameters of the escape sequence SGR.</param>
    public string PaintError(string text, string sgr) => Paint(text, sgr, ErrorsUseColor);

    private static string Paint(string text, string sgr, bool colors) => colors ? $"\u001b[{sgr}m{text}{ResetColor}" : text;

    // Marks that turn the direction of text make a line read as what it is not.
    private static bool IsMark(char c) => c is '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static bool IsCommand(char c) => char.IsControl(c) && c is not ('\n' or '\t');

    private static bool NeedsEscape(string text)
    {
        foreach (var c in text)
        {
            if (IsCommand(c) || IsMark(c))
            {
                return true;
            }
        }

        return false;
    }

    private static string WithoutMarks(string text)
    {
        return NeedsEscape(text) ? string.Create(text.Length, text, static (span, all) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = IsMark(all[i]) ? '\uFFFD' : all[i];
            }
        }) : text;
    }
}
