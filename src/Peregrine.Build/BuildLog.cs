// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Build;

/// <summary>Prints errors and warnings in the form that MSBuild recognizes, each once, and counts the errors.</summary>
/// <param name="writer">Where to print.</param>
/// <param name="policy">What becomes of warnings.</param>
internal sealed class BuildLog(TextWriter writer, WarningPolicy policy)
{
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);

    /// <summary>Whether there was an error, or a warning that counts as one.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Prints an error about a file of the project.</summary>
    public void Error(string path, string id, string message)
    {
        HasErrors = true;
        Print($"{path} : error {id}: {message}");
    }

    /// <summary>Prints a warning about a file of the project.</summary>
    public void Warning(BuildItem item, string id, string message)
    {
        if (policy.IsError(id, item.FatalWarnings) && !policy.IsIgnored(id))
        {
            Error(item.Path, id, message);
        }
        else if (!policy.IsIgnored(id))
        {
            Print($"{item.Path} : warning {id}: {message}");
        }
    }

    /// <summary>Prints what the compiler says.</summary>
    /// <param name="diagnostic">The error or warning.</param>
    /// <param name="item">The item that it is about, or null for a file that is only imported: of that, warnings are no concern of this project.</param>
    public void Add(Diagnostic diagnostic, BuildItem? item)
    {
        using var text = new StringWriter();
        DiagnosticRenderer.Render(text, diagnostic, DiagnosticFormat.Msvs);
        var line = text.ToString().TrimEnd();
        if (diagnostic.Severity == DiagnosticSeverity.Error)
        {
            HasErrors = true;
        }
        else if (item is null || policy.IsIgnored(diagnostic.Id))
        {
            return;
        }
        else if (policy.IsError(diagnostic.Id, item.FatalWarnings))
        {
            HasErrors = true;
            line = line.Replace($": warning {diagnostic.Id}: ", $": error {diagnostic.Id}: ", StringComparison.Ordinal);
        }

        Print(line);
    }

    /// <summary>Prints a line that is neither.</summary>
    public void Say(string message) => Print(message);

    // The error of an import is found once for every group of items; it is told once. MSBuild reads line by line: what a plugin or a file
    // name says must not begin another one.
    private void Print(string text)
    {
        var line = DisplayText.OneLine(text);
        if (_reported.Add(line))
        {
            writer.WriteLine(line);
        }
    }
}
