// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Commands;

/// <summary>Findings in buf's forms, most a line each, for scripts and services that read these. A file as a whole is its line 1, column 1.</summary>
internal static class FindingLines
{
    /// <summary>The names of the forms.</summary>
    public static IReadOnlyList<string> Forms { get; } = ["text", "json", "msvs", "junit", "github-actions"];

    /// <summary>Writes findings.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="findings">The findings.</param>
    /// <param name="form">One of <see cref="Forms"/>.</param>
    public static void Write(Terminal terminal, IReadOnlyList<Finding> findings, string form)
    {
        if (form == "junit")
        {
            terminal.Output.Write(JUnitReport.Of(findings));
            return;
        }

        foreach (var finding in findings)
        {
            var (line, column) = (int.Max(finding.Line, 1), int.Max(finding.Column, 1));
            var (endLine, endColumn) = (int.Max(finding.EndLine, 1), int.Max(finding.EndColumn, 1));
            var file = Terminal.Escape(finding.File);
            var message = Terminal.Escape(finding.Message);
            if (form == "json")
            {
                JsonLine.Write(terminal, json =>
                {
                    json.WriteString("path", finding.File);
                    json.WriteNumber("start_line", line);
                    json.WriteNumber("start_column", column);
                    json.WriteNumber("end_line", endLine);
                    json.WriteNumber("end_column", endColumn);
                    json.WriteString("type", finding.Rule);
                    json.WriteString("message", finding.Message);
                });
                continue;
            }

            terminal.Output.WriteLine(form switch
            {
                "msvs" => string.Create(CultureInfo.InvariantCulture, $"{file}({line},{column}) : error {finding.Rule} : {message}"),
                "github-actions" => string.Create(CultureInfo.InvariantCulture, $"::error file={file},line={line},col={column},endLine={endLine},endColumn={endColumn}::{message}"),
                "text" => string.Create(CultureInfo.InvariantCulture, $"{file}:{line}:{column}:{message}"),
                _ => throw new ArgumentException($"There is no form {form}."),
            });
        }
    }
}
