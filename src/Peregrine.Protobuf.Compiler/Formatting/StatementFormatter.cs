// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Formatting;

/// <summary>Walks the tokens of a file without syntax errors: statements, their blocks, their options, and message values in these.</summary>
internal sealed class StatementFormatter(TokenList tokens)
{
    private const int MaxWidth = 100;

    private readonly TextLines _lines = new();
    private int _at;
    private int _rpcName = -1;

    // The token before which comments have been added.
    private int _gapDone = -1;

    /// <summary>The formatted file.</summary>
    public string FormatFile()
    {
        FormatStatements();
        AddGap(isStatementStart: true);
        return _lines.Finish();
    }

    private bool IsAtEnd => tokens[_at].Kind == TokenKind.EndOfFile;

    private bool Is(int index, char symbol) => tokens[index].Kind == TokenKind.Symbol && tokens.Bytes(index)[0] == symbol;

    private bool IsWord(int index, ReadOnlySpan<byte> word) => tokens.Bytes(index).SequenceEqual(word);

    // To the end of the block or file.
    private void FormatStatements()
    {
        while (!IsAtEnd && !Is(_at, '}'))
        {
            if (Is(_at, ';'))
            {
                // An empty statement: the comments before it stay.
                AddGap(isStatementStart: false);
                _at++;
                continue;
            }

            AddGap(isStatementStart: true);
            FormatStatement();
        }
    }

    private void FormatStatement()
    {
        int first = _at;
        _rpcName = IsWord(first, "rpc"u8) ? first + 1 : -1;
        while (true)
        {
            if (Is(_at, ';'))
            {
                Add();
                _lines.End();
                return;
            }

            if (Is(_at, '{'))
            {
                if (!Is(_at - 1, '='))
                {
                    FormatBlock();
                    return;
                }

                FormatMessageValue();
            }
            else if (Is(_at, '[') && _at > first)
            {
                FormatOptions();
            }
            else
            {
                BreakBetweenStrings();
                Add();
            }
        }
    }

    private void FormatBlock()
    {
        Add();
        int close = _at;
        while (Is(close, ';') && !HasComment(close))
        {
            close++;
        }

        if (Is(close, '}') && !HasComment(close))
        {
            _at = close;
            AddToken(space: false);
            _lines.End();
            return;
        }

        _lines.BeginBlock();
        FormatStatements();

        // Comments at the end of a block lie in it.
        AddGap(isStatementStart: true);
        _lines.EndBlock();
        AddToken(space: false);
        _lines.End();
    }

    // [ a = 1, b = 2 ] in a line where it fits, otherwise an option a line.
    private void FormatOptions()
    {
        int close = FindClose(_at);
        List<int> commas = [.. Commas(_at, close)];
        bool hasValue = Enumerable.Range(_at, close - _at).Any(index => Is(index, '{'));
        bool hasComment = HasComment(_at + 1, close);
        if (commas.Count == 0 || (!hasValue && !hasComment && _lines.Length + FlatLength(_at, close) + 2 <= MaxWidth))
        {
            Add();
            FormatEntries(close);
            Add();
            return;
        }

        Add();
        _lines.BeginBlock();
        foreach (int comma in commas)
        {
            AddGap(isStatementStart: true);
            FormatEntries(comma);
            Add();
            _lines.End();
        }

        AddGap(isStatementStart: true);
        FormatEntries(close);
        _lines.End();
        AddGap(isStatementStart: true);
        _lines.EndBlock();
        AddToken(space: false);
    }

    private void FormatEntries(int end)
    {
        while (_at < end)
        {
            if (Is(_at, '{') && Is(_at - 1, '='))
            {
                FormatMessageValue();
            }
            else
            {
                BreakBetweenStrings();
                Add();
            }
        }
    }

    // { a: 1, b { c: 2 } } as it was in one line, if it fits, otherwise a field a line.
    private void FormatMessageValue()
    {
        int close = FindClose(_at);
        if (IsOnOneLine(close))
        {
            AddFlat(close);
            return;
        }

        Add();
        _lines.BeginBlock();
        while (_at < close)
        {
            AddGap(isStatementStart: true);
            FormatField(close);
            _lines.End();
        }

        AddGap(isStatementStart: true);
        _lines.EndBlock();
        AddToken(space: false);
    }

    private void FormatField(int close)
    {
        // The name, or the name of an extension or a type in brackets.
        if (Is(_at, '['))
        {
            AddFlat(FindClose(_at));
        }
        else
        {
            Add();
        }

        if (Is(_at, ':'))
        {
            Add();
        }

        FormatValue();
        if (_at < close && (Is(_at, ',') || Is(_at, ';')))
        {
            // Fields on lines of their own need no separator; the comments before it stay, and stand behind the field.
            _lines.End();
            AddGap(isStatementStart: false);
            _at++;
        }
    }

    private void FormatValue()
    {
        if (Is(_at, '{') || Is(_at, '<'))
        {
            FormatMessageValue();
        }
        else if (Is(_at, '['))
        {
            FormatList();
        }
        else
        {
            if (Is(_at, '-'))
            {
                Add();
            }

            bool isString;
            do
            {
                isString = tokens[_at].Kind == TokenKind.String;
                BreakBetweenStrings();
                Add();
            }
            while (isString && tokens[_at].Kind == TokenKind.String);
        }
    }

    private void FormatList()
    {
        int close = FindClose(_at);
        if (IsOnOneLine(close))
        {
            AddFlat(close);
            return;
        }

        Add();
        _lines.BeginBlock();
        while (_at < close)
        {
            AddGap(isStatementStart: true);
            FormatValue();
            if (Is(_at, ','))
            {
                Add();
            }

            _lines.End();
        }

        AddGap(isStatementStart: true);
        _lines.EndBlock();
        AddToken(space: false);
    }

