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
    public static void Run(FileSymbol file)
    {
        CheckNames pass = new(file);
        pass.CheckPackage();
        file.Visit(pass.Check);
    }

    private void CheckPackage()
    {
        if (file.Package.Length == 0 || file.Features.EnforceNamingStyle != FeatureValues.Style2024)
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
        if (symbol.Features.EnforceNamingStyle != FeatureValues.Style2024)
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
