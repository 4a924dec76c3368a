// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Puts the symbols of a file into the table and reports names that are taken, and what is wrong with numbers.</summary>
internal sealed class DeclareSymbols
{
    // The limits that every protobuf implementation has.
    private const int MaxPackageDepth = 101;
    private const int MaxPackageLength = 511;

    // Of a full name: what protoc keeps lengths in has 16 bits.
    private const int MaxNameLength = ushort.MaxValue;

    private readonly FileSymbol _file;
    private readonly SymbolTable _table;
    private readonly CheckNumbers _numbers;
    private int _depth;
    private bool _isInDuplicate;
    private bool _hasReportedMember;

    private DeclareSymbols(FileSymbol file, SymbolTable table)
    {
        _file = file;
        _table = table;
        _numbers = new CheckNumbers(file);
    }

    public static void Run(FileSymbol file, SymbolTable table)
    {
        DeclareSymbols pass = new(file, table);
        if (file.Package.Length > 0)
        {
            pass.DeclarePackage();
        }

        pass.CheckImports();
        file.Messages.ForEach(pass.DeclareMessage);
        file.Enums.ForEach(pass.DeclareEnum);
        foreach (ServiceSymbol service in file.Services)
        {
            service.Methods.ForEach(pass.Declare);
            pass.Declare(service);
        }

        file.Extensions.ForEach(pass.DeclareField);
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

    private void DeclarePackage()
    {
        SyntaxNode? syntax = _file.Tree.Root.Members.FindLast(member => member is PackageSyntax);
        Sources.SourceSpan? at = syntax is null ? null : _file.SpanOf(syntax);
        if (_file.Package.AsSpan().Count('.') > MaxPackageDepth - 1)
        {
            LoweringMessages.PackageTooDeep(_file.Diagnostics, at);
        }
        else if (_file.Package.Length > MaxPackageLength)
        {
            LoweringMessages.PackageTooLong(_file.Diagnostics, at, MaxPackageLength);
        }
        else if (_table.AddPackage(_file.Package, _file) is { } present)
        {
            LoweringMessages.PackageIsSymbol(_file.Diagnostics, at, present);
        }
    }

    private void CheckImports()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ImportSymbol import in _file.Imports)
        {
            if (!seen.Add(import.Syntax.Path))
            {
                ImportSyntax last = _file.Imports.FindLast(other => other.Syntax.Path == import.Syntax.Path)!.Syntax;
                LoweringMessages.ImportedTwice(_file.Diagnostics, _file.SpanOf(last), last.Path);
            }
        }
    }

    // Members first: their errors stand before those of the message that holds them.
    private void DeclareMessage(MessageSymbol message)
    {
        if (HasTooLongName(message))
        {
            return;
        }

        bool isInDuplicate = _isInDuplicate;
        if (message.Name.Length > 0 && _table.Find(message) is not null)
        {
            message.IsDuplicate = true;
            _hasReportedMember &= isInDuplicate;
            _isInDuplicate = true;
        }

        message.Oneofs.ForEach(Declare);
        message.Fields.ForEach(DeclareField);
        message.Enums.ForEach(DeclareEnum);
        _numbers.CheckExtensionRanges(message);
        message.Extensions.ForEach(DeclareField);
        _numbers.CheckReservedRanges(message);
        if (++_depth > DeclarationParser.MaxMessageDepth)
        {
            SyntaxMessages.TooDeep(_file.Diagnostics, message.NameSpan, DeclarationParser.MaxMessageDepth);
        }
        else
        {
            message.Messages.ForEach(DeclareMessage);
        }

        _depth--;
        _isInDuplicate = isInDuplicate;
        Declare(message);
        _numbers.CheckReserved(message);
    }

    // Said of the outermost name: what is inside has one that is longer still.
    private bool HasTooLongName(Symbol symbol)
    {
        if (symbol.Scope.Length + 1 + symbol.Name.Length <= MaxNameLength)
        {
            return false;
        }

        LoweringMessages.NameTooLong(_file.Diagnostics, symbol, MaxNameLength);
        return true;
    }

    private void DeclareField(FieldSymbol field)
    {
        _numbers.CheckField(field);
        Declare(field);
    }

    private void DeclareEnum(EnumSymbol symbol)
    {
        if (HasTooLongName(symbol))
        {
            return;
        }

        _numbers.CheckValues(symbol);
        symbol.Values.ForEach(Declare);
        _numbers.CheckReservedRanges(symbol);
        Declare(symbol);
        _numbers.CheckReserved(symbol);
    }

    private void Declare(Symbol symbol)
    {
        // A name that is missing has been reported by the parser.
        if (symbol.Name.Length == 0 || HasTooLongName(symbol) || _table.TryAdd(symbol))
        {
            return;
        }

        // Of what is inside a message whose name is taken, most is taken, too; one of it is enough to say.
        if (_isInDuplicate && _hasReportedMember)
        {
            return;
        }

        _hasReportedMember |= _isInDuplicate;
        Symbol present = _table.Find(symbol)!;
        if (symbol is MessageSymbol { IsMapEntry: true })
        {
            LoweringMessages.MapEntryConflict(_file.Diagnostics, symbol, present);
        }
        else
        {
            LoweringMessages.DuplicateName(_file.Diagnostics, symbol, present);
        }
    }
}
