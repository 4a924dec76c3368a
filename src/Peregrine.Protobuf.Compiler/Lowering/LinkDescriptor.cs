// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks a descriptor, gives the names in it their meaning, and reads its options.</summary>
internal sealed class LinkDescriptor(FileSymbol file, SymbolTable table)
{
    public static void Run(FileSymbol file, SymbolTable table)
    {
        DeclareSymbols.Run(file, table);
        Check(file, table);
        LinkDescriptor pass = new(file, table);
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

    // The rules are those that the runtime has for descriptors. Where a file has imports that came as text, there are no descriptors yet to
    // build it from: then its author's compiler is trusted, and only what would break the compilation is looked at below.
    private static void Check(FileSymbol file, SymbolTable table)
    {
        FileDescriptorProto proto = file.Source.Descriptor!;
        foreach (string import in proto.Dependency)
        {
            if (table.Descriptors.FindFile(import) is null)
            {
                return;
            }
        }

        try
        {
            table.Descriptors.Add(proto);
        }
        catch (DescriptorValidationException e)
        {
            // Names that are there twice have been reported already.
            if (!file.Diagnostics.HasErrors)
            {
                LoweringMessages.BadDescriptor(file.Diagnostics, e.ProblemSymbolName.Length == 0 ? e.Description : $"{e.ProblemSymbolName}: {e.Description}");
            }
        }
    }

    private void LinkField(FieldSymbol field)
    {
        if (field.ExtendeeSyntax is { } extendee && Find<MessageSymbol>(extendee.Name, field) is { } message)
        {
            field.ContainingType = message;
            message.TryAddExtension(field);
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
        Symbol? symbol = name.StartsWith('.') ? table.Find(name.AsSpan(1)) : table.Resolve(name, user.FullName, file, typesOnly: true).Symbol;
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
        if (options.Serialized is { } bytes && table.FindOptionsMessage(options.MessageName) is { } type)
        {
            options.Value = OptionMessageReader.Read(bytes, type);
            if (options.Value is null)
            {
                LoweringMessages.BadDescriptor(file.Diagnostics, $"The options of \"{symbol.FullName}\" cannot be read.");
            }
        }
    }
}
