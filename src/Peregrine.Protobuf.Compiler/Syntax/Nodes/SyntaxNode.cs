// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

/// <summary>A part of the text, from its first to its last token.</summary>
internal abstract class SyntaxNode
{
    public int First { get; set; }

    public int Last { get; set; }
}

/// <summary>A lone <c>;</c>. It is kept because comments around it belong somewhere.</summary>
internal sealed class EmptySyntax : SyntaxNode;

/// <summary>A name and the token, or first token, that it stands at.</summary>
internal readonly record struct NameSyntax(string Text, int Token)
{
    public static NameSyntax Missing(int token) => new("", token);
}

internal enum SymbolVisibility
{
    Unset = 0,
    Local = 1,
    Export = 2,
}
