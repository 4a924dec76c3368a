// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks what only matters for a file that the compilation names: one that is only imported cannot be changed by who imports it.</summary>
internal sealed class CheckRoot(FileSymbol file)
{
    // protobuf's own files try out what comes.
    private static readonly string[] OwnFolders = ["google/protobuf/", "upb/"];

    public static void Run(FileSymbol file)
    {
        CheckRoot pass = new(file);
        pass.CheckRedaction();
        file.Visit(pass.CheckTargets);
        if (file.Edition == SourceEdition.Unstable && !Array.Exists(OwnFolders, folder => file.Name.StartsWith(folder, StringComparison.Ordinal)))
        {
            LegalizeMessages.UnstableEdition(file.Diagnostics, file.SpanOf(file.Tree.Root.Declaration!));
        }
    }

    private void CheckRedaction()
    {
        foreach (ImportSymbol import in file.Imports)
        {
            if (import is { Syntax.Kind: ImportKind.Option, Target: { } options } && Redaction.FindOption(options) is { } redacted)
            {
                ConstraintMessages.RedactedOption(file.Diagnostics, file.SpanOf(import.Syntax), options.Name, redacted.FullName);
            }
        }
    }

    private void CheckTargets(Symbol symbol)
    {
        // The copies that a map's key and value have of its features are reported at the map.
        if (symbol.Options.Value is { } options && symbol.Parent is not MessageSymbol { IsMapEntry: true })
        {
            CheckTargets(options, symbol);
        }
    }

    private void CheckTargets(OptionMessage message, Symbol symbol)
    {
        foreach (OptionField entry in message.Fields)
        {
            if (!OptionRules.AllowsTarget(entry.Field, symbol.Options.Target))
            {
                OptionMessages.WrongTarget(file.Diagnostics, PlaceOf(entry.Field, symbol), entry.Field, symbol.Options.TargetName);
            }

            // What is encoded as a group is not looked into, as protoc does not.
            if (entry.Field.IsDelimited)
            {
                continue;
            }

            foreach (object value in entry.Values)
            {
                if (value is OptionMessage inner)
                {
                    CheckTargets(inner, symbol);
                }
            }
        }
    }

    // The statement whose name or value mentions the option.
    private SourceSpan? PlaceOf(FieldSymbol field, Symbol symbol)
    {
        OptionSyntax? named = symbol.Options.Syntax.Find(option => option.Name.Exists(part => IsName(part.Text, field)));
        named ??= symbol.Options.Syntax.Find(option => option.Kind == OptionValueKind.Aggregate && Mentions(option, field));
        return named is null ? symbol.NameSpan : file.SpanOf(named.NameToken);
    }

    private bool Mentions(OptionSyntax option, FieldSymbol field)
    {
        for (int token = option.ValueToken; token <= option.ValueEnd; token++)
        {
            if (IsName(file.Tree.Tokens.Text(token), field))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsName(string text, FieldSymbol field) => text == field.Name || text.EndsWith("." + field.Name, StringComparison.Ordinal);
}
