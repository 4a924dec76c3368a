// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Extension ranges can declare who may use their numbers: checks the declarations, and extensions against them.</summary>
internal static class ExtensionDeclarations
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private const int VerifyDeclarations = 0;
    private const int Unverified = 1;

    private readonly record struct Entry(int Number, string FullName, string Type, bool IsReserved, bool IsRepeated, bool HasName, bool HasType);

    public static void CheckRanges(MessageSymbol message, DiagnosticBag bag)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            SourceSpan? at = range.SpanOf(range.Syntax);
            if (!message.IsMessageSet && range.End > FieldSymbol.MaxNumber + 1)
            {
                LoweringMessages.ExtensionRangeTooLarge(bag, at, range.End - 1);
            }

            List<Entry> entries = Read(range);
            if (entries.Count == 0)
            {
                continue;
            }

            if (range.Options.Get(OptionNumbers.Verification) is Unverified)
            {
                ConstraintMessages.Declaration(bag, at, "A range with declarations cannot be UNVERIFIED.");
                return;
            }

            HashSet<int> numbers = [];
            foreach (Entry entry in entries)
            {
                Check(entry, range, at, names, numbers, bag);
            }
        }
    }

    public static void CheckExtension(FieldSymbol field, DiagnosticBag bag)
    {
        // What descriptor.proto declares for its own messages is advice for those who give out numbers, and not enforced.
        if (field.ContainingType?.FindExtensionRange(field.Number) is not { } range || range.Options.Value is null || field.ContainingType.File.Name == ImportResolver.DescriptorPath)
        {
            return;
        }

        SourceSpan? at = field.ExtendeeSyntax is { } extendee ? field.SpanOf(extendee) : null;
        if (!DeclarationsOf(range).TryGetValue(field.Number, out OptionMessage? declaration))
        {
            if (DeclarationsOf(range).Count > 0 || range.Options.Get(OptionNumbers.Verification) is VerifyDeclarations)
            {
                ConstraintMessages.Declaration(bag, at, string.Create(CultureInfo.InvariantCulture, $"The extension range of \"{field.ContainingType.FullName}\" has declarations, but none for \"{field.FullName}\" with the number {field.Number}."));
            }

            return;
        }

        Entry declared = Read(declaration);
        string type = field.Type is null ? FieldKinds.Keyword(field.Kind) : "." + field.Type.FullName;
        string? problem = declared switch
        {
            { IsReserved: true } => string.Create(CultureInfo.InvariantCulture, $"The extension number {field.Number} of \"{field.ContainingType.FullName}\" is reserved by a declaration."),
            _ when declared.FullName != "." + field.FullName => string.Create(CultureInfo.InvariantCulture, $"The extension {field.Number} of \"{field.ContainingType.FullName}\" is declared with the name \"{declared.FullName}\", not \".{field.FullName}\"."),
            _ when declared.Type != type => string.Create(CultureInfo.InvariantCulture, $"The extension {field.Number} of \"{field.ContainingType.FullName}\" is declared with the type \"{declared.Type}\", not \"{type}\"."),
            _ when declared.IsRepeated != field.IsRepeated => string.Create(CultureInfo.InvariantCulture, $"The extension {field.Number} of \"{field.ContainingType.FullName}\" is declared as {(declared.IsRepeated ? "repeated" : "optional")}."),
            _ => null,
        };
        if (problem is not null)
        {
            ConstraintMessages.Declaration(bag, at, problem);
        }
    }

    private static void Check(Entry entry, ExtensionRangeSymbol range, SourceSpan? at, HashSet<string> names, HashSet<int> numbers, DiagnosticBag bag)
    {
        string number = entry.Number.ToString(CultureInfo.InvariantCulture);
        if (!numbers.Add(entry.Number))
        {
            ConstraintMessages.Declaration(bag, at, $"The extension number {number} is declared twice.");
        }

        if (entry.Number < range.Start || entry.Number >= range.End)
        {
            ConstraintMessages.Declaration(bag, at, $"The declaration of the extension number {number} lies outside of its range.");
        }

        if (entry is { HasName: false, HasType: false, IsReserved: true })
        {
            return;
        }

        if (!entry.HasName || !entry.HasType)
        {
            ConstraintMessages.Declaration(bag, at, $"The declaration of the extension number {number} needs both \"full_name\" and \"type\".");
            return;
        }

        if (!names.Add(entry.FullName))
        {
            ConstraintMessages.Declaration(bag, at, $"The extension name \"{entry.FullName}\" is declared twice.");
        }

        if (NameProblem(entry.FullName) is { } nameProblem)
        {
            ConstraintMessages.Declaration(bag, at, nameProblem);
        }

        if (FieldKinds.FromKeyword(Encoding.UTF8.GetBytes(entry.Type)) == FieldKind.Unresolved && NameProblem(entry.Type) is { } typeProblem)
        {
            ConstraintMessages.Declaration(bag, at, typeProblem);
        }
    }

    private static string? NameProblem(string name)
    {
        if (!name.StartsWith('.'))
        {
            return $"The name \"{name}\" in a declaration must start with a dot: it is written from the outermost scope.";
        }

        foreach (string part in name[1..].Split('.'))
        {
            if (part.Length == 0 || char.IsAsciiDigit(part[0]) || part.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                return $"The name \"{name}\" in a declaration is not a name.";
            }
        }

        return null;
    }

    private static List<Entry> Read(ExtensionRangeSymbol range)
    {
        List<Entry> entries = [];
        foreach (object value in range.Options.Value?.Find(OptionNumbers.Declaration)?.Values ?? [])
        {
            entries.Add(Read((OptionMessage)value));
        }

        return entries;
    }

    private static Entry Read(OptionMessage declaration) => new(
        declaration.Get(OptionNumbers.DeclarationNumber) as int? ?? 0,
        Text(declaration.Get(OptionNumbers.DeclarationFullName)),
        Text(declaration.Get(OptionNumbers.DeclarationType)),
        declaration.Get(OptionNumbers.DeclarationReserved) is true,
        declaration.Get(OptionNumbers.DeclarationRepeated) is true,
        declaration.Has(OptionNumbers.DeclarationFullName),
        declaration.Has(OptionNumbers.DeclarationType));

    // A range may declare thousands of extensions, and each of them looks for its own.
    private static Dictionary<int, OptionMessage> DeclarationsOf(ExtensionRangeSymbol range)
    {
        if (range.Declarations is null)
        {
            range.Declarations = [];
            foreach (object value in range.Options.Value?.Find(OptionNumbers.Declaration)?.Values ?? [])
            {
                OptionMessage declaration = (OptionMessage)value;
                range.Declarations.TryAdd(declaration.Get(OptionNumbers.DeclarationNumber) as int? ?? 0, declaration);
            }
        }

        return range.Declarations;
    }

    private static string Text(object? value) => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";
}
