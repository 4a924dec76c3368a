// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Lowering;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class MessageSymbol : Symbol
{
    private Dictionary<string, FieldSymbol>? _fieldsByName;
    private NumberRanges? _extensionNumbers;

    public MessageSymbol(string name, string scope, FileSymbol file, Symbol parent)
        : base(name, file, parent) => FullName = Join(scope, name);

    /// <summary>The text; null for the entry of a map.</summary>
    public MessageSyntax? Syntax { get; init; }

    /// <summary>The map field whose entry this is, or null.</summary>
    public FieldSymbol? MapField { get; set; }

    public bool IsMapEntry => MapField is not null;

    public SymbolVisibility Visibility { get; init; }

    public List<FieldSymbol> Fields { get; } = [];

    public List<OneofSymbol> Oneofs { get; } = [];

    public List<MessageSymbol> Messages { get; } = [];

    public List<EnumSymbol> Enums { get; } = [];

    public List<FieldSymbol> Extensions { get; } = [];

    public List<ExtensionRangeSymbol> ExtensionRanges { get; } = [];

    public List<RangeSyntax> ReservedRanges { get; } = [];

    public List<ReservedNameSyntax> ReservedNames { get; } = [];

    /// <summary>Extensions of this message, in any file, by number.</summary>
    public Dictionary<int, FieldSymbol> ExtensionsByNumber { get; } = [];

    /// <summary>Whether <c>message_set_wire_format</c> is set: field numbers then have 31 bits.</summary>
    public bool IsMessageSet { get; init; }

    public override string KindName => "message";

    /// <summary>Whether another symbol has the name already, so that nothing inside can be found by its name.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The extension ranges, for look-ups; all must have been added before.</summary>
    public NumberRanges ExtensionNumbers =>
        _extensionNumbers ??= new NumberRanges(ExtensionRanges.ConvertAll(range => ((long)range.Start, (long)range.End)));

    /// <summary>The range that a number of an extension lies in, or null.</summary>
    public ExtensionRangeSymbol? FindExtensionRange(int number) =>
        ExtensionNumbers.Find(number) is >= 0 and int index ? ExtensionRanges[index] : null;

    /// <summary>The first field of that name, or null; all fields must have been added before.</summary>
    public FieldSymbol? FindField(string name)
    {
        if (_fieldsByName is null)
        {
            _fieldsByName = new Dictionary<string, FieldSymbol>(Fields.Count, StringComparer.Ordinal);
            foreach (FieldSymbol field in Fields)
            {
                _fieldsByName.TryAdd(field.Name, field);
            }
        }

        return _fieldsByName.GetValueOrDefault(name);
    }

    /// <summary>The end of a range in descriptors, which is exclusive.</summary>
    public int ExclusiveEnd(RangeSyntax range) =>
        !range.EndIsMax ? range.End + 1 : IsMessageSet ? int.MaxValue : FieldSymbol.MaxNumber + 1;
}

internal sealed class OneofSymbol : Symbol
{
    public OneofSymbol(string name, MessageSymbol parent)
        : base(name, parent.File, parent)
    {
        FullName = Join(parent.FullName, name);
        Index = parent.Oneofs.Count;
    }

    /// <summary>The place among the oneofs of the message.</summary>
    public int Index { get; }

    /// <summary>Whether the compiler made it for a proto3 <c>optional</c> field.</summary>
    public bool IsSynthetic { get; init; }

    public List<FieldSymbol> Fields { get; } = [];

    public override string KindName => "oneof";
}

internal sealed class ExtensionRangeSymbol(MessageSymbol parent, RangeSyntax syntax) : Symbol("", parent.File, parent)
{
    public RangeSyntax Syntax => syntax;

    public int Start => syntax.Start;

    /// <summary>The declarations of extensions by number; null until they are asked for.</summary>
    public Dictionary<int, OptionMessage>? Declarations { get; set; }

    /// <summary>Exclusive.</summary>
    public int End => parent.ExclusiveEnd(syntax);

    public override string KindName => "extension range";
}