    private bool IsOnOneLine(int close) =>
        tokens[_at].Line == tokens[close].Line && !HasComment(_at + 1, close) && _lines.Length + FlatLength(_at, close) + 2 <= MaxWidth;

    private void AddFlat(int close)
    {
        while (_at <= close)
        {
            AddGap(isStatementStart: false);
            AddToken(NeedsSpace(_at, inValue: true));
        }
    }

    // A token of a statement, with the comments before it.
    private void Add()
    {
        AddGap(isStatementStart: false);
        AddToken(NeedsSpace(_at, inValue: false));
    }

    private void AddToken(bool space)
    {
        _lines.Add(tokens.Source.GetText(tokens[_at].Span), space);
        _at++;
    }

    // Long texts are written in several literals, each where its author began a line.
    private void BreakBetweenStrings()
    {
        if (tokens[_at].Kind == TokenKind.String && tokens[_at - 1].Kind == TokenKind.String && tokens[_at].Line > tokens[_at - 1].Line)
        {
            _lines.Break();
        }
    }

    private bool NeedsSpace(int index, bool inValue)
    {
        if (index == 0)
        {
            // There may be a comment before it.
            return true;
        }

        char previous = SymbolOf(index - 1);
        char current = SymbolOf(index);
        if (inValue)
        {
            if (previous is '{' or '<' || current is '}' or '>' or '<' or '{')
            {
                return previous != '[' && !(previous is '{' or '<' && current is '}' or '>');
            }
        }
        else if (current is '>' or '<' || previous is '<')
        {
            // Of map<string, int32>.
            return false;
        }

        if (current is ';' or ',' or ')' or ']' or ':' or '/' || previous is '(' or '[' or '.' or '-' or '/')
        {
            return false;
        }

        return current switch
        {
            // The name of a type may begin with a dot.
            '.' => previous is ',' || BeginsType(index),
            '(' => index - 1 != _rpcName,
            '}' => previous is not '{',
            _ => true,
        };
    }

    // Behind a keyword that a type follows; elsewhere it joins parts of a name, whatever blanks stand around it.
    private bool BeginsType(int index) =>
        tokens[index].Start > tokens[index - 1].End && tokens.Text(index - 1) is ("optional" or "required" or "repeated" or "stream" or "extend");

    private char SymbolOf(int index) => tokens[index].Kind == TokenKind.Symbol ? (char)tokens.Bytes(index)[0] : '\0';

    private int FlatLength(int first, int last)
    {
        int length = 0;
        for (int i = first; i <= last; i++)
        {
            length += tokens[i].End - tokens[i].Start + (i > first && NeedsSpace(i, inValue: true) ? 1 : 0);
        }

        return length;
    }

    private int FindClose(int open)
    {
        int depth = 0;
        for (int i = open; ; i++)
        {
            // Inside of values, < and > are braces, too; in options there are no types that have them.
            depth += SymbolOf(i) switch
            {
                '{' or '[' or '(' or '<' => 1,
                '}' or ']' or ')' or '>' => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return i;
            }
        }
    }

    private IEnumerable<int> Commas(int open, int close)
    {
        int depth = 0;
        for (int i = open; i < close; i++)
        {
            depth += SymbolOf(i) switch
            {
                '{' or '[' or '(' or '<' => 1,
                '}' or ']' or ')' or '>' => -1,
                _ => 0,
            };
            if (depth == 1 && Is(i, ','))
            {
                yield return i;
            }
        }
    }

    private bool HasComment(int token) => Gap(token).Contains((byte)'/');

    private bool HasComment(int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            if (HasComment(i))
            {
                return true;
            }
        }

        return false;
    }

    // What lies before a token: blanks and comments.
    private ReadOnlySpan<byte> Gap(int token)
    {
        ReadOnlySpan<byte> gap = tokens.Source.Bytes[(token == 0 ? 0 : tokens[token - 1].End)..tokens[token].Start];
        return token == 0 && gap.StartsWith("\uFEFF"u8) ? gap[3..] : gap;
    }

    // The comments and the blank line before a token.
    private void AddGap(bool isStatementStart)
    {
        if (_gapDone == _at)
        {
            return;
        }

        _gapDone = _at;
        ReadOnlySpan<byte> gap = Gap(_at);
        int lineEnds = 0;
        bool isBehindComment = false;
        bool isFirstOfFile = _at == 0;
        for (int i = 0; i < gap.Length; i++)
        {
            if (gap[i] == '\n')
            {
                lineEnds++;
            }

            if (gap[i] != '/')
            {
                continue;
            }

            bool isBlock = gap[i + 1] == '*';
            int length = isBlock ? gap[(i + 2)..].IndexOf("*/"u8) + 4 : gap[i..].IndexOf((byte)'\n');
            length = length < 0 ? gap.Length - i : length;
            bool joins = lineEnds == 0 && !(isFirstOfFile && !isBehindComment);
            if (!joins && lineEnds > 1)
            {
                _lines.Separate();
            }

            _lines.AddComment(Encoding.UTF8.GetString(gap.Slice(i, length)).Replace("\r", "", StringComparison.Ordinal), joins);
            i += length - 1;
            isBehindComment = true;
            lineEnds = 0;
        }

        if (isBehindComment && lineEnds > 0)
        {
            _lines.BreakAfterComment();
        }

        if (isStatementStart && lineEnds > 1 && !IsAtEnd && !Is(_at, '}'))
        {
            _lines.Separate();
        }
    }

}
