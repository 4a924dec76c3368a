// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>A parsed file. There is always a tree, however wrong the text is.</summary>
internal sealed class SyntaxTree
{
    private SyntaxTree(TokenList tokens, FileSyntax root, bool hasErrors, bool hasLostStructure)
    {
        Tokens = tokens;
        Root = root;
        HasErrors = hasErrors;
        HasLostStructure = hasLostStructure;
    }

    public TokenList Tokens { get; }

    public FileSyntax Root { get; }

    /// <summary>Whether parts are missing: declarations that could not be read, or not to their end.</summary>
    public bool HasErrors { get; }

    /// <summary>Whether braces do not match: then nothing is known about what belongs to what.</summary>
    public bool HasLostStructure { get; }

    public static SyntaxTree Parse(SourceFile source, DiagnosticBag diagnostics)
    {
        int before = diagnostics.ErrorCount;

        // Of the room for errors the lexer, which is done first, leaves half to the parser, and the parser a quarter to the rest.
        diagnostics.Reserved = 100;
        TokenCursor cursor = new(Lexer.Tokenize(source, diagnostics), diagnostics);
        diagnostics.Reserved = 50;
        FileSyntax root = new DeclarationParser(cursor).ParseFile();
        diagnostics.Reserved = 0;
        return new SyntaxTree(cursor.Tokens, root, diagnostics.ErrorCount > before, cursor.HasLostStructure);
    }

    public SourceSpan Span(int token) => Tokens[token].Span;

    public SourceSpan Span(SyntaxNode node) => Tokens.Span(node.First, node.Last);
}
