// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Gives the names in a descriptor their meaning, and reads its options. Whoever made the descriptor has checked it: only what would break
/// the compilation is looked at again.
/// </summary>
internal sealed class LinkDescriptor(FileSymbol file, SymbolTable table, SymbolTable optionTypes)
{
    public static void Run(FileSymbol file, SymbolTable table, SymbolTable optionTypes)
    {
        DeclareSymbols.Run(file, table);
        LinkDescriptor pass = new(file, table, optionTypes);
        foreach (MessageSymbol message in file.AllMessages())
        {
            message.Fields.ForEach(pass.LinkField);
            message.Extensions.ForEach(pass.LinkField);
        }

        file.Extensions.ForEach(pass.LinkField);
        foreach (ServiceSymbol service in file.Services)
        {
            foreach (MethodSymbol method in service.Methods)
            {
                method.Input = pass.Find<MessageSymbol>(method.Syntax.Input.Name, method);
                method.Output = pass.Find<MessageSymbol>(method.Syntax.Output.Name, method);
            }
        }

        if (!file.Diagnostics.HasErrors)
        {
            file.Visit(pass.ReadOptions);
            ResolveFeatures.Run(file);
        }
    }

    private void LinkField(FieldSymbol field)
    {
        if (field.ExtendeeSyntax is { } extendee && Find<MessageSymbol>(extendee.Name, field) is { } message)
        {
            field.ContainingType = message;
            message.ExtensionsByNumber.TryAdd(field.Number, field);
        }

        if (field.TypeSyntax is { Name: { Length: > 0 } name } && Find<Symbol>(name, field) is { } type)
        {
            field.Type = type;
            if (field.Kind == FieldKind.Unresolved)
            {
                field.Kind = type is EnumSymbol ? FieldKind.Enum : FieldKind.Message;
            }
        }

        bool fits = field.Kind switch
        {
            FieldKind.Message or FieldKind.Group => field.Type is MessageSymbol,
            FieldKind.Enum => field.Type is EnumSymbol,
            FieldKind.Unresolved => false,
            _ => field.Type is null,
        };
        if (!fits && !file.Diagnostics.HasErrors)
        {
            LoweringMessages.BadDescriptor(file.Diagnostics, $"The type of \"{field.FullName}\" is not what its descriptor says.");
        }
    }

    private T? Find<T>(string name, Symbol user)
        where T : Symbol
    {
        Symbol? symbol = name.StartsWith('.') ? table.Find(name[1..]) : table.Resolve(name, user.FullName, file, typesOnly: true).Symbol;
        if (symbol is T found && (symbol.IsType || typeof(T) != typeof(Symbol)))
        {
            return found;
        }

        LoweringMessages.BadDescriptor(file.Diagnostics, $"\"{user.FullName}\" refers to \"{name}\", which is no type, or is in none of the files that it imports.");
        return null;
    }

    private void ReadOptions(Symbol symbol)
    {
        OptionSet options = symbol.Options;
        if (options.Serialized is { } bytes && optionTypes.Find(options.MessageName) is MessageSymbol type)
        {
            options.Value = OptionMessageReader.Read(bytes, type);
            if (options.Value is null)
            {
                LoweringMessages.BadDescriptor(file.Diagnostics, $"The options of \"{symbol.FullName}\" cannot be read.");
            }
        }
    }
}
