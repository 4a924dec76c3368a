// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>A parsed file. There is always a tree, however wrong the text is.</summary>
internal sealed class SyntaxTree
{
    private SyntaxTree(TokenList tokens, FileSyntax root)
    {
        Tokens = tokens;
        Root = root;
    }

    public TokenList Tokens { get; }

    public FileSyntax Root { get; }

    public static SyntaxTree Parse(SourceFile source, DiagnosticBag diagnostics)
    {
        TokenList tokens = Lexer.Tokenize(source, diagnostics);
        return new SyntaxTree(tokens, new DeclarationParser(new TokenCursor(tokens, diagnostics)).ParseFile());
    }

    public SourceSpan Span(int token) => Tokens[token].Span;

    public SourceSpan Span(SyntaxNode node) => Tokens.Span(node.First, node.Last);
}
