// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Literals;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>A position in the tokens, and what the parsers ask of it. The position only ever grows.</summary>
internal sealed class TokenCursor(TokenList tokens, DiagnosticBag diagnostics)
{
    private bool _hasReportedEnd;

    public TokenList Tokens => tokens;

    public DiagnosticBag Diagnostics => diagnostics;

    public int Position { get; private set; }

    /// <summary>The token before this one; zero at the start.</summary>
    public int Previous => Math.Max(0, Position - 1);

    /// <summary>Whether braces do not match, so that what stands in what is a guess.</summary>
    public bool HasLostStructure { get; set; }

    /// <summary>Whether the integer taken last was too large.</summary>
    public bool HasBadInteger { get; private set; }

    public TokenKind Kind => tokens[Position].Kind;

    public bool AtEnd => Kind == TokenKind.EndOfFile;

    public SourceSpan Here => tokens[Position].Span;

    public ReadOnlySpan<byte> Bytes => tokens.Bytes(Position);

    public string Text => tokens.Text(Position);

    public bool At(ReadOnlySpan<byte> text) => Bytes.SequenceEqual(text);

    public void Next()
    {
        if (!AtEnd)
        {
            Position++;
        }
    }

    public bool TryTake(ReadOnlySpan<byte> text)
    {
        if (!At(text))
        {
            return false;
        }

        Position++;
        return true;
    }

    public bool Take(ReadOnlySpan<byte> text, string? hint = null)
    {
        if (TryTake(text))
        {
            return true;
        }

        Expected($"\"{Encoding.ASCII.GetString(text)}\"", hint);
        return false;
    }

    public bool TakeIdentifier(string what, out string text)
    {
        text = Kind == TokenKind.Identifier ? Text : "";
        return TakeIdentifier(what);
    }

    public bool TakeIdentifier(string what)
    {
        if (Kind == TokenKind.Identifier)
        {
            Position++;
            return true;
        }

        Expected(what);
        return false;
    }

    /// <summary>The text of the tokens from one up to this one, without what lies between them.</summary>
    public string JoinedText(int first)
    {
        SourceSpan span = tokens.Span(first, Previous);
        int length = 0;
        for (int i = first; i < Position; i++)
        {
            length += tokens[i].Span.Length;
        }

        if (length == span.Length)
        {
            return NamePool.Get(tokens.Source.Bytes.Slice(span.Start, span.Length));
        }

        StringBuilder text = new(length);
        for (int i = first; i < Position; i++)
        {
            text.Append(tokens.Text(i));
        }

        return text.ToString();
    }

    /// <summary>Takes one string token and those that follow it directly; together they are one value.</summary>
    public bool TakeString(string what, out byte[] value)
    {
        if (Kind != TokenKind.String)
        {
            value = [];
            Expected(what);
            return false;
        }

        ReadOnlySpan<byte> first = Bytes;
        if (tokens[Position + 1].Kind != TokenKind.String && first.Length >= 2 && first[^1] == first[0] && !first.Contains((byte)'\\'))
        {
            value = first[1..^1].ToArray();
            Position++;
            return true;
        }

        ArrayBufferWriter<byte> output = new();
        while (Kind == TokenKind.String)
        {
            TextLiterals.Unquote(Bytes, output);
            Position++;
        }

        value = output.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>Takes an integer; one that is too large is reported and counts as zero.</summary>
    public bool TakeInteger(ulong max, string what, out ulong value, string? hint = null)
    {
        value = 0;
        if (Kind != TokenKind.Integer)
        {
            Expected(what, hint);
            return false;
        }

        HasBadInteger = !TextLiterals.TryParseInteger(Bytes, max, out value);
        if (Bytes is [(byte)'0', (byte)'x' or (byte)'X'])
        {
            // Reported by the lexer.
            HasBadInteger = true;
        }
        else if (HasBadInteger)
        {
            SyntaxMessages.IntegerOutOfRange(diagnostics, Here, Abbreviate(Text), $"the largest value here is {max}", hint);
        }

        Position++;
        return true;
    }

    /// <summary>Takes an integer of 32 bits, perhaps with a minus sign.</summary>
    public bool TakeSignedInteger(string what, out int value)
    {
        bool negative = TryTake("-"u8);
        value = 0;
        if (!TakeInteger(negative ? 1UL << 31 : int.MaxValue, what, out ulong magnitude))
        {
            return false;
        }

        value = (int)(negative ? -(long)magnitude : (long)magnitude);
        return true;
    }

    public void Expected(string what, string? hint = null) =>
        SyntaxMessages.Expected(diagnostics, Here, what, AtEnd ? "the end of the file" : $"\"{Abbreviate(Text)}\"", hint);

    public void EndOfFileIn(string what)
    {
        HasLostStructure = true;

        // Told for the innermost block; that those around it are open, too, follows.
        if (!_hasReportedEnd)
        {
            _hasReportedEnd = true;
            SyntaxMessages.EndOfFileIn(diagnostics, Here, what);
        }
    }

    /// <summary>Skips to behind the statement: a semicolon or a block; stops before a closing brace.</summary>
    public void SkipStatement()
    {
        while (!AtEnd)
        {
            if (Kind == TokenKind.Symbol)
            {
                if (TryTake(";"u8))
                {
                    return;
                }

                if (TryTake("{"u8))
                {
                    SkipBlock();
                    return;
                }

                if (At("}"u8))
                {
                    return;
                }
            }

            Next();
        }
    }

    private void SkipBlock()
    {
        int depth = 1;
        while (!AtEnd && depth > 0)
        {
            if (Kind == TokenKind.Symbol)
            {
                depth += At("{"u8) ? 1 : At("}"u8) ? -1 : 0;
            }

            Next();
        }

        HasLostStructure |= depth > 0;
    }

    private static string Abbreviate(string text) => text.Length > 60 ? string.Concat(text.AsSpan(0, 60), "...") : text;
}
