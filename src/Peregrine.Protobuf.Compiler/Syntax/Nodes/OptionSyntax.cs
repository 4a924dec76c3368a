// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Syntax.Nodes;

internal enum OptionValueKind
{
    Missing,
    Identifier,
    PositiveInteger,
    NegativeInteger,
    Double,
    String,
    Aggregate,
}

/// <summary>One part of an option's name: a field, or an extension in parentheses.</summary>
internal readonly record struct OptionNamePart(string Text, bool IsExtension, int Token);

/// <summary>
/// An option, as a statement or in brackets. What it means depends on types that are not known yet, so the value keeps its literal form.
/// </summary>
internal sealed class OptionSyntax : SyntaxNode
{
    public bool IsStatement { get; init; }

    public List<OptionNamePart> Name { get; } = [];

    public int NameToken { get; set; }

    /// <summary>The first token of the value, a minus sign included.</summary>
    public int ValueToken { get; set; }

    /// <summary>The brace that opens the value, if that is a message.</summary>
    public int BraceToken { get; set; }

    /// <summary>The last token of the value.</summary>
    public int ValueEnd { get; set; }

    public OptionValueKind Kind { get; set; }

    public ulong PositiveValue { get; set; }

    public long NegativeValue { get; set; }

    public double DoubleValue { get; set; }

    /// <summary>Of an identifier.</summary>
    public string Identifier { get; set; } = "";

    /// <summary>Of a string: its bytes.</summary>
    public byte[] Bytes { get; set; } = [];

    public string NameText
    {
        get
        {
            List<string> parts = new(Name.Count);
            foreach (OptionNamePart part in Name)
            {
                parts.Add(part.IsExtension ? $"({part.Text})" : part.Text);
            }

            return string.Join('.', parts);
        }
    }
}

/// <summary>Options in brackets.</summary>
internal sealed class CompactOptionsSyntax : SyntaxNode
{
    /// <summary>In the order of the text: <see cref="OptionSyntax"/>, <see cref="DefaultSyntax"/> and <see cref="JsonNameSyntax"/>.</summary>
    public List<SyntaxNode> Entries { get; } = [];
}

/// <summary><c>default = ...</c>, which looks like an option but is a property of the field.</summary>
internal sealed class DefaultSyntax : SyntaxNode
{
    /// <summary>The first token of the value; the node's span runs from the word <c>default</c> to the end of the value.</summary>
    public int ValueToken { get; set; }

    /// <summary>The text that the descriptor holds, in bytes: the value of a string field need not be text.</summary>
    public byte[] Value { get; set; } = [];
}

/// <summary><c>json_name = "..."</c>, which looks like an option but is a property of the field.</summary>
internal sealed class JsonNameSyntax : SyntaxNode
{
    public int ValueToken { get; set; }

    public string Value { get; set; } = "";
}
