// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

internal sealed class EnumSyntax : SyntaxNode
{
    public SymbolVisibility Visibility { get; init; }

    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int OpenBrace { get; set; }

    public int CloseBrace { get; set; } = -1;

    public List<SyntaxNode> Members { get; } = [];
}

internal sealed class EnumValueSyntax : SyntaxNode
{
    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int Number { get; set; }

    public int NumberToken { get; set; } = -1;

    /// <summary>Whether a number stands there that could be read.</summary>
    public bool HasNumber { get; set; }

    public int NumberEnd { get; set; }

    public CompactOptionsSyntax? Options { get; set; }
}
