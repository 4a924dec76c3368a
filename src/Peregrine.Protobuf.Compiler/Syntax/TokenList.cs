// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>
/// All tokens of a file; the last one is <see cref="TokenKind.EndOfFile"/>. Comments are no tokens: they are what lies between two
/// of them, and <see cref="CommentReader"/> reads them when source info is wanted.
/// </summary>
internal sealed class TokenList(SourceFile source)
{
    // The pool would keep larger arrays for good, each some megabytes for the one file that needed it.
    private const int MaxPooled = 1 << 14;

    // Rented: the tokens of an ordinary file would lie on the large object heap, and die young there. The guess is eight bytes a token,
    // blanks and comments included; more is taken when it does not hold.
    private Token[] _tokens = Rent((source.Bytes.Length / 8) + 16);

    public SourceFile Source => source;

    public int Count { get; private set; }

    public ref readonly Token this[int index] => ref _tokens.AsSpan(0, Count)[index];

    public void Add(Token token)
    {
        if (Count == _tokens.Length)
        {
            Token[] larger = Rent(Count * 2);
            _tokens.AsSpan(0, Count).CopyTo(larger);
            Return(_tokens);
            _tokens = larger;
        }

        _tokens[Count++] = token;
    }

    public ReadOnlySpan<byte> Bytes(int index)
    {
        ref readonly Token token = ref this[index];
        return source.Bytes[token.Start..token.End];
    }

    public string Text(int index) => NamePool.Get(Bytes(index));

    /// <summary>The span from the first token to the last one.</summary>
    public SourceSpan Span(int first, int last)
    {
        int start = this[first].Start;
        return new SourceSpan(start, Math.Max(0, this[Math.Max(first, last)].End - start));
    }

    /// <summary>Gives the memory back; there are no tokens afterwards.</summary>
    public void Release()
    {
        Return(_tokens);
        _tokens = [];
        Count = 0;
    }

    private static Token[] Rent(int count) => count > MaxPooled ? new Token[count] : ArrayPool<Token>.Shared.Rent(count);

    private static void Return(Token[] tokens)
    {
        if (tokens.Length is > 0 and <= MaxPooled)
        {
            ArrayPool<Token>.Shared.Return(tokens);
        }
    }
}
