// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>
/// All tokens of a file; the last one is <see cref="TokenKind.EndOfFile"/>. Comments are no tokens: they are what lies between two
/// of them, and <see cref="CommentReader"/> reads them when source info is wanted.
/// </summary>
internal sealed class TokenList(SourceFile source, List<Token> tokens)
{
    public SourceFile Source => source;

    public int Count => tokens.Count;

    public Token this[int index] => tokens[index];

    public ReadOnlySpan<byte> Bytes(int index)
    {
        Token token = tokens[index];
        return source.Bytes[token.Start..token.End];
    }

    public string Text(int index) => source.GetText(tokens[index].Span);

    /// <summary>The span from the first token to the last one.</summary>
    public SourceSpan Span(int first, int last)
    {
        int start = tokens[first].Start;
        return new SourceSpan(start, Math.Max(0, tokens[Math.Max(first, last)].End - start));
    }
}
