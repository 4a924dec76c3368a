// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;
using System.Text;
using System.Text.Unicode;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Formatting;

/// <summary>
/// Writes .proto text in its standard form: two blanks of indentation, a statement a line, at most one blank line between two, comments
/// where they were. What the text means does not change, and formatting twice is formatting once.
/// </summary>
/// <remarks>The order of statements, quotes, and the spelling of numbers are the author's. Safe from any thread.</remarks>
public static class ProtoFormatter
{
    /// <summary>Formats a file.</summary>
    /// <param name="text">UTF-8 text; a byte order mark is dropped.</param>
    /// <param name="path">What errors call the file.</param>
    /// <returns>The formatted text, or errors: a file with syntax errors, or one that is not UTF-8, is left alone.</returns>
    public static FormatResult Format(byte[] text, string path = "input.proto")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(path);
        SourceFile source = new(path, text);
        DiagnosticBag diagnostics = new(source, path);
        if (!Utf8.IsValid(text))
        {
            FormatMessages.NotUtf8(diagnostics);
            return new FormatResult(null, diagnostics.Diagnostics);
        }

        SyntaxTree tree = SyntaxTree.Parse(source, diagnostics);
        string? formatted = null;
        if (!tree.HasErrors)
        {
            int bad = ValueScanner.FindBad(tree.Tokens);
            if (bad >= 0)
            {
                FormatMessages.BadValue(diagnostics, tree.Span(bad));
            }
            else
            {
                formatted = new StatementFormatter(tree.Tokens).FormatFile();
            }
        }

        tree.Tokens.Release();
        return new FormatResult(formatted, [.. diagnostics.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]);
    }

    /// <summary>Formats a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">What errors call it.</param>
    /// <returns>The formatted text, or errors.</returns>
    public static FormatResult Format(string text, string path = "input.proto") => Format(Encoding.UTF8.GetBytes(text), path);
}
