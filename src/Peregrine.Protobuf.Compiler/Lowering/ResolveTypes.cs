// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Finds what the names of types mean: of fields, extended messages, and the requests and responses of methods.</summary>
internal sealed class ResolveTypes(FileSymbol file, SymbolTable table)
{
    public static void Run(FileSymbol file, SymbolTable table)
    {
        ResolveTypes pass = new(file, table);
        file.Messages.ForEach(pass.ResolveMessage);
        file.Extensions.ForEach(pass.ResolveField);
        foreach (ServiceSymbol service in file.Services)
        {
            foreach (MethodSymbol method in service.Methods)
            {
                method.Input = pass.ResolveMethodType(method, method.Syntax.Input);
                method.Output = pass.ResolveMethodType(method, method.Syntax.Output);
            }
        }
    }

    private void ResolveMessage(MessageSymbol message)
    {
        if (message.IsDuplicate)
        {
            return;
        }

        message.Messages.ForEach(ResolveMessage);
        Dictionary<int, FieldSymbol> byNumber = new(message.Fields.Count);
        int? next = null;
        foreach (FieldSymbol field in message.Fields)
        {
            // A number that is none has been reported; that it stands there twice says nothing.
            ResolveField(field);
            if (field.Number > 0 && field.Syntax is not { HasNumber: false } && !byNumber.TryAdd(field.Number, field))
            {
                LoweringMessages.DuplicateFieldNumber(file.Diagnostics, field, byNumber[field.Number], file.Diagnostics.IsFull ? null : next ??= CheckNumbers.NextFreeNumber(message));
            }
        }

        message.Extensions.ForEach(ResolveField);
        foreach (OneofSymbol oneof in message.Oneofs)
        {
            if (oneof.Fields.Count == 0 && !file.Tree.HasErrors)
            {
                LoweringMessages.EmptyOneof(file.Diagnostics, oneof);
            }
        }
    }

    private void ResolveField(FieldSymbol field)
    {
        if (field.ExtendeeSyntax is not null)
        {
            ResolveExtendee(field);
        }

        if (field.Type is null && field.TypeSyntax is { Scalar: FieldKind.Unresolved } syntax && syntax.Name.Length > 0)
        {
            ResolveFieldType(field, syntax);
        }

        if (field is { Default: { } value, IsRepeated: false })
        {
            CheckDefault(field, value);
        }

        if (field is { IsExtension: true, ContainingType: { } extendee } && field.Kind != FieldKind.Unresolved)
        {
            TakeExtensionNumber(field, extendee);
        }
    }

    private void TakeExtensionNumber(FieldSymbol field, MessageSymbol extendee)
    {
        if (extendee.TryAddExtension(field) || extendee.FindExtension(field.Number) is not { } other)
        {
            return;
        }

        if (ReferenceEquals(other.File, file))
        {
            LoweringMessages.DuplicateExtensionNumber(file.Diagnostics, field, other, extendee);
        }
        else
        {
            LoweringMessages.DuplicateExtensionInOtherFile(file.Diagnostics, field, other, extendee);
        }
    }

    private void ResolveExtendee(FieldSymbol field)
    {
        TypeSyntax syntax = field.ExtendeeSyntax!;
        if (syntax.Name.Length == 0 || Find(syntax, field.FullName, typesOnly: false) is not { } symbol)
        {
            return;
        }

        if (symbol is not MessageSymbol extendee)
        {
            LoweringMessages.NotAMessage(file.Diagnostics, file.SpanOf(syntax), syntax.Name, symbol);
            return;
        }

        CheckVisible(extendee, syntax);
        field.ContainingType = extendee;
        if (field.Syntax!.HasNumber && extendee.FindExtensionRange(field.Number) is null)
        {
            LoweringMessages.NotAnExtensionNumber(file.Diagnostics, field, extendee);
        }
    }

    private void ResolveFieldType(FieldSymbol field, TypeSyntax syntax)
    {
        if (Find(syntax, field.FullName, typesOnly: true) is not { } symbol)
        {
            return;
        }

        switch (symbol)
        {
            case MessageSymbol:
                field.Kind = FieldKind.Message;
                field.Type = symbol;
                break;
            case EnumSymbol:
                field.Kind = FieldKind.Enum;
                field.Type = symbol;
                break;
            default:
                LoweringMessages.NotAType(file.Diagnostics, file.SpanOf(syntax), syntax.Name, symbol);
                return;
        }

        CheckVisible(symbol, syntax);
    }

    private void CheckDefault(FieldSymbol field, DefaultSyntax syntax)
    {
        Sources.SourceSpan? at = file.SpanOf(syntax.ValueToken);
        if (field.Kind is FieldKind.Message)
        {
            LegalizeMessages.MessageDefault(file.Diagnostics, at!.Value);
        }
        else if (field.EnumType is { } type)
        {
            string value = System.Text.Encoding.UTF8.GetString(syntax.Value);
            if (file.Tree.Tokens[syntax.ValueToken].Kind != TokenKind.Identifier)
            {
                LoweringMessages.EnumDefaultNotAName(file.Diagnostics, at, type);
            }
            else if (type.FindValue(value) is null)
            {
                LoweringMessages.UnknownEnumDefault(file.Diagnostics, at, type, value);
            }
        }
    }

    private MessageSymbol? ResolveMethodType(MethodSymbol method, TypeSyntax syntax)
    {
        if (syntax.Name.Length == 0 || Find(syntax, method.FullName, typesOnly: false) is not { } symbol)
        {
            return null;
        }

        if (symbol is not MessageSymbol message)
        {
            LoweringMessages.NotAMessage(file.Diagnostics, file.SpanOf(syntax), syntax.Name, symbol);
            return null;
        }

        CheckVisible(message, syntax);
        return message;
    }

    private Symbol? Find(TypeSyntax syntax, string scope, bool typesOnly)
    {
        Lookup lookup = table.Resolve(syntax.Name, scope, file, typesOnly);
        if (lookup.Symbol is null)
        {
            // Of a file that is not whole, or not all of whose imports are, nobody knows what it defines.
            if (file.MayLackNames)
            {
                return null;
            }

            LoweringMessages.NotDefined(file.Diagnostics, file.SpanOf(syntax), syntax.Name, lookup, file.Diagnostics.IsFull ? null : Suggestions.NearestType(syntax.Name, file, table.VisibleTypes(file)));
            return null;
        }

        file.Used.Add(lookup.Symbol.File);
        return lookup.Symbol;
    }

    private void CheckVisible(Symbol type, TypeSyntax syntax)
    {
        if (!ReferenceEquals(type.File, file) && VisibilityRules.IsLocal(type))
        {
            LoweringMessages.NotVisible(file.Diagnostics, file.SpanOf(syntax), type);
        }
    }
}
