// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

internal sealed class MessageSymbol : Symbol
{
    // What most messages have none of takes no memory once a file is complete; then nothing is added any more.
    public static readonly List<RangeSyntax> NoRanges = [];
    public static readonly List<ReservedNameSyntax> NoNames = [];
    private static readonly List<OneofSymbol> NoOneofs = [];
    private static readonly List<MessageSymbol> NoMessages = [];
    private static readonly List<EnumSymbol> NoEnums = [];
    private static readonly List<FieldSymbol> NoExtensions = [];
    private static readonly List<ExtensionRangeSymbol> NoExtensionRanges = [];

    private Dictionary<string, FieldSymbol>? _fieldsByName;
    private Dictionary<int, FieldSymbol>? _extensionsByNumber;
    private NumberRanges? _extensionNumbers;
    private List<FieldSymbol>? _requiredFields;

    public MessageSymbol(string name, string scope, FileSymbol file, Symbol parent)
        : base(name, scope, file, parent) => FullName = base.FullName;

    public override string FullName { get; }

    /// <summary>The text; null for the entry of a map.</summary>
    public MessageSyntax? Syntax { get; set; }

    /// <summary>The map field whose entry this is, or null.</summary>
    public FieldSymbol? MapField { get; set; }

    public bool IsMapEntry => MapField is not null;

    public SymbolVisibility Visibility { get; init; }

    public List<FieldSymbol> Fields { get; } = [];

    public List<OneofSymbol> Oneofs { get; private set; } = [];

    public List<MessageSymbol> Messages { get; private set; } = [];

    public List<EnumSymbol> Enums { get; private set; } = [];

    public List<FieldSymbol> Extensions { get; private set; } = [];

    public List<ExtensionRangeSymbol> ExtensionRanges { get; private set; } = [];

    public List<RangeSyntax> ReservedRanges { get; private set; } = [];

    public List<ReservedNameSyntax> ReservedNames { get; private set; } = [];

    /// <summary>The extension of this message, in any file, that has a number, or null.</summary>
    public FieldSymbol? FindExtension(int number) => _extensionsByNumber?.GetValueOrDefault(number);

    /// <summary>Notes an extension; false if another one has the number already.</summary>
    public bool TryAddExtension(FieldSymbol extension) => (_extensionsByNumber ??= []).TryAdd(extension.Number, extension);

    /// <summary>Takes an extension out again.</summary>
    public void RemoveExtension(FieldSymbol extension)
    {
        if (ReferenceEquals(FindExtension(extension.Number), extension))
        {
            _extensionsByNumber!.Remove(extension.Number);
        }
    }

    /// <summary>Whether <c>message_set_wire_format</c> is set.</summary>
    public bool IsMessageSet { get; set; }

    /// <summary>
    /// Whether <c>max</c> ends the ranges at 31 bits instead of 29: so in a message set whose option is spelled the plain way, which shows
    /// before options are read.
    /// </summary>
    public bool HasWideRanges { get; init; }

    public override string KindName => "message";

    /// <summary>Whether another symbol has the name already, so that nothing inside can be found by its name.</summary>
    public bool IsDuplicate { get; set; }

    /// <summary>The extension ranges, for look-ups; all must have been added before.</summary>
    public NumberRanges ExtensionNumbers =>
        _extensionNumbers ??= ExtensionRanges.Count == 0 ? NumberRanges.None
            : new NumberRanges(ExtensionRanges.ConvertAll(range => ((long)range.Start, (long)range.End)));

    /// <summary>The range that a number of an extension lies in, or null.</summary>
    public ExtensionRangeSymbol? FindExtensionRange(int number) =>
        ExtensionNumbers.Find(number) is >= 0 and int index ? ExtensionRanges[index] : null;

    /// <summary>The fields that a value must have; ask only when features are resolved.</summary>
    public List<FieldSymbol> RequiredFields => _requiredFields ??= Fields.FindAll(static candidate => candidate.IsRequired);

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

    public override void ReleaseText()
    {
        Syntax = null;
        ReservedRanges = NoRanges;
        ReservedNames = NoNames;
        Oneofs = Oneofs.Count == 0 ? NoOneofs : Oneofs;
        Messages = Messages.Count == 0 ? NoMessages : Messages;
        Enums = Enums.Count == 0 ? NoEnums : Enums;
        Extensions = Extensions.Count == 0 ? NoExtensions : Extensions;
        ExtensionRanges = ExtensionRanges.Count == 0 ? NoExtensionRanges : ExtensionRanges;
        base.ReleaseText();
    }

    /// <summary>The end of a range in descriptors, which is exclusive.</summary>
    public int ExclusiveEnd(RangeSyntax range) =>
        !range.EndIsMax ? range.End + 1 : HasWideRanges ? int.MaxValue : FieldSymbol.MaxNumber + 1;
}

internal sealed class OneofSymbol : Symbol
{
    public OneofSymbol(string name, MessageSymbol parent)
        : base(name, parent.FullName, parent.File, parent) => Index = parent.Oneofs.Count;

    /// <summary>The place among the oneofs of the message.</summary>
    public int Index { get; }

    /// <summary>Whether the compiler made it for a proto3 <c>optional</c> field.</summary>
    public bool IsSynthetic { get; init; }

    public List<FieldSymbol> Fields { get; } = [];

    public override string KindName => "oneof";
}

internal sealed class ExtensionRangeSymbol(MessageSymbol parent, RangeSyntax syntax) : Symbol("", "", parent.File, parent)
{
    public RangeSyntax Syntax => syntax;

    public int Start => syntax.Start;

    /// <summary>The declarations of extensions by number; null until they are asked for.</summary>
    public Dictionary<int, OptionMessage>? Declarations { get; set; }

    /// <summary>Exclusive.</summary>
    public int End => parent.ExclusiveEnd(syntax);

    public override string KindName => "extension range";

    public override void ReleaseText() => Options = Options.WithoutText(OptionNumbers.Declaration, OptionNumbers.Verification);
}
