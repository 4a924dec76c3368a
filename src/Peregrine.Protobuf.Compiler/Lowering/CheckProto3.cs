// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Reports what is well formed but does not exist in proto3.</summary>
internal sealed class CheckProto3(FileSymbol file)
{
    public static void Run(FileSymbol file)
    {
        if (file.Edition != SourceEdition.Proto3)
        {
            return;
        }

        CheckProto3 pass = new(file);
        file.Extensions.ForEach(pass.CheckField);
        file.Messages.ForEach(pass.CheckMessage);
    }

    private void CheckMessage(MessageSymbol message)
    {
        message.Messages.ForEach(CheckMessage);
        message.Fields.ForEach(CheckField);
        message.Extensions.ForEach(CheckField);
        if (message.ExtensionRanges.Count > 0)
        {
            LegalizeMessages.ExtensionsInProto3(file.Diagnostics, file.Tree.Span(message.ExtensionRanges[0].Syntax));
        }

        if (message.IsMessageSet)
        {
            LegalizeMessages.MessageSetInProto3(file.Diagnostics, file.Tree.Span(message.NameToken));
        }
    }

    private void CheckField(FieldSymbol field)
    {
        // Key and value of a map are reported at the map.
        Sources.SourceSpan type = file.Tree.Span((field.Syntax?.Type ?? field.ContainingType!.MapField!.TypeSyntax!).First);
        if (field is { IsExtension: true, ContainingType: { } extendee } && !IsOptionsMessage(extendee))
        {
            ConstraintMessages.ExtensionInProto3(file.Diagnostics, field.SpanOf(field.ExtendeeSyntax!));
        }

        if (field.Label == FieldLabel.Required)
        {
            LegalizeMessages.RequiredInProto3(file.Diagnostics, type, field.Name);
        }

        if (field.Default is not null)
        {
            LegalizeMessages.DefaultInProto3(file.Diagnostics, file.Tree.Span(field.Default.ValueToken));
        }

        if (field.EnumType is { IsClosed: true })
        {
            ConstraintMessages.ClosedEnumInProto3(file.Diagnostics, type, field);
        }

        if (field.Kind == FieldKind.Group)
        {
            LegalizeMessages.GroupInProto3(file.Diagnostics, type);
        }
    }

    // In Google's own tree descriptor.proto has the package proto2, and protoc allows that name, too.
    private static bool IsOptionsMessage(MessageSymbol message) =>
        (message.FullName == "google.protobuf." + message.Name || message.FullName == "proto2." + message.Name) &&
        (message.Name is "FileOptions" or "MessageOptions" or "FieldOptions" or "EnumOptions" or "EnumValueOptions" or
            "ServiceOptions" or "MethodOptions" or "OneofOptions" or "ExtensionRangeOptions");
}
