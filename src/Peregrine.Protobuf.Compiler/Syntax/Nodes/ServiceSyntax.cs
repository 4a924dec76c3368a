// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

internal sealed class ServiceSyntax : SyntaxNode
{
    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int OpenBrace { get; set; }

    public int CloseBrace { get; set; } = -1;

    public List<SyntaxNode> Members { get; } = [];
}

internal sealed class MethodSyntax : SyntaxNode
{
    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int ClientStreamToken { get; set; } = -1;

    public int ServerStreamToken { get; set; } = -1;

    public TypeSyntax Input { get; set; } = new();

    public TypeSyntax Output { get; set; } = new();

    /// <summary>The brace that opens the options, or -1.</summary>
    public int OpenBrace { get; set; } = -1;

    public int CloseBrace { get; set; } = -1;

    /// <summary>Options and lone semicolons in the braces.</summary>
    public List<SyntaxNode> Members { get; } = [];
}
