// SPDX-License-Identifier: Apache-2.0

using System;
using System.Text;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Builds C# text: keeps the indentation and the line ends, knows nothing of what it writes.</summary>
/// <remarks>Lines end in LF on every platform, so that the output is the same bytes everywhere.</remarks>
internal sealed class CodeWriter
{
    private const int IndentWidth = 4;

    private readonly StringBuilder _text = new();
    private int _indent;

    /// <summary>Writes one line at the current indentation; an empty text writes an empty line without blanks.</summary>
    public void Line(string text = "")
    {
        if (text.Length != 0)
        {
            _text.Append(' ', _indent * IndentWidth).Append(text);
        }

        _text.Append('\n');
    }

    /// <summary>Writes each line of a text at the current indentation.</summary>
    public void Lines(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            Line(line.ToString());
        }
    }

    /// <summary>Writes a header line and an opening brace; disposing the result writes the closing one.</summary>
    public Scope Block(string header)
    {
        Line(header);
        return Braces();
    }

    /// <summary>Writes an opening brace; disposing the result writes the closing one.</summary>
    public Scope Braces()
    {
        Line("{");
        _indent++;
        return new Scope(this, "}");
    }

    /// <summary>Indents what follows, without braces, until the result is disposed.</summary>
    public Scope Indent()
    {
        _indent++;
        return new Scope(this, "");
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Close(string closing)
    {
        _indent--;
        if (closing.Length != 0)
        {
            Line(closing);
        }
    }

    /// <summary>An open indentation; disposing it ends it.</summary>
    public readonly struct Scope(CodeWriter writer, string closing) : IDisposable
    {
        /// <inheritdoc/>
        public void Dispose() => writer.Close(closing);
    }
}
