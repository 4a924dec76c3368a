// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Literals;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>
/// Cuts text format into tokens, one at a time, and knows where each stands. What is no token throws
/// <see cref="InvalidTextFormatException"/>.
/// </summary>
/// <param name="text">The text in UTF-8; bytes that are not are for the reader to judge, who knows the field's type.</param>
/// <param name="path">Where in the message the reader is, for errors.</param>
/// <param name="acceptsNoncharacters">Whether escapes are accepted that stand for no Unicode character, as protoc does.</param>
internal ref struct TextTokenizer(ReadOnlySpan<byte> text, FieldPath path, bool acceptsNoncharacters)
{
    private const int TabWidth = 8;

    // The longest part of a token that an error shows.
    private const int LongestShown = 40;

    private static readonly SearchValues<byte> UrlCharacters =
        SearchValues.Create(Encoding.ASCII.GetBytes(TextNames.UrlCharacters));

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly ArrayBufferWriter<byte> _string = new();
    private int _position;
    private int _start;
    private int _end;

    // The line on which the scanner is, and the last place whose column was asked for: a long line is not measured from its start each time.
    private int _line = 1;
    private int _lineStart;
    private int _tokenLine;
    private int _tokenLineStart;
    private int _measuredTo;
    private int _measuredColumn = 1;

    /// <summary>What the current token is.</summary>
    public TextTokenKind Kind { get; private set; }

    /// <summary>The bytes of the current token; empty at the end.</summary>
    public readonly ReadOnlySpan<byte> Token => _text[_start.._end];

    /// <summary>What the current token stands for, if it is a string; until the next one is read.</summary>
    public readonly ReadOnlySpan<byte> StringValue => _string.WrittenSpan;

    /// <summary>The current token for an error message.</summary>
    public readonly string Shown =>
        Kind == TextTokenKind.End
            ? "the end of the text"
            : $"\"{Encoding.UTF8.GetString(Token.Length > LongestShown ? Token[..LongestShown] : Token)}{(Token.Length > LongestShown ? "..." : "")}\"";

    /// <summary>The current token as text; identifiers and numbers are ASCII.</summary>
    public readonly string TokenText => Encoding.ASCII.GetString(Token);

    /// <summary>The line and column of the current token.</summary>
    public (int Line, int Column) TokenPlace => (_tokenLine, ColumnOf(_start, _tokenLineStart));

    /// <summary>Whether the current token is this symbol.</summary>
    public readonly bool IsAt(char symbol) => Kind == TextTokenKind.Symbol && _text[_start] == symbol;

    /// <summary>Goes to the next token.</summary>
    public void Next()
    {
        SkipBlanks();
        _start = _position;
        _tokenLine = _line;
        _tokenLineStart = _lineStart;
        if (_position == _text.Length)
        {
            Kind = TextTokenKind.End;
            _end = _position;
            return;
        }

        byte c = _text[_position++];
        if (IsLetter(c))
        {
            Kind = TextTokenKind.Identifier;
            SkipWhile(static b => IsLetter(b) || IsDigit(b));
        }
        else if (IsDigit(c) || (c == '.' && IsDigit(Peek)))
        {
            if (c == '.' && Kind == TextTokenKind.Identifier && _end == _start)
            {
                throw ErrorAt(_start, "Between a name and a number that begins with a point a blank is needed.");
            }

            Kind = ScanNumber(c);
        }
        else if (c is (byte)'"' or (byte)'\'')
        {
            Kind = TextTokenKind.String;
            ScanString(c);
        }
        else if (c is < (byte)' ' or >= 0x7F)
        {
            throw ErrorAt(_start, $"The byte 0x{c:x2} can stand in strings and comments only.");
        }
        else
        {
            Kind = TextTokenKind.Symbol;
        }

        _end = _position;
    }

    /// <summary>
    /// At an opening bracket, reads what stands in the brackets, a name or a URL in which blanks have no meaning, and goes to the token
    /// behind them.
    /// </summary>
    public string ReadBracketed()
    {
        StringBuilder content = new();
        while (true)
        {
            SkipBlanks();
            ReadOnlySpan<byte> rest = _text[_position..];
            int length = rest.IndexOfAnyExcept(UrlCharacters);
            length = length < 0 ? rest.Length : length;
            if (length == 0)
            {
                break;
            }

            content.Append(Encoding.ASCII.GetString(rest[..length]));
            _position += length;
        }

        if (Peek != ']')
        {
            throw ErrorAt(_position, _position == _text.Length
                ? "The name in brackets does not end: \"]\" is missing."
                : "A name in brackets is that of an extension or the URL of a type: this character is in neither.");
        }

        _position++;
        Kind = TextTokenKind.Symbol;
        _end = _position;
        Next();
        return content.ToString();
    }

    /// <summary>An error at the current token.</summary>
    public InvalidTextFormatException Error(string reason)
    {
        (int line, int column) = TokenPlace;
        return new InvalidTextFormatException(reason, line, column, path.ToFieldPath());
    }

    private static bool IsLetter(byte b) => char.IsAsciiLetter((char)b) || b == '_';

    private static bool IsDigit(byte b) => char.IsAsciiDigit((char)b);

    private readonly byte Peek => _position < _text.Length ? _text[_position] : (byte)0;

    /// <summary>An error on the line that is being read.</summary>
    private InvalidTextFormatException ErrorAt(int position, string reason) =>
        new(reason, _line, ColumnOf(position, _lineStart), path.ToFieldPath());

    private int ColumnOf(int position, int lineStart)
    {
        if (_measuredTo < lineStart || _measuredTo > position)
        {
            _measuredTo = lineStart;
            _measuredColumn = 1;
        }

        for (; _measuredTo < position; _measuredTo++)
        {
            _measuredColumn += _text[_measuredTo] == '\t' ? TabWidth - ((_measuredColumn - 1) % TabWidth) : 1;
        }

        return _measuredColumn;
    }

    private void SkipBlanks()
    {
        for (; _position < _text.Length; _position++)
        {
            switch (_text[_position])
            {
                case (byte)'\n':
                    _line++;
                    _lineStart = _position + 1;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\v' or (byte)'\f':
                    break;
                case (byte)'#':
                    // The line's end is for the next round.
                    int length = _text[_position..].IndexOfAny((byte)'\n', (byte)0);
                    _position = length < 0 ? _text.Length - 1 : _position + length - 1;
                    break;
                default:
                    return;
            }
        }
    }

    private void SkipWhile(Func<byte, bool> isPart)
    {
        while (_position < _text.Length && isPart(_text[_position]))
        {
            _position++;
        }
    }

    private bool TrySkip(byte lower)
    {
        if ((Peek | 0x20) != lower)
        {
            return false;
        }

        _position++;
        return true;
    }

    private TextTokenKind ScanNumber(byte first)
    {
        bool isFloat = first == '.';
        if (first == '0' && TrySkip((byte)'x'))
        {
            int digits = _position;
            SkipWhile(static b => char.IsAsciiHexDigit((char)b));
            if (_position == digits)
            {
                throw ErrorAt(_position, "Behind \"0x\" hexadecimal digits are missing.");
            }
        }
        else if (first == '0' && IsDigit(Peek))
        {
            SkipWhile(static b => b is >= (byte)'0' and <= (byte)'7');
            if (IsDigit(Peek))
            {
                throw ErrorAt(_position, "A number that begins with 0 is octal: its digits are 0 to 7.");
            }
        }
        else
        {
            isFloat |= ScanDecimal(first);
        }

        if (IsLetter(Peek))
        {
            throw ErrorAt(_position, "Between a number and a name a blank is needed.");
        }

        return Peek == '.'
            ? throw ErrorAt(_position, isFloat ? "A number has one decimal point, before its exponent." : "Octal and hexadecimal numbers have no decimal point.")
            : isFloat ? TextTokenKind.Float : TextTokenKind.Integer;
    }

    private bool ScanDecimal(byte first)
    {
        bool isFloat = false;
        SkipWhile(IsDigit);
        if (first != '.' && Peek == '.')
        {
            isFloat = true;
            _position++;
            SkipWhile(IsDigit);
        }

        if (TrySkip((byte)'e'))
        {
            isFloat = true;
            _position += Peek is (byte)'-' or (byte)'+' ? 1 : 0;
            int digits = _position;
            SkipWhile(IsDigit);
            if (_position == digits)
            {
                throw ErrorAt(_position, "The exponent has no digits.");
            }
        }

        return TrySkip((byte)'f') || isFloat;
    }

    private void ScanString(byte quote)
    {
        int from = _position;
        while (true)
        {
            int length = _text[_position..].IndexOfAny(quote, (byte)'\\', (byte)'\n');
            int nul = (length < 0 ? _text[_position..] : _text.Slice(_position, length)).IndexOf((byte)0);
            if (length < 0 || nul >= 0)
            {
                throw ErrorAt(nul >= 0 ? _position + nul : _text.Length, "The string does not end: its quote is missing.");
            }

            _position += length;
            byte c = _text[_position];
            if (c == '\n')
            {
                throw ErrorAt(_position, "A string ends on its line: write \\n for the end of a line in it, or close it and open another one on the next line.");
            }

            if (c == quote)
            {
                break;
            }

            // What is escaped does not end the string; at the end of the text there is nothing.
            _position += _position + 1 < _text.Length && _text[_position + 1] != '\n' ? 2 : 1;
        }

        _string.ResetWrittenCount();
        int wrong = TextLiterals.Unescape(_text[from.._position], _string, acceptsNoncharacters);
        if (wrong >= 0)
        {
            throw ErrorAt(from + wrong, EscapeError(_text[(from + wrong)..]));
        }

        _position++;
    }

    private static string EscapeError(ReadOnlySpan<byte> escape) => (char)(escape.Length > 1 ? escape[1] : 0) switch
    {
        'x' or 'X' => "Behind \"\\x\" one or two hexadecimal digits are needed.",
        'u' => "Behind \"\\u\" stand four hexadecimal digits of a character. Surrogates are none: write \"\\U\" and eight digits.",
        'U' => "Behind \"\\U\" stand eight hexadecimal digits of a character: up to 0010ffff, and no surrogate.",
        >= '0' and <= '7' => "An octal escape is a byte: the largest is \"\\377\".",
        _ => "This is no escape: behind a backslash stands one of abfnrtv, a quote, \"?\", another backslash, octal digits, x, u or U.",
    };
}
