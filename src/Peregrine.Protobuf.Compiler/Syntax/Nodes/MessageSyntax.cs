// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

/// <summary>A message, or the body of a group. Members stand in the order of the text.</summary>
internal sealed class MessageSyntax : SyntaxNode
{
    public SymbolVisibility Visibility { get; init; }

    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public bool IsGroup { get; init; }

    public int OpenBrace { get; set; }

    public int CloseBrace { get; set; } = -1;

    public List<SyntaxNode> Members { get; } = [];
}

internal sealed class OneofSyntax : SyntaxNode
{
    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int OpenBrace { get; set; }

    public int CloseBrace { get; set; } = -1;

    public List<SyntaxNode> Members { get; } = [];
}

internal sealed class ExtendSyntax : SyntaxNode
{
    public TypeSyntax Extendee { get; set; } = new();

    public int OpenBrace { get; set; }

    public int CloseBrace { get; set; } = -1;

    public List<SyntaxNode> Members { get; } = [];
}

internal enum FieldLabel
{
    None = 0,
    Optional = 1,
    Required = 2,
    Repeated = 3,
}

/// <summary>A type as it is written: a scalar, a name, or a map.</summary>
internal sealed class TypeSyntax : SyntaxNode
{
    /// <summary>Nothing is written yet.</summary>
    public TypeSyntax() => First = Last = -1;

    public FieldKind Scalar { get; set; }

    /// <summary>The name, if this is neither a scalar nor a map.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether a name stands there, though perhaps not to its end.</summary>
    public bool HasName { get; set; }

    public TypeSyntax? MapKey { get; set; }

    public TypeSyntax? MapValue { get; set; }

    public bool IsMap => MapValue is not null;
}

internal sealed class FieldSyntax : SyntaxNode
{
    public FieldLabel Label { get; set; }

    public int LabelToken { get; set; } = -1;

    public TypeSyntax Type { get; set; } = new();

    public NameSyntax Name { get; set; } = NameSyntax.Missing(0);

    public int Number { get; set; }

    public int NumberToken { get; set; } = -1;

    /// <summary>Whether a number stands there that could be read.</summary>
    public bool HasNumber { get; set; }

    public CompactOptionsSyntax? Options { get; set; }

    /// <summary>The body, if the field is a group.</summary>
    public MessageSyntax? Group { get; set; }
}

/// <summary>A range of numbers; both ends belong to it.</summary>
internal sealed class RangeSyntax : SyntaxNode
{
    public int Start { get; set; }

    public int End { get; set; }

    public bool EndIsMax { get; set; }

    /// <summary>The first token of the end; that of the start if only one number is written.</summary>
    public int EndToken { get; set; }

    /// <summary>The last token of the start: the start may have a minus sign.</summary>
    public int StartLast { get; set; }
}

/// <summary><c>reserved</c>, either of ranges or of names.</summary>
internal sealed class ReservedSyntax : SyntaxNode
{
    public List<RangeSyntax> Ranges { get; } = [];

    public List<ReservedNameSyntax> Names { get; } = [];
}

internal sealed class ReservedNameSyntax : SyntaxNode
{
    public string Name { get; set; } = "";

    public bool IsString { get; init; }
}

internal sealed class ExtensionsSyntax : SyntaxNode
{
    public List<RangeSyntax> Ranges { get; } = [];

    public CompactOptionsSyntax? Options { get; set; }
}
