// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks names against the style guide, where the feature <c>enforce_naming_style</c> asks for it: since edition 2024.</summary>
internal sealed class CheckNames(FileSymbol file)
{
    private static readonly string[] AccessorPrefixes = ["has_", "get_", "set_", "clear_"];

    public static void Run(FileSymbol file)
    {
        CheckNames pass = new(file);
        pass.CheckPackage();
        file.Visit(pass.Check);
    }

    private static bool IsEnforced(Symbol symbol) => symbol.Features.EnforceNamingStyle is FeatureValues.Style2024 or FeatureValues.Style2026;

    private void CheckPackage()
    {
        if (file.Package.Length == 0 || !IsEnforced(file))
        {
            return;
        }

        SyntaxNode? declaration = file.Tree.Root.Members.FindLast(member => member is PackageSyntax);
        Report(declaration is null ? null : file.SpanOf(declaration), "package", file.Package, SnakeCaseProblem(file.Package.Replace(".", "", StringComparison.Ordinal), isUpper: false) ?? PartProblem());

        // An underscore at the end of a part has no letter behind it, either.
        string? PartProblem() => file.Package.Contains("_.", StringComparison.Ordinal) ? "has an underscore that no letter follows" : null;
    }

    private void Check(Symbol symbol)
    {
        if (!IsEnforced(symbol))
        {
            return;
        }

        string? problem = symbol switch
        {
            MessageSymbol { IsMapEntry: true } or FieldSymbol { ContainingType.IsMapEntry: true } or OneofSymbol { IsSynthetic: true } => null,
            MessageSymbol or EnumSymbol or ServiceSymbol or MethodSymbol => TitleCaseProblem(symbol.Name),
            EnumValueSymbol => SnakeCaseProblem(symbol.Name, isUpper: true),
            FieldSymbol or OneofSymbol => SnakeCaseProblem(symbol.Name, isUpper: false),
            _ => null,
        };
        Report(symbol.NameSpan, symbol.KindName, symbol.Name, problem);
        if (symbol.Features.EnforceNamingStyle == FeatureValues.Style2026)
        {
            Report(symbol.NameSpan, symbol.KindName, symbol.Name, CollisionProblem(symbol));
        }
    }

    // Names that generated code needs for itself.
    private static string? CollisionProblem(Symbol symbol)
    {
        MessageSymbol? message = symbol switch
        {
            FieldSymbol field => field.ContainingType,
            OneofSymbol oneof => (MessageSymbol)oneof.Parent!,
            _ => null,
        };
        if (message is null)
        {
            return null;
        }

        bool IsTaken(string name) => message.FindField(name) is not null || message.Oneofs.Exists(oneof => oneof.Name == name);
        string? prefix = Array.Find(AccessorPrefixes, start => symbol.Name.StartsWith(start, StringComparison.Ordinal) && IsTaken(symbol.Name[start.Length..]));
        if (prefix is not null)
        {
            return $"must not begin with \"{prefix}\" beside a field \"{symbol.Name[prefix.Length..]}\": generated code may have a method of that name";
        }

        const string Suffix = "_value";
        return symbol.Name.EndsWith(Suffix, StringComparison.Ordinal) && IsTaken(symbol.Name[..^Suffix.Length])
            ? $"must not end with \"{Suffix}\" beside a field \"{symbol.Name[..^Suffix.Length]}\": generated code may have a member of that name"
            : symbol.Name == "descriptor" ? "is taken by generated code" : null;
    }

    private void Report(SourceSpan? at, string what, string name, string? problem)
    {
        if (problem is not null)
        {
            ConstraintMessages.Style(file.Diagnostics, at, what, name, problem);
        }
    }

    private static string? TitleCaseProblem(string name) =>
        name.Contains('_', StringComparison.Ordinal) ? "must be TitleCase, without underscores"
        : char.IsAsciiLetterUpper(name[0]) ? null : "must begin with a capital letter";

    private static string? SnakeCaseProblem(string name, bool isUpper)
    {
        bool IsLetter(char c) => isUpper ? char.IsAsciiLetterUpper(c) : char.IsAsciiLetterLower(c);
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] != '_' && !char.IsAsciiDigit(name[i]) && !IsLetter(name[i]))
            {
                return isUpper ? "must be UPPER_SNAKE_CASE" : "must be lower_snake_case";
            }
        }

        if (!IsLetter(name[0]))
        {
            return isUpper ? "must begin with a capital letter" : "must begin with a small letter";
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && (i == name.Length - 1 || !IsLetter(name[i + 1])))
            {
                return "has an underscore that no letter follows";
            }
        }

        return null;
    }
}
