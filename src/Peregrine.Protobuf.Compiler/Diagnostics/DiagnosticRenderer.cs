// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>Prints diagnostics.</summary>
public static class DiagnosticRenderer
{
    private const int MaxShownLine = 400;

    private const string Red = "\u001b[1;31m";
    private const string Yellow = "\u001b[1;33m";
    private const string Cyan = "\u001b[36m";
    private const string Reset = "\u001b[0m";

    /// <summary>Prints one diagnostic.</summary>
    /// <param name="writer">Where to print.</param>
    /// <param name="diagnostic">What to print.</param>
    /// <param name="format">How to print it.</param>
    /// <param name="useColor">Whether to use ANSI colours, in <see cref="DiagnosticFormat.Text"/> only.</param>
    public static void Render(TextWriter writer, Diagnostic diagnostic, DiagnosticFormat format = DiagnosticFormat.Text, bool useColor = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(diagnostic);
        switch (format)
        {
            case DiagnosticFormat.Gcc:
                writer.WriteLine(Header(diagnostic));
                break;
            case DiagnosticFormat.Msvs:
                WriteMsvs(writer, diagnostic);
                break;
            case DiagnosticFormat.Json:
                WriteJson(writer, diagnostic);
                break;
            default:
                WriteText(writer, diagnostic, useColor);
                break;
        }
    }

    private static string Place(Diagnostic diagnostic) => diagnostic.Line == 0
        ? DisplayText.OneLine(diagnostic.Path) + ": "
        : string.Create(CultureInfo.InvariantCulture, $"{DisplayText.OneLine(diagnostic.Path)}:{diagnostic.Line}:{diagnostic.Column}: ");

    private static string Header(Diagnostic diagnostic) =>
        Place(diagnostic) + (diagnostic.Severity == DiagnosticSeverity.Warning ? "warning: " : "") + DisplayText.OneLine(diagnostic.Message);

    private static void WriteText(TextWriter writer, Diagnostic diagnostic, bool useColor)
    {
        if (useColor)
        {
            bool warning = diagnostic.Severity == DiagnosticSeverity.Warning;
            writer.WriteLine($"{Place(diagnostic)}{(warning ? Yellow + "warning: " : Red)}{DisplayText.OneLine(diagnostic.Message)}{Reset}");
        }
        else
        {
            writer.WriteLine(Header(diagnostic));
        }

        if (diagnostic.Source is { } source && diagnostic.Span is { } span)
        {
            WriteSnippet(writer, source, span, useColor);
        }

        if (diagnostic.Hint is { } hint)
        {
            writer.WriteLine("  hint: " + DisplayText.OneLine(hint));
        }
    }

    private static void WriteSnippet(TextWriter writer, SourceFile source, SourceSpan span, bool useColor)
    {
        SourceSpan line = source.GetLineSpan(span.Start);
        if (line.Length > MaxShownLine || line.Length == 0)
        {
            return;
        }

        int before = Math.Min(span.Start - line.Start, line.Length);
        int marked = Math.Max(1, Math.Min(span.Length, line.Length - before));
        writer.WriteLine("  " + DisplayText.OneLine(source.GetText(line)));
        string lead = DisplayText.OneLine(source.GetText(new SourceSpan(line.Start, before)));
        string mark = DisplayText.OneLine(source.GetText(new SourceSpan(line.Start + before, Math.Min(marked, line.Length - before))));
        StringBuilder carets = new("  ");
        foreach (char c in lead)
        {
            carets.Append(c == '\t' ? '\t' : ' ');
        }

        carets.Append(useColor ? Cyan : "").Append('^').Append('~', Math.Max(0, mark.Length - 1)).Append(useColor ? Reset : "");
        writer.WriteLine(carets.ToString());
    }

    private static void WriteMsvs(TextWriter writer, Diagnostic diagnostic)
    {
        string path = DisplayText.OneLine(diagnostic.DiskPath ?? diagnostic.Path);
        string place = diagnostic.Line == 0
            ? path
            : string.Create(CultureInfo.InvariantCulture, $"{path}({diagnostic.Line},{diagnostic.Column})");
        string severity = diagnostic.Severity == DiagnosticSeverity.Warning ? "warning" : "error";
        string hint = diagnostic.Hint is null ? "" : " " + diagnostic.Hint;
        writer.WriteLine($"{place}: {severity} {diagnostic.Id}: {DisplayText.OneLine(diagnostic.Message + hint)}");
    }

    private static void WriteJson(TextWriter writer, Diagnostic diagnostic)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("severity", diagnostic.Severity == DiagnosticSeverity.Warning ? "warning" : "error");
            json.WriteString("id", diagnostic.Id);
            json.WriteString("path", diagnostic.Path);
            json.WriteString("file", diagnostic.DiskPath ?? diagnostic.Path);
            json.WriteNumber("line", diagnostic.Line);
            json.WriteNumber("column", diagnostic.Column);
            json.WriteString("message", diagnostic.Message);
            if (diagnostic.Hint is { } hint)
            {
                json.WriteString("hint", hint);
            }

            json.WriteEndObject();
        }

        writer.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
