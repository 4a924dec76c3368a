// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Puts the symbols of a file into the table and reports names that are taken.</summary>
internal static class DeclareSymbols
{
    // The limits that every protobuf implementation has.
    private const int MaxPackageDepth = 101;
    private const int MaxPackageLength = 511;

    public static void Run(FileSymbol file, SymbolTable table)
    {
        if (file.Package.Length > 0)
        {
            DeclarePackage(file, table);
        }

        foreach (MessageSymbol message in file.Messages)
        {
            DeclareMessage(message, file, table);
        }

        foreach (EnumSymbol symbol in file.Enums)
        {
            DeclareEnum(symbol, file, table);
        }

        foreach (ServiceSymbol service in file.Services)
        {
            Declare(service, file, table);
            foreach (MethodSymbol method in service.Methods)
            {
                Declare(method, file, table);
            }
        }

        foreach (FieldSymbol extension in file.Extensions)
        {
            Declare(extension, file, table);
        }
    }

    /// <summary>Takes the symbols of a file that has errors out again, so that other files do not build on them.</summary>
    public static void Undo(FileSymbol file, SymbolTable table) => file.Visit(symbol =>
    {
        if (symbol is FileSymbol)
        {
            return;
        }

        table.Remove(symbol);
        if (symbol is FieldSymbol { IsExtension: true, ContainingType: { } extendee } extension)
        {
            extendee.RemoveExtension(extension);
        }
    });

    private static void DeclarePackage(FileSymbol file, SymbolTable table)
    {
        Syntax.Nodes.SyntaxNode? syntax = file.Tree.Root.Members.FindLast(member => member is Syntax.Nodes.PackageSyntax);
        Sources.SourceSpan? at = syntax is null ? null : file.SpanOf(syntax);
        if (file.Package.AsSpan().Count('.') > MaxPackageDepth - 1)
        {
            LoweringMessages.PackageTooDeep(file.Diagnostics, at);
        }
        else if (file.Package.Length > MaxPackageLength)
        {
            LoweringMessages.PackageTooLong(file.Diagnostics, at, MaxPackageLength);
        }
        else if (table.AddPackage(file.Package, file) is { } present)
        {
            LoweringMessages.PackageIsSymbol(file.Diagnostics, at, present);
        }
    }

    private static void DeclareMessage(MessageSymbol message, FileSymbol file, SymbolTable table)
    {
        if (!Declare(message, file, table))
        {
            // What is inside would clash with what is inside the other one.
            message.IsDuplicate = true;
            return;
        }

        DeclareAll(message.Oneofs, file, table);
        DeclareAll(message.Fields, file, table);
        foreach (EnumSymbol nested in message.Enums)
        {
            DeclareEnum(nested, file, table);
        }

        foreach (MessageSymbol nested in message.Messages)
        {
            DeclareMessage(nested, file, table);
        }

        DeclareAll(message.Extensions, file, table);
    }

    private static void DeclareEnum(EnumSymbol symbol, FileSymbol file, SymbolTable table)
    {
        Declare(symbol, file, table);
        DeclareAll(symbol.Values, file, table);
    }

    private static void DeclareAll<T>(List<T> symbols, FileSymbol file, SymbolTable table)
        where T : Symbol
    {
        foreach (T symbol in symbols)
        {
            Declare(symbol, file, table);
        }
    }

    private static bool Declare(Symbol symbol, FileSymbol file, SymbolTable table)
    {
        // A name that is missing has been reported by the parser.
        if (symbol.Name.Length == 0 || table.TryAdd(symbol))
        {
            return true;
        }

        Symbol present = table.Find(symbol.FullName)!;
        if (symbol is MessageSymbol { IsMapEntry: true })
        {
            LoweringMessages.MapEntryConflict(file.Diagnostics, symbol, present);
        }
        else
        {
            LoweringMessages.DuplicateName(file.Diagnostics, symbol, present);
        }

        return false;
    }
}
