// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Spectre.Console;

namespace Peregrine.Cli.Commands;

/// <summary>Tables for people at a terminal.</summary>
internal static class Table
{
    /// <summary>Writes one.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="columns">The titles.</param>
    /// <param name="rows">The cells; they are escaped here.</param>
    public static void Write(Terminal terminal, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.UsesColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.UsesColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(terminal.Output),
        });
        var table = new Spectre.Console.Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var column in columns)
        {
            // The first is a name, which people copy.
            _ = table.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(column)}[/]")) { NoWrap = table.Columns.Count == 0 });
        }

        foreach (var row in rows)
        {
            _ = table.AddRow(row.Select((cell, index) => new Text(Terminal.Escape(cell), index == 0 ? new Style(Color.Teal) : Style.Plain)));
        }

        console.Write(table);
    }
}
