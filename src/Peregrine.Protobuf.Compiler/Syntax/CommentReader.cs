// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>
/// The comments between two tokens, sorted by what they belong to. They are the bytes of the file: a comment need not be UTF-8.
/// </summary>
internal sealed class CommentSet
{
    /// <summary>Between most tokens there are none.</summary>
    public static readonly CommentSet None = new();

    public byte[]? Trailing { get; init; }

    public List<byte[]>? Detached { get; init; }

    public byte[]? Leading { get; init; }
}

/// <summary>
/// Decides which comments between two tokens trail the first, lead the second, or stand detached between them. The rules are those
/// described at <c>SourceCodeInfo.Location</c> in descriptor.proto.
/// </summary>
internal ref struct CommentReader
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly List<byte> _bytes = [];
    private byte[]? _trailing;
    private List<byte[]>? _detached;
    private byte[]? _leading;
    private int _at;
    private int _line;
    private int _flushed;
    private bool _hasComment;
    private bool _isLineComment;
    private bool _hasTrailing;
    private bool _canTrail = true;

    private CommentReader(ReadOnlySpan<byte> gap) => _text = gap;

    /// <summary>Reads the comments before a token.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <param name="next">The index of the token behind the comments; 0 for those at the start of the file.</param>
    public static CommentSet Read(TokenList tokens, int next)
    {
        // A declaration that broke off may end where the file does.
        if (next >= tokens.Count)
        {
            return CommentSet.None;
        }

        int start = next == 0 ? 0 : tokens[next - 1].End;
        ReadOnlySpan<byte> gap = tokens.Source.Bytes[start..tokens[next].Start];
        if (next == 0 && gap.StartsWith("\uFEFF"u8))
        {
            gap = gap[3..];
        }

        if (!gap.Contains((byte)'/'))
        {
            return CommentSet.None;
        }

        CommentReader reader = new(gap);
        bool closes = tokens[next].Kind == TokenKind.EndOfFile || tokens.Bytes(next) is [(byte)'}' or (byte)']' or (byte)')'];
        reader.Run(atStart: next == 0, closes, atEnd: tokens[next].Kind == TokenKind.EndOfFile);
        return new CommentSet { Trailing = reader._trailing, Detached = reader._detached, Leading = reader._leading };
    }

    private void Run(bool atStart, bool closes, bool atEnd)
    {
        int previousLine = atStart ? -1 : 0;
        int trailingEndLine = -1;
        if (atStart)
        {
            _canTrail = false;
        }
        else
        {
            SkipBlanks();
            if (TryLineComment())
            {
                trailingEndLine = _line - 1;
                Flush();
            }
            else if (TryBlockComment())
            {
                trailingEndLine = _line;
                SkipBlanks();
                Flush();
            }
            else if (!TryLineEnd())
            {
                return;
            }
        }

        while (true)
        {
            SkipBlanks();
            if (TryLineComment())
            {
                continue;
            }

            if (TryBlockComment())
            {
                SkipBlanks();
                TryLineEnd();
                continue;
            }

            if (TryLineEnd())
            {
                Flush();
                _canTrail = false;
                continue;
            }

            break;
        }

        if (closes)
        {
            Flush();
        }

        if (!atEnd && (previousLine == _line || trailingEndLine == _line))
        {
            DetachSingle();
        }

        if (_hasComment)
        {
            _leading = Take();
        }
    }

    private readonly byte Current => _at < _text.Length ? _text[_at] : (byte)0;

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or 11 or 12)
        {
            _at++;
        }
    }

    private bool TryLineEnd()
    {
        if (Current != '\n')
        {
            return false;
        }

        _at++;
        _line++;
        return true;
    }

    private bool TryLineComment()
    {
        if (!_text[_at..].StartsWith("//"u8))
        {
            return false;
        }

        // Line comments that follow each other are one comment.
        if (_hasComment && !_isLineComment)
        {
            Flush();
        }

        _hasComment = true;
        _isLineComment = true;
        _at += 2;
        int length = _text[_at..].IndexOf((byte)'\n');
        length = length < 0 ? _text.Length - _at : length + 1;
        _bytes.AddRange(_text.Slice(_at, length));
        _at += length;
        _line++;
        return true;
    }

    private bool TryBlockComment()
    {
        if (!_text[_at..].StartsWith("/*"u8))
        {
            return false;
        }

        Flush();
        _hasComment = true;
        _isLineComment = false;
        _at += 2;
        while (_at < _text.Length)
        {
            if (_text[_at..].StartsWith("*/"u8))
            {
                _at += 2;
                return true;
            }

            byte c = _text[_at++];
            _bytes.Add(c);
            if (c != '\n')
            {
                continue;
            }

            // The blanks and the asterisk at the start of a line are decoration.
            _line++;
            SkipBlanks();
            if (Current == '*')
            {
                _at++;
                if (Current == '/')
                {
                    _at++;
                    return true;
                }
            }
        }

        return true;
    }

    private void Flush()
    {
        if (!_hasComment)
        {
            return;
        }

        byte[] text = Take();
        if (_canTrail)
        {
            _trailing = text;
            _hasTrailing = true;
            _canTrail = false;
        }
        else
        {
            (_detached ??= []).Add(text);
        }

        _flushed++;
    }

    // With one comment on the line of both tokens nobody knows to which of them it belongs.
    private void DetachSingle()
    {
        if (_flushed + (_hasComment ? 1 : 0) != 1)
        {
            return;
        }

        if (_hasTrailing)
        {
            (_detached ??= []).Insert(0, _trailing!);
            _trailing = null;
        }

        Flush();
    }

    private byte[] Take()
    {
        byte[] text = [.. _bytes];
        _bytes.Clear();
        _hasComment = false;
        return text;
    }
}
