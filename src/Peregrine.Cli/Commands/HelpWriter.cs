// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;

namespace Peregrine.Cli.Commands;

/// <summary>Writes the help of commands: usage, options by topic, examples.</summary>
internal static class HelpWriter
{
    private const int PlainWidth = 120;
    private const int MinWidth = 60;
    private const int MaxTermWidth = 30;
    private const string Title = "1";
    private const string Term = "36";

    /// <summary>Writes it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="terminal">Where to; its width is respected.</param>
    public static void Write(Command command, Terminal terminal)
    {
        var output = terminal.Output;
        var width = int.Clamp(terminal.Width ?? PlainWidth, MinWidth, PlainWidth);
        foreach (var line in Wrap(command.Description ?? "", width))
        {
            output.WriteLine(line);
        }

        output.WriteLine();
        output.WriteLine(terminal.Paint("Usage:", Title));
        output.WriteLine("  " + Usage(command));
        if (command is RootCommand)
        {
            Section(terminal, width, "Commands", command.Subcommands.Where(each => !each.Hidden).Select(each => (each.Name, each.Description ?? "")));
            Section(terminal, width, "Options", [("--version", "Print the version."), ("-h, --help", "Print this text; behind a command, the text of that command.")]);
            return;
        }

        Section(terminal, width, "Commands", command.Subcommands.Where(each => !each.Hidden).Select(each => (each.Name, each.Description ?? "")));
        Section(terminal, width, "Arguments", command.Arguments.Select(argument => (argument.Name, argument.Description ?? "")));
        foreach (var group in (command as ToolCommand)?.Groups ?? [])
        {
            Section(terminal, width, group.Title, group.Options.Where(option => !option.Hidden).Select(option => (TermOf(option), option.Description ?? "")));
        }

        if (command is ToolCommand { Examples: { Count: > 0 } examples })
        {
            output.WriteLine();
            output.WriteLine(terminal.Paint("Examples:", Title));
            foreach (var example in examples)
            {
                output.WriteLine("  " + example);
            }
        }
    }

    private static string Usage(Command command) => command is RootCommand
        ? "peregrine COMMAND [ARGUMENTS]"
        : command.Subcommands.Count > 0 ? $"{PathOf(command)} COMMAND [ARGUMENTS]"
        : $"{PathOf(command)}{string.Concat(command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0 ? $" [{argument.Name}]" : $" {argument.Name}"))} [OPTIONS]";

    // Commands of commands are called by both names.
    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{PathOf(parent)} {command.Name}" : $"peregrine {command.Name}";

    private static string TermOf(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.HelpName is { } value && option.ValueType != typeof(bool) ? $"{names} {value}" : names;
    }

    private static void Section(Terminal terminal, int width, string title, IEnumerable<(string Term, string Text)> entries)
    {
        List<(string Term, string Text)> all = [.. entries];
        if (all.Count == 0)
        {
            return;
        }

        var output = terminal.Output;
        output.WriteLine();
        output.WriteLine(terminal.Paint(title + ":", Title));
        var column = all.Select(entry => entry.Term.Length).Where(length => length <= MaxTermWidth).DefaultIfEmpty(MaxTermWidth).Max() + 2;
        foreach (var (term, text) in all)
        {
            var lines = Wrap(text, width - column - 2);
            var fits = term.Length + 2 <= column;
            output.Write("  " + terminal.Paint(term, Term));
            if (!fits)
            {
                output.WriteLine();
            }

            WriteIndented(output, lines, column + 2, fits ? column - term.Length : column + 2);
        }
    }

    private static void WriteIndented(TextWriter output, List<string> lines, int indent, int firstIndent)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            output.WriteLine(new string(' ', i == 0 ? firstIndent : indent) + lines[i]);
        }
    }

    private static List<string> Wrap(string text, int width)
    {
        List<string> lines = [""];
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > width)
            {
                lines.Add(word);
            }
            else
            {
                lines[^1] += lines[^1].Length == 0 ? word : " " + word;
            }
        }

        return lines;
    }
}
