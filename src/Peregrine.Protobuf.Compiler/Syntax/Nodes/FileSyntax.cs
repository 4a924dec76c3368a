// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

/// <summary>A whole file. Members stand in the order of the text.</summary>
internal sealed class FileSyntax : SyntaxNode
{
    public SyntaxDeclarationSyntax? Declaration { get; set; }

    public List<SyntaxNode> Members { get; } = [];
}

/// <summary><c>syntax = "proto3";</c> or <c>edition = "2023";</c>.</summary>
internal sealed class SyntaxDeclarationSyntax : SyntaxNode
{
    public bool IsEdition { get; init; }

    public string Value { get; set; } = "";

    public int ValueToken { get; set; }
}

internal sealed class PackageSyntax : SyntaxNode
{
    public string Name { get; set; } = "";
}

internal enum ImportKind
{
    Plain,
    Public,
    Weak,
    Option,
}

internal sealed class ImportSyntax : SyntaxNode
{
    public ImportKind Kind { get; set; }

    public int KindToken { get; set; } = -1;

    public string Path { get; set; } = "";

    public int PathToken { get; set; }
}
