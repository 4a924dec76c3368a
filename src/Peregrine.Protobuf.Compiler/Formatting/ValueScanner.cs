// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Formatting;

/// <summary>
/// Looks whether the message values of a file's options are in the text format. The parser of declarations only finds their ends; what lies
/// between is read when their types are known.
/// </summary>
internal ref struct ValueScanner
{
    // As deep as messages may be nested; deeper ones have no meaning either.
    private const int MaxDepth = 100;

    private readonly TokenList _tokens;
    private int _at;

    private ValueScanner(TokenList tokens, int at)
    {
        _tokens = tokens;
        _at = at;
    }

    /// <summary>The first token of a value that is not in the text format; -1 if there is none.</summary>
    public static int FindBad(TokenList tokens)
    {
        for (int i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens.Bytes(i) is [(byte)'='] && tokens.Bytes(i + 1) is [(byte)'{'])
            {
                ValueScanner scanner = new(tokens, i + 1);
                if (!scanner.TryMessage(MaxDepth))
                {
                    return scanner._at;
                }
            }
        }

        return -1;
    }

    private readonly char Symbol => _tokens[_at].Kind == TokenKind.Symbol ? (char)_tokens.Bytes(_at)[0] : '\0';

    private bool TryMessage(int depth)
    {
        char close = Symbol == '<' ? '>' : '}';
        _at++;
        while (Symbol != close)
        {
            if (depth == 0 || !TryName())
            {
                return false;
            }

            bool hasColon = Symbol == ':';
            if (hasColon)
            {
                _at++;
            }

            if (!TryValue(depth, hasColon))
            {
                return false;
            }

            if (Symbol is ',' or ';')
            {
                _at++;
            }
        }

        _at++;
        return true;
    }

    private bool TryName()
    {
        if (Symbol != '[')
        {
            return _tokens[_at].Kind == TokenKind.Identifier && Step();
        }

        do
        {
            _at++;
        }
        while (_tokens[_at].Kind == TokenKind.Identifier || Symbol is '.' or '/' or '-');
        return Symbol == ']' && Step();
    }

    private bool TryValue(int depth, bool hasColon) => Symbol switch
    {
        '{' or '<' => TryMessage(depth - 1),
        '[' => TryList(depth),
        _ => hasColon && TryScalar(),
    };

    private bool TryList(int depth)
    {
        _at++;
        if (Symbol == ']')
        {
            return Step();
        }

        while (Symbol is '{' or '<' ? TryMessage(depth - 1) : TryScalar())
        {
            if (Symbol != ',')
            {
                return Symbol == ']' && Step();
            }

            _at++;
        }

        return false;
    }

    private bool TryScalar()
    {
        if (_tokens[_at].Kind == TokenKind.String)
        {
            while (_tokens[_at].Kind == TokenKind.String)
            {
                _at++;
            }

            return true;
        }

        if (Symbol == '-')
        {
            _at++;
        }

        return _tokens[_at].Kind is TokenKind.Identifier or TokenKind.Integer or TokenKind.Float && Step();
    }

    private bool Step()
    {
        _at++;
        return true;
    }
}
