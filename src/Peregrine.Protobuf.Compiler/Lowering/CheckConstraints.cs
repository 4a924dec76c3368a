// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Checks what only shows when names, types, options and features are known.</summary>
internal sealed class CheckConstraints(FileSymbol file)
{
    public static void Run(FileSymbol file)
    {
        CheckConstraints pass = new(file);
        pass.CheckFile();
        file.Visit(pass.Check);
    }

    private DiagnosticBag Bag => file.Diagnostics;

    private void Check(Symbol symbol)
    {
        switch (symbol)
        {
            case MessageSymbol message:
                CheckJsonNames(message, custom: false);
                if (message.Fields.Exists(static field => field.ExplicitJsonName is not null))
                {
                    CheckJsonNames(message, custom: true);
                }

                ExtensionDeclarations.CheckRanges(message, Bag);
                break;
            case FieldSymbol field:
                FeatureSupportRules.Check(field, Bag);
                new CheckField(field, Bag).Run();
                break;
            case EnumValueSymbol value:
                FeatureSupportRules.Check(value, Bag);
                break;
            case EnumSymbol node:
                CheckEnum(node);
                break;
            case ServiceSymbol service when IsLite(file) && HasGenericServices(file):
                ConstraintMessages.LiteService(Bag, service);
                break;
            default:
                break;
        }
    }

    private void CheckFile()
    {
        SourceSpan? declaration = file.Tree.Root.Declaration is { } syntax ? file.SpanOf(syntax) : null;
        if (file.IsEditions)
        {
            if (file.Features.FieldPresence == FeatureValues.LegacyRequired)
            {
                ConstraintMessages.RequiredByDefault(Bag, declaration);
            }

            if (file.Options.GetBool(OptionNumbers.JavaStringCheckUtf8))
            {
                ConstraintMessages.Utf8CheckInEditions(Bag, declaration);
            }
        }

        foreach (ImportSymbol import in file.Imports)
        {
            if (import is { Syntax.Kind: not ImportKind.Option, Target: { } target } && IsLite(target) && !IsLite(file))
            {
                ConstraintMessages.LiteImport(Bag, file.SpanOf(import.Syntax), import.Syntax.Path);
                break;
            }
        }

        CheckProto3.Run(file);
    }

    internal static bool IsLite(FileSymbol file)
    {
        const int LiteRuntime = 3;
        return file.Options.Get(OptionNumbers.OptimizeFor) is LiteRuntime;
    }

    private static bool HasGenericServices(FileSymbol file) =>
        file.Options.GetBool(OptionNumbers.CcGenericServices) || file.Options.GetBool(OptionNumbers.JavaGenericServices);

    private void CheckJsonNames(MessageSymbol message, bool custom)
    {
        if (message.Fields.Count < 2 && !custom || message.Options.GetBool(OptionNumbers.MessageLegacyJsonConflicts))
        {
            return;
        }

        Dictionary<string, (FieldSymbol Field, bool IsCustom)> seen = new(message.Fields.Count, StringComparer.Ordinal);
        foreach (FieldSymbol field in message.Fields)
        {
            bool isCustom = custom && field.ExplicitJsonName is not null && field.JsonName != AssignJsonNames.ToJsonName(field.Name);
            string name = custom ? field.JsonName : AssignJsonNames.ToJsonName(field.Name);
            if (isCustom && name.Length >= 2 && name[0] == '[' && name[^1] == ']')
            {
                ConstraintMessages.JsonNameLikeExtension(Bag, field);
                continue;
            }

            if (seen.TryAdd(name, (field, isCustom)))
            {
                continue;
            }

            (FieldSymbol other, bool otherIsCustom) = seen[name];
            if (field.Name == other.Name || (custom && !isCustom && !otherIsCustom))
            {
                continue;
            }

            bool involvesDefault = !isCustom || !otherIsCustom;
            ConstraintMessages.JsonNameConflict(Bag, field, other, name, warning: involvesDefault && message.Features.JsonFormat != FeatureValues.JsonAllow);
        }
    }

    private void CheckEnum(EnumSymbol symbol)
    {
        CheckEnumNames(symbol);
        if (!symbol.IsClosed && symbol.Values.Count > 0 && symbol.Values[0].Number != 0)
        {
            ConstraintMessages.FirstEnumValueNotZero(Bag, symbol.Values[0]);
        }

        if (symbol.Options.GetBool(OptionNumbers.AllowAlias))
        {
            return;
        }

        Dictionary<int, EnumValueSymbol> numbers = new(symbol.Values.Count);
        foreach (EnumValueSymbol value in symbol.Values)
        {
            if (!numbers.TryAdd(value.Number, value))
            {
                ConstraintMessages.DuplicateEnumNumber(Bag, value, numbers[value.Number]);
            }
        }
    }

    private void CheckEnumNames(EnumSymbol symbol)
    {
        bool isLegacy = file.Edition == SourceEdition.Proto2 && symbol.Options.GetBool(OptionNumbers.EnumLegacyJsonConflicts);
        string prefix = Squeeze(symbol.Name);
        Dictionary<string, EnumValueSymbol> names = new(symbol.Values.Count, StringComparer.Ordinal);
        foreach (EnumValueSymbol value in symbol.Values)
        {
            string name = PascalCase(RemovePrefix(value.Name, prefix));
            if (!names.TryAdd(name, value) && names[name].Name != value.Name && names[name].Number != value.Number)
            {
                ConstraintMessages.EnumNamesAlike(Bag, value, names[name], warning: isLegacy);
            }
        }
    }

    private static string Squeeze(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // The enum's name in front of a value is dropped by several languages, whatever its case and underscores.
    private static string RemovePrefix(string name, string prefix)
    {
        int i = 0;
        int matched = 0;
        for (; i < name.Length && matched < prefix.Length; i++)
        {
            if (name[i] == '_')
            {
                continue;
            }

            if (char.ToLowerInvariant(name[i]) != prefix[matched++])
            {
                return name;
            }
        }

        if (matched < prefix.Length)
        {
            return name;
        }

        while (i < name.Length && name[i] == '_')
        {
            i++;
        }

        return i == name.Length ? name : name[i..];
    }

    private static string PascalCase(string name)
    {
        StringBuilder result = new(name.Length);
        bool upper = true;
        foreach (char c in name)
        {
            if (c == '_')
            {
                upper = true;
                continue;
            }

            result.Append(upper ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c));
            upper = false;
        }

        return result.ToString();
    }
}
