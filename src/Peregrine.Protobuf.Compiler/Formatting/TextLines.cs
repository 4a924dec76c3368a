// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Formatting;

/// <summary>Formatted text as it grows, line by line. The last line stays open for comments behind it.</summary>
internal sealed class TextLines
{
    private const int Indent = 2;

    // What continues a statement is indented further than what would lie in it.
    private const int Continuation = 4;

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _line = new();
    private bool _hasLine;
    private bool _isOver;
    private bool _endsWithLineComment;
    private bool _isInStatement;
    private bool _isBlockEmpty = true;

    /// <summary>How many blocks there are around what comes next.</summary>
    public int Depth { get; private set; }

    /// <summary>How long the line is now; of one that is still to begin, its indentation.</summary>
    public int Length => !_hasLine || _isOver ? Indentation : _line.Length;

    private int Indentation => (Depth * Indent) + (_isInStatement ? Continuation : 0);

    /// <summary>Adds what belongs to a statement.</summary>
    /// <param name="text">The text.</param>
    /// <param name="space">Whether a blank goes before it, if it does not begin a line.</param>
    public void Add(string text, bool space)
    {
        if (!_hasLine || _isOver || _endsWithLineComment)
        {
            BeginLine();
        }
        else if (space)
        {
            _line.Append(' ');
        }

        _line.Append(text);
        _isInStatement = true;
    }

    /// <summary>The statement goes on in the next line.</summary>
    public void Break() => _isOver = true;

    /// <summary>The statement is at its end.</summary>
    public void End()
    {
        _isOver = true;
        _isInStatement = false;
    }

    /// <summary>What follows lies in the statement.</summary>
    public void BeginBlock()
    {
        End();
        Depth++;
        _isBlockEmpty = true;
    }

    /// <summary>What follows does not lie in it any more.</summary>
    public void EndBlock()
    {
        End();
        Depth--;
        _isBlockEmpty = false;
    }

    /// <summary>Leaves a line blank before the next, except where a block or the file begins and inside of statements.</summary>
    public void Separate()
    {
        if (!_isBlockEmpty && !_isInStatement)
        {
            WriteLine();
            _text.Append('\n');
        }
    }

    /// <summary>Adds a comment.</summary>
    /// <param name="comment">The comment with its marks, with LF between lines.</param>
    /// <param name="joins">Whether it stands behind something on the same line.</param>
    public void AddComment(string comment, bool joins)
    {
        if (joins && _hasLine && !_endsWithLineComment)
        {
            _line.Append(' ');
        }
        else
        {
            BeginLine();
        }

        string[] lines = comment.Split('\n');
        _line.Append(lines[0].TrimEnd());
        for (int i = 1; i < lines.Length; i++)
        {
            // Lines that begin with an asterisk stand below the first one's; others are as they were.
            string line = lines[i].TrimEnd();
            _line.Append('\n');
            if (line.TrimStart() is ['*', ..] starred)
            {
                _line.Append(' ', Indentation + 1).Append(starred);
            }
            else
            {
                _line.Append(line);
            }
        }

        _endsWithLineComment = comment.StartsWith("//", StringComparison.Ordinal);
    }

    /// <summary>Ends the line behind a comment that stands by itself.</summary>
    public void BreakAfterComment() => _isOver = true;

    /// <summary>The text.</summary>
    public string Finish()
    {
        WriteLine();
        return _text.ToString();
    }

    private void BeginLine()
    {
        WriteLine();
        _line.Append(' ', Indentation);
        _hasLine = true;
        _isOver = false;
        _endsWithLineComment = false;
        _isBlockEmpty = false;
    }

    private void WriteLine()
    {
        if (_hasLine)
        {
            _text.Append(_line).Append('\n');
            _line.Clear();
            _hasLine = false;
        }
    }
}
