// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks that options and features are used only in the editions that have them.</summary>
internal sealed class CheckLifetimes(FileSymbol file)
{
    public static void Run(FileSymbol file)
    {
        CheckLifetimes pass = new(file);
        file.Visit(pass.Check);
    }

    private void Check(Symbol symbol)
    {
        if (symbol.Options.Value is not { } options)
        {
            return;
        }

        // The copies that a map's key and value have of its features are reported at the map.
        if (symbol.Parent is MessageSymbol { IsMapEntry: true })
        {
            return;
        }

        Check(options, symbol is FileSymbol ? FilePlace() : symbol.NameSpan);
    }

    // What holds for a whole file is reported at its package.
    private SourceSpan? FilePlace() => file.SpanOf(
        file.Tree.Root.Members.Find(member => member is PackageSyntax) ?? (SyntaxNode?)file.Tree.Root.Declaration ?? file.Tree.Root);

    private void Check(OptionMessage message, SourceSpan? at)
    {
        foreach (OptionField entry in message.Fields)
        {
            FieldSymbol field = entry.Field;
            CheckSupport(field.FullName, field.Options.Get(OptionNumbers.FieldFeatureSupport) as OptionMessage, at);
            foreach (object value in entry.Values)
            {
                if (value is OptionMessage inner)
                {
                    Check(inner, at);
                }
                else if (field.Kind == FieldKind.Enum && value is int number && field.EnumType?.FindValue(number) is { } known)
                {
                    CheckSupport(known.FullName, known.Options.Get(OptionNumbers.EnumValueFeatureSupport) as OptionMessage, at);
                }
            }
        }
    }

    private void CheckSupport(string name, OptionMessage? support, SourceSpan? at)
    {
        if (support is null)
        {
            return;
        }

        if (support.Get(OptionNumbers.EditionIntroduced) is int introduced && (int)file.Edition < introduced)
        {
            OptionMessages.NotIntroduced(file.Diagnostics, at, name, SourceEditions.Name((SourceEdition)introduced), SourceEditions.Name(file.Edition));
        }

        if (support.Get(OptionNumbers.EditionRemoved) is int removed && (int)file.Edition >= removed)
        {
            OptionMessages.Removed(file.Diagnostics, at, name, SourceEditions.Name((SourceEdition)removed), Text(support.Get(OptionNumbers.RemovalError)));
        }
        else if (support.Get(OptionNumbers.EditionDeprecated) is int deprecated && (int)file.Edition >= deprecated)
        {
            OptionMessages.Deprecated(file.Diagnostics, at, name, SourceEditions.Name((SourceEdition)deprecated), Text(support.Get(OptionNumbers.DeprecationWarning)));
        }
    }

    private static string Text(object? value) => value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";
}
