// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>A field of a message, or an extension.</summary>
internal sealed class FieldSymbol : Symbol
{
    /// <summary>The largest field number: 29 bits, since a tag has 32 and three are the wire type.</summary>
    public const int MaxNumber = (1 << 29) - 1;

    public FieldSymbol(string name, string scope, FileSymbol file, Symbol parent)
        : base(name, scope, file, parent)
    {
    }

    /// <summary>The text; null for key and value of a map's entry.</summary>
    public FieldSyntax? Syntax { get; set; }

    /// <summary>The type as it is written.</summary>
    public TypeSyntax? TypeSyntax { get; set; }

    /// <summary>The message that an extension extends, as it is written; null for a field.</summary>
    public TypeSyntax? ExtendeeSyntax { get; set; }

    public bool IsExtension { get; init; }

    public FieldLabel Label { get; set; }

    public int Number { get; init; }

    public FieldKind Kind { get; set; }

    /// <summary>The message or the enum, once it is known.</summary>
    public Symbol? Type { get; set; }

    /// <summary>The message that holds the field, or that the extension extends.</summary>
    public MessageSymbol? ContainingType { get; set; }

    public OneofSymbol? Oneof { get; set; }

    public bool IsProto3Optional { get; init; }

    public DefaultSyntax? Default { get; set; }

    public JsonNameSyntax? ExplicitJsonName { get; set; }

    /// <summary>The name in JSON: lowerCamelCase of the name, if none is written.</summary>
    public string JsonName { get; set; } = "";

    public bool IsRepeated => Label == FieldLabel.Repeated;

    public bool IsMap => Type is MessageSymbol { IsMapEntry: true };

    public bool IsMessage => Kind is FieldKind.Message or FieldKind.Group;

    public override string KindName => IsExtension ? "extension" : "field";

    /// <summary>Whether values are written as a group: by the keyword, or by <c>features.message_encoding = DELIMITED</c>.</summary>
    public bool IsDelimited => Kind == FieldKind.Group ||
        (Kind == FieldKind.Message && File.IsEditions && !IsMap && ContainingType is not { IsMapEntry: true } &&
            Features.MessageEncoding == FeatureValues.Delimited);

    public bool IsRequired => Label == FieldLabel.Required || (File.IsEditions && Features.FieldPresence == FeatureValues.LegacyRequired);

    public MessageSymbol? MessageType => Type as MessageSymbol;

    public EnumSymbol? EnumType => Type as EnumSymbol;

    public override void ReleaseText()
    {
        Syntax = null;
        TypeSyntax = null;
        ExtendeeSyntax = null;
        Default = null;
        ExplicitJsonName = null;
        JsonName = "";
        Options = Options.WithoutText(
            OptionNumbers.Packed, OptionNumbers.DebugRedact, OptionNumbers.Retention, OptionNumbers.Targets,
            OptionNumbers.EditionDefaults, OptionNumbers.FieldFeatureSupport);
    }
}
