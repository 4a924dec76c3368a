// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>An error or a warning about a .proto file, or about another text that a tool reads.</summary>
public sealed class Diagnostic
{
    /// <summary>Makes an error or a warning about a text that the compiler itself does not read.</summary>
    /// <param name="severity">Whether it is an error or a warning.</param>
    /// <param name="id">A name that does not change between versions.</param>
    /// <param name="path">What the text is called.</param>
    /// <param name="line">The line from 1, or 0 if the whole text is meant.</param>
    /// <param name="column">The column from 1, or 0 if the whole text is meant.</param>
    /// <param name="message">What is wrong, in one or two sentences.</param>
    public Diagnostic(DiagnosticSeverity severity, string id, string path, int line, int column, string message)
        : this(severity, id, path, source: null, span: null, message, hint: null)
    {
        Line = line;
        Column = column;
    }

    internal Diagnostic(DiagnosticSeverity severity, string id, string path, SourceFile? source, SourceSpan? span,
        string message, string? hint)
    {
        Severity = severity;
        Id = id;
        Path = path;
        Source = source;
        Span = source is null ? null : span;
        Message = message;
        Hint = hint;
        if (Span is { } place)
        {
            (Line, Column) = source!.GetPosition(place.Start);
        }
    }

    /// <summary>Whether this is an error or a warning.</summary>
    public DiagnosticSeverity Severity { get; }

    /// <summary>A name that does not change between versions, such as <c>PRG1001</c>.</summary>
    public string Id { get; }

    /// <summary>What is wrong, in one or two sentences.</summary>
    public string Message { get; }

    /// <summary>What to do about it, or null.</summary>
    public string? Hint { get; }

    /// <summary>The import path of the file.</summary>
    public string Path { get; }

    /// <summary>The path of the file on disk, or null if it is not there.</summary>
    public string? DiskPath => Source?.DiskPath;

    /// <summary>The file, or null if it could not be read.</summary>
    public SourceFile? Source { get; }

    /// <summary>The place in the file, or null if the whole file is meant.</summary>
    public SourceSpan? Span { get; }

    /// <summary>The line from 1, or 0 if the whole file is meant.</summary>
    public int Line { get; }

    /// <summary>The column from 1 in bytes, tabs to the next multiple of eight; 0 if the whole file is meant.</summary>
    public int Column { get; }

    /// <summary><c>file:line:column: message</c>.</summary>
    public override string ToString() => Line == 0
        ? FormattableString.Invariant($"{Path}: {Message}")
        : FormattableString.Invariant($"{Path}:{Line}:{Column}: {Message}");
}
