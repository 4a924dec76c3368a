// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>Cuts a file into tokens. Never fails: it reports, and goes on behind what it does not know.</summary>
internal ref struct Lexer
{
    private static readonly SearchValues<byte> IdentifierBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"u8);

    private readonly ReadOnlySpan<byte> _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly TokenList _tokens;
    private int _at;
    private int _line;
    private int _column;

    private Lexer(SourceFile source, DiagnosticBag diagnostics)
    {
        _text = source.Bytes;
        _diagnostics = diagnostics;
        _tokens = new TokenList(source);
    }

    public static TokenList Tokenize(SourceFile source, DiagnosticBag diagnostics)
    {
        Lexer lexer = new(source, diagnostics);
        lexer.Run();
        return lexer._tokens;
    }

    private readonly byte Current => _at < _text.Length ? _text[_at] : (byte)0;

    private void Run()
    {
        SkipByteOrderMark();
        while (true)
        {
            SkipBlanks();
            if (_at >= _text.Length)
            {
                break;
            }

            _diagnostics.TokenStart = _at;
            byte c = _text[_at];
            if (c == '/' && SkipComment())
            {
                continue;
            }

            if (c < ' ')
            {
                SkipControlCharacters();
                continue;
            }

            ReadToken(c);
        }

        _diagnostics.TokenStart = null;
        _tokens.Add(new Token(TokenKind.EndOfFile, _text.Length, _text.Length, _line, _column, _column));
    }

    private void SkipByteOrderMark()
    {
        if (Current != 0xEF)
        {
            return;
        }

        if (_text.StartsWith("\uFEFF"u8))
        {
            // The mark counts as three columns, as it does for protoc.
            Advance(3);
            return;
        }

        _diagnostics.TokenStart = 0;
        Advance(_text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB]) ? 2 : 1);
        SyntaxMessages.BadByteOrderMark(_diagnostics, new SourceSpan(_at, 0));
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r' or 11 or 12)
        {
            Step();
        }
    }

    private bool SkipComment()
    {
        int next = _at + 1 < _text.Length ? _text[_at + 1] : 0;
        if (next == '/')
        {
            // The byte 0 ends a comment; what is wrong with it is said when it is met again.
            int length = _text[_at..].IndexOfAny((byte)'\n', (byte)0);
            int end = length < 0 ? _text.Length : _at + length;
            if (end < _text.Length && _text[end] == '\n')
            {
                _at = end;
            }
            else
            {
                // The column matters only where no line end follows.
                while (_at < end)
                {
                    Step();
                }
            }

            return true;
        }

        if (next != '*')
        {
            return false;
        }

        int start = _at;
        Advance(2);
        while (_at < _text.Length && _text[_at] != 0)
        {
            if (_text[_at] == '*' && _at + 1 < _text.Length && _text[_at + 1] == '/')
            {
                Advance(2);
                return true;
            }

            if (_text[_at] == '/' && _at + 1 < _text.Length && _text[_at + 1] == '*')
            {
                SyntaxMessages.NestedComment(_diagnostics, new SourceSpan(_at + 1, 1));
                Step();
            }

            Step();
        }

        SyntaxMessages.UnterminatedComment(_diagnostics, Here, new SourceSpan(start, 2));
        return true;
    }

    private void SkipControlCharacters()
    {
        SyntaxMessages.ControlCharacter(_diagnostics, new SourceSpan(_at, 1), _text[_at]);
        while (_at < _text.Length && _text[_at] < ' ' && _text[_at] is not ((byte)'\n' or (byte)'\t' or (byte)'\r' or 11 or 12))
        {
            Step();
        }
    }

    private void ReadToken(byte c)
    {
        int start = _at;
        int line = _line;
        int column = _column;
        TokenKind kind;
        if (IsLetter(c))
        {
            Advance(LengthOfRun(IdentifierBytes));
            kind = TokenKind.Identifier;
        }
        else if (IsDigit(c))
        {
            Step();
            kind = ReadNumber(c == '0', startedWithDot: false, start);
        }
        else if (c == '.' && _at + 1 < _text.Length && IsDigit(_text[_at + 1]))
        {
            if (_tokens.Count > 0 && _tokens[_tokens.Count - 1] is { Kind: TokenKind.Identifier } previous && previous.End == _at)
            {
                SyntaxMessages.SpaceBeforeDecimalPoint(_diagnostics, new SourceSpan(_at, 1));
            }

            Advance(2);
            kind = ReadNumber(startedWithZero: false, startedWithDot: true, start);
        }
        else if (c is (byte)'"' or (byte)'\'')
        {
            Step();
            ReadString(c, start);
            kind = TokenKind.String;
        }
        else
        {
            if (c >= 0x80)
            {
                SyntaxMessages.NotAscii(_diagnostics, new SourceSpan(_at, 1), c);
            }

            Step();
            kind = TokenKind.Symbol;
        }

        _tokens.Add(new Token(kind, start, _at, line, column, _column));
    }

    private TokenKind ReadNumber(bool startedWithZero, bool startedWithDot, int start)
    {
        bool isFloat = startedWithDot;
        if (startedWithZero && Current is (byte)'x' or (byte)'X')
        {
            Step();
            if (!Uri.IsHexDigit((char)Current))
            {
                SyntaxMessages.HexDigitsExpected(_diagnostics, Here);
            }

            while (Uri.IsHexDigit((char)Current))
            {
                Step();
            }
        }
        else if (startedWithZero && IsDigit(Current))
        {
            while (Current is >= (byte)'0' and <= (byte)'7')
            {
                Step();
            }

            if (IsDigit(Current))
            {
                SyntaxMessages.NotOctal(_diagnostics, Here);
                SkipDigits();
            }
        }
        else
        {
            SkipDigits();
            if (!startedWithDot && Current == '.')
            {
                isFloat = true;
                Step();
                SkipDigits();
            }

            if (Current is (byte)'e' or (byte)'E')
            {
                isFloat = true;
                Step();
                if (Current is (byte)'-' or (byte)'+')
                {
                    Step();
                }

                if (!IsDigit(Current))
                {
                    SyntaxMessages.ExponentExpected(_diagnostics, Here);
                }

                SkipDigits();
            }
        }

        if (IsLetter(Current))
        {
            SyntaxMessages.SpaceAfterNumber(_diagnostics, Here);
        }
        else if (Current == '.')
        {
            SyntaxMessages.SecondDecimalPoint(_diagnostics, Here, new SourceSpan(start, _at - start), isFloat);
        }

        return isFloat ? TokenKind.Float : TokenKind.Integer;
    }

    private void ReadString(byte delimiter, int start)
    {
        while (true)
        {
            if (_at >= _text.Length || _text[_at] == 0)
            {
                SyntaxMessages.UnterminatedString(_diagnostics, Here, new SourceSpan(start, 1));
                return;
            }

            byte c = _text[_at];
            if (c == '\n')
            {
                SyntaxMessages.LineEndInString(_diagnostics, Here);
                return;
            }

            Step();
            if (c == delimiter)
            {
                return;
            }

            if (c == '\\')
            {
                ReadEscape();
            }
        }
    }

    private void ReadEscape()
    {
        byte c = Current;
        switch (c)
        {
            case (byte)'a' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' or (byte)'v' or (byte)'\\' or (byte)'?' or (byte)'\'' or (byte)'"':
            case >= (byte)'0' and <= (byte)'7':
                Step();
                break;
            case (byte)'x' or (byte)'X':
                Step();
                if (Uri.IsHexDigit((char)Current))
                {
                    Step();
                }
                else
                {
                    SyntaxMessages.BadHexEscape(_diagnostics, Here);
                }

                break;
            case (byte)'u':
                Step();
                if (!StepHexDigits(4))
                {
                    SyntaxMessages.BadUnicodeEscape(_diagnostics, Here);
                }

                break;
            case (byte)'U':
                Step();
                if (!StepLongUnicodeEscape())
                {
                    SyntaxMessages.BadLongUnicodeEscape(_diagnostics, Here);
                }

                break;
            default:
                SyntaxMessages.BadEscape(_diagnostics, Here);
                break;
        }
    }

    // Eight digits up to 10FFFF: two zeros, a zero or a one, then any five.
    private bool StepLongUnicodeEscape()
    {
        for (int i = 0; i < 3; i++)
        {
            if (Current != '0' && !(i == 2 && Current == '1'))
            {
                return false;
            }

            Step();
        }

        return StepHexDigits(5);
    }

    private bool StepHexDigits(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!Uri.IsHexDigit((char)Current))
            {
                return false;
            }

            Step();
        }

        return true;
    }

    private readonly SourceSpan Here => new(_at, _at < _text.Length ? 1 : 0);

    private void SkipDigits()
    {
        while (IsDigit(Current))
        {
            Step();
        }
    }

    private readonly int LengthOfRun(SearchValues<byte> values)
    {
        int length = _text[_at..].IndexOfAnyExcept(values);
        return length < 0 ? _text.Length - _at : length;
    }

    // For bytes that are neither tabs nor line ends.
    private void Advance(int count)
    {
        _at += count;
        _column += count;
    }

    private void Step()
    {
        switch (_text[_at++])
        {
            case (byte)'\n':
                _line++;
                _column = 0;
                break;
            case (byte)'\t':
                _column += 8 - (_column % 8);
                break;
            default:
                _column++;
                break;
        }
    }

    private static bool IsLetter(byte c) => c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_';

    private static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
