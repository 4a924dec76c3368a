// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>The part of <see cref="CheckConstraints"/> that looks at one field or extension.</summary>
internal sealed class CheckField(FieldSymbol field, DiagnosticBag bag)
{
    private readonly SourceSpan? _type = field.TypeSyntax is { } type && field.Syntax is not null ? field.SpanOf(type.First) : field.NameSpan;

    public void Run()
    {
        if (field.Kind == FieldKind.Unresolved)
        {
            // Its type has been reported as unknown; without it the rest is guesswork.
            return;
        }

        // Key and value of a map have been checked with it.
        if (field.ContainingType is { IsMapEntry: true })
        {
            return;
        }

        if (field.File.IsEditions)
        {
            CheckFeatures();
        }

        CheckFieldOptions();
        CheckMessageSet();
        if (CheckConstraints.IsLite(field.File) && field.ContainingType is { } container && !CheckConstraints.IsLite(container.File))
        {
            ConstraintMessages.ExtensionOfNonLite(bag, field.ExtendeeSyntax is { } extendee ? field.SpanOf(extendee) : null);
        }

        if (field.Type is MessageSymbol { IsMapEntry: true } entry)
        {
            if (ReferenceEquals(entry.MapField, field))
            {
                entry.Fields.ForEach(CheckMapEntryField);
            }
            else
            {
                LoweringMessages.MapEntryAsType(bag, _type, entry);
            }
        }

        bool is64Bit = field.Kind is FieldKind.Int64 or FieldKind.UInt64 or FieldKind.SInt64 or FieldKind.Fixed64 or FieldKind.SFixed64;
        if (field.Options.Get(OptionNumbers.JsType) is int and not 0 && !is64Bit)
        {
            ConstraintMessages.OptionNotForField(bag, _type, "jstype", "integers of 64 bits");
        }

        CheckJsonName();
        if (field.IsExtension)
        {
            ExtensionDeclarations.CheckExtension(field, bag);
        }
    }

    private void CheckMapEntryField(FieldSymbol part)
    {
        if (part.IsRequired)
        {
            // By a feature of the message: the map itself cannot have it.
            ConstraintMessages.RequiredMapEntry(bag, _type);
            return;
        }

        if (part.Name == "key")
        {
            if (part.Kind is FieldKind.Float or FieldKind.Double or FieldKind.Bytes or FieldKind.Message or FieldKind.Group or FieldKind.Enum)
            {
                ConstraintMessages.MapKey(bag, _type, part.Type?.FullName ?? FieldKinds.Keyword(part.Kind));
            }
        }
        else if (part.EnumType is { Values: [{ Number: not 0 }, ..] })
        {
            ConstraintMessages.MapEnumWithoutZero(bag, _type);
        }
    }

    private void CheckFeatures()
    {
        OptionMessage? written = ResolveFeatures.Written(field);
        if (field.Options.Value?.Has(OptionNumbers.Packed) == true)
        {
            ConstraintMessages.NotInEditions(bag, field.NameSpan, "packed", "repeated_field_encoding");
        }

        bool isSingular = !field.IsRepeated;
        bool isImplicit = isSingular && field.Features.FieldPresence == FeatureValues.Implicit && !field.IsMessage && !field.IsExtension && field.Oneof is null;
        if (isImplicit && field.Default is not null)
        {
            ConstraintMessages.ImplicitDefault(bag, field);
        }

        if (isImplicit && field.EnumType is { IsClosed: true })
        {
            ConstraintMessages.ImplicitClosedEnum(bag, field);
        }

        if (field is { IsExtension: true, IsRequired: true })
        {
            ConstraintMessages.RequiredExtension(bag, field.NameSpan);
        }

        if (written is null)
        {
            return;
        }

        if (written.Get(OptionNumbers.FieldPresence) is int presence)
        {
            CheckPresence(presence);
        }

        if (isSingular && written.Has(OptionNumbers.RepeatedFieldEncoding))
        {
            ConstraintMessages.FeatureNotForField(bag, field, "repeated_field_encoding", "it is for repeated fields");
        }

        if (field.Kind != FieldKind.String && !IsStringMap() && written.Has(OptionNumbers.Utf8Validation))
        {
            ConstraintMessages.FeatureNotForField(bag, field, "utf8_validation", "it is for string fields");
        }

        if (written.Get(OptionNumbers.RepeatedFieldEncoding) is FeatureValues.Packed && !(field.IsRepeated && FieldKinds.IsPackable(field.Kind)))
        {
            ConstraintMessages.FeatureNotForField(bag, field, "repeated_field_encoding", "only numbers, bool and enums can be packed");
        }

        if (written.Has(OptionNumbers.MessageEncoding) && (!field.IsMessage || field.IsMap))
        {
            ConstraintMessages.FeatureNotForField(bag, field, "message_encoding", "it is for message fields");
        }
    }

    private void CheckPresence(int presence)
    {
        string? problem = field switch
        {
            { Oneof: not null } => "a field of a oneof always has presence",
            { IsRepeated: true } => "a repeated field has no presence",
            { IsExtension: true } when presence != FeatureValues.LegacyRequired => "an extension always has presence",
            { IsMessage: true } when presence == FeatureValues.Implicit => "a message field always has presence",
            _ => null,
        };
        if (problem is not null)
        {
            ConstraintMessages.FeatureNotForField(bag, field, "field_presence", problem);
        }
    }

    private bool IsStringMap() => field.IsMap && field.MessageType!.Fields.Exists(part => part.Kind == FieldKind.String);

    private void CheckFieldOptions()
    {
        OptionSet options = field.Options;
        if (field.File.Edition >= SourceEdition.Edition2024 && options.Find("ctype") is not null)
        {
            ConstraintMessages.NotInEditions(bag, _type, "ctype", "(pb.cpp).string_type");
        }

        if (options.GetBool(OptionNumbers.Lazy) || options.GetBool(OptionNumbers.UnverifiedLazy))
        {
            if (field.Kind != FieldKind.Message || field.IsDelimited)
            {
                ConstraintMessages.OptionNotForField(bag, _type, "lazy", "message fields");
            }

            if (options.GetBool(OptionNumbers.UnverifiedLazy) && field.IsExtension)
            {
                ConstraintMessages.OptionNotForField(bag, _type, "unverified_lazy", "fields that are no extensions");
            }
        }

        if (options.GetBool(OptionNumbers.Packed) && !(field.IsRepeated && FieldKinds.IsPackable(field.Kind)))
        {
            ConstraintMessages.OptionNotForField(bag, _type, "packed", "repeated fields of numbers, bool and enums");
        }
    }

    private void CheckMessageSet()
    {
        if (field.ContainingType is not { IsMessageSet: true })
        {
            return;
        }

        if (!field.IsExtension)
        {
            ConstraintMessages.MessageSetField(bag, field);
        }
        else if (field.IsRequired || field.IsRepeated || field.Kind != FieldKind.Message)
        {
            ConstraintMessages.MessageSetExtension(bag, _type);
        }
    }

    private void CheckJsonName()
    {
        if (field.ExplicitJsonName is not { } json)
        {
            return;
        }

        if (field.IsExtension && json.Value != AssignJsonNames.ToJsonName(field.Name))
        {
            ConstraintMessages.JsonNameOnExtension(bag, field.SpanOf(json));
        }

        if (json.Value.Contains('\0', StringComparison.Ordinal))
        {
            ConstraintMessages.JsonNameWithNul(bag, field.SpanOf(json));
        }
    }
}
