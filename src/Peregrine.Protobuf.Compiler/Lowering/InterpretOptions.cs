// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Literals;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Turns written options into values of <c>FileOptions</c>, <c>FieldOptions</c> and so on. It runs twice: plain options first, since the
/// features among them decide how others are encoded, then custom options.
/// </summary>
internal sealed class InterpretOptions(FileSymbol file, SymbolTable table)
{
    // Each part is a message in the one before: protobuf implementations read messages that are nested this deep, and no deeper.
    private const int MaxNameParts = 100;

    private const string ReservedName = "uninterpreted_option";

    public static void Run(FileSymbol file, SymbolTable table, bool custom)
    {
        InterpretOptions pass = new(file, table);
        file.VisitInnerFirst(symbol => pass.Interpret(symbol, custom));
    }

    private void Interpret(Symbol symbol, bool custom)
    {
        OptionSet options = symbol.Options;
        if (options.Syntax.Count == 0 || table.FindOptionsMessage(options.MessageName) is not { } type)
        {
            return;
        }

        // A lone option cannot be set twice.
        Dictionary<string, int>? counts = options.Syntax.Count == 1 ? null : [];
        OptionMessage? plain = custom && MayRepeatPlain(options, type) ? options.Value : null;
        if (plain is not null)
        {
            options.Value = null;
            CountRepeated(plain, counts!);
        }

        foreach (OptionSyntax syntax in options.Syntax)
        {
            // The reserved name is no plain option, either.
            if ((syntax.Name[0].IsExtension || syntax.Name[0].Text == ReservedName) == custom)
            {
                // What counts as a use of an import is what is looked up by name, and the message of options is. Fields inside are not.
                file.Used.Add(type.File);
                options.Value ??= new OptionMessage(type);
                InterpretOne(symbol, options, syntax, counts);
            }
        }

        if (plain is not null)
        {
            ForgetOverridden(options.Value!, plain);
            plain.Merge(options.Value!);
            options.Value = plain;
        }

        if (symbol is MessageSymbol message && options.GetBool(OptionNumbers.MessageSetWireFormat))
        {
            message.IsMessageSet = true;
        }
    }

    // A plain option may be named in parentheses, too: (google.protobuf.FileOptions.java_package). It is then read with the custom options,
    // and takes the place of what the plain spelling has set before, which is no error.
    private static bool MayRepeatPlain(OptionSet options, MessageSymbol type) => options.Value is not null
        && options.Syntax.Exists(syntax => syntax.Name[0].IsExtension && type.FindField(QualifiedName.Of(syntax.Name[0].Text).Name.ToString()) is not null);

    // What protoc (35.1) moves out of the options once the plain ones are read, it puts back in the end in place of what came later.
    private static void ForgetOverridden(OptionMessage custom, OptionMessage plain)
    {
        foreach (OptionField entry in plain.Fields)
        {
            if (entry.Field is { IsExtension: false, Name: "features" or "ctype" })
            {
                custom.Remove(entry.Field.Number);
            }
        }
    }

    // The values of a repeated option are counted through both spellings.
    private static void CountRepeated(OptionMessage plain, Dictionary<string, int> counts)
    {
        foreach (OptionField entry in plain.Fields)
        {
            if (entry.Field.IsRepeated)
            {
                counts.Add(Key([entry.Field.Number]), entry.Values.Count);
            }
        }
    }

    private static string Key(List<int> path) => string.Join('.', path);

    private void InterpretOne(Symbol symbol, OptionSet options, OptionSyntax syntax, Dictionary<string, int>? counts)
    {
        if (syntax.Name.Count > MaxNameParts)
        {
            OptionMessages.NameTooDeep(file.Diagnostics, file.SpanOf(syntax.NameToken), MaxNameParts);
            return;
        }

        OptionMessage message = options.Value!;
        List<int> path = new(syntax.Name.Count + 1);
        FieldSymbol? field = null;
        for (int i = 0; i < syntax.Name.Count; i++)
        {
            field = FindField(symbol, message.Type, syntax, i);
            if (field is null)
            {
                return;
            }

            path.Add(field.Number);
            if (i == syntax.Name.Count - 1)
            {
                break;
            }

            if (field.MessageType is not { } inner)
            {
                OptionMessages.NotAMessage(file.Diagnostics, file.SpanOf(syntax.NameToken), PartialName(syntax, i));
                return;
            }

            if (field.IsRepeated)
            {
                OptionMessages.RepeatedMessage(file.Diagnostics, file.SpanOf(syntax.NameToken), PartialName(syntax, i));
                return;
            }

            if (message.Get(field.Number) is not OptionMessage next)
            {
                next = new OptionMessage(inner);
                message.Add(field, next);
            }

            message = next;
        }

        SetValue(options, syntax, message, field!, path, counts);
    }

    private void SetValue(OptionSet options, OptionSyntax syntax, OptionMessage message, FieldSymbol field, List<int> path, Dictionary<string, int>? counts)
    {
        // A value that another field of its oneof has displaced counts as set.
        string key = counts is null ? "" : Key(path);
        if (!field.IsRepeated && (message.Has(field.Number) || counts?.TryAdd(key, 1) == false))
        {
            OptionMessages.AlreadySet(file.Diagnostics, file.SpanOf(syntax.NameToken), syntax.NameText);
            return;
        }

        object? value = field.MessageType is { } type ? ReadMessage(syntax, field, type) : ReadScalar(syntax, field);
        if (value is null)
        {
            return;
        }

        message.Add(field, value);
        if (field.IsRepeated)
        {
            int index = counts?.GetValueOrDefault(key) ?? 0;
            counts?[key] = index + 1;
            path.Add(index);
        }

        options.Paths[syntax] = [.. path];
    }

    private FieldSymbol? FindField(Symbol symbol, MessageSymbol type, OptionSyntax syntax, int index)
    {
        OptionNamePart part = syntax.Name[index];
        SourceSpan? at = file.SpanOf(syntax.NameToken);
        if (!part.IsExtension)
        {
            if (index == 0 && part.Text == ReservedName)
            {
                OptionMessages.ReservedName(file.Diagnostics, at);
                return null;
            }

            FieldSymbol? field = type.FindField(part.Text);
            if (field is null)
            {
                OptionMessages.Unknown(file.Diagnostics, at, PartialName(syntax, index), type);
            }
            else if (IsOwnFeature(field, syntax))
            {
                // Only descriptor.proto itself can do this.
                OptionMessages.FeatureUsedInOwnFile(file.Diagnostics, at, field.FullName);
                return null;
            }

            return field;
        }

        string scope = symbol switch
        {
            FileSymbol => file.Package.Length == 0 ? "options" : file.Package + ".options",
            ExtensionRangeSymbol => symbol.Parent!.FullName,
            _ => symbol.FullName,
        };
        Lookup lookup = table.Resolve(part.Text, scope, file, typesOnly: false, forOptions: true);
        if (lookup.Symbol is null && file.MayLackNames)
        {
            return null;
        }

        if (lookup.Symbol is null)
        {
            OptionMessages.UnknownExtension(file.Diagnostics, at, PartialName(syntax, index), lookup, file.Diagnostics.IsFull ? null
                : Suggestions.Nearest(part.Text, table.VisibleExtensions(file, type)));
            return null;
        }

        file.Used.Add(lookup.Symbol.File);
        if (lookup.Symbol is FieldSymbol { IsExtension: true } broken && (broken.ContainingType is null || broken.Kind == FieldKind.Unresolved))
        {
            // What is wrong has been reported where the option is defined.
            return null;
        }

        if (lookup.Symbol is FieldSymbol extension && extension.ContainingType?.FullName == type.FullName)
        {
            if (IsOwnFeature(extension, syntax))
            {
                OptionMessages.FeatureUsedInOwnFile(file.Diagnostics, at, extension.FullName);
                return null;
            }

            return extension;
        }

        OptionMessages.NotAnExtensionOf(file.Diagnostics, at, part.Text, type);
        return null;
    }

    private bool IsOwnFeature(FieldSymbol field, OptionSyntax syntax) =>
        syntax.Name[0] is { IsExtension: false, Text: "features" } && ReferenceEquals(field.File, file);

    private OptionMessage? ReadMessage(OptionSyntax syntax, FieldSymbol field, MessageSymbol type)
    {
        if (syntax.Kind != OptionValueKind.Aggregate)
        {
            OptionMessages.ValueExpected(file.Diagnostics, file.SpanOf(syntax.ValueToken), syntax.NameText, field, $"a message in braces; or set its fields one by one, as in {syntax.NameText}.field = value");
            return null;
        }

        AggregateReader reader = new(file, table, syntax.BraceToken + 1, syntax.ValueEnd);
        OptionMessage? message = reader.Read(type);
        if (message is null && !reader.MetUnresolved)
        {
            OptionMessages.Aggregate(file.Diagnostics, file.SpanOf(syntax.ValueToken), syntax.NameText, file.Tree.Span(reader.ErrorToken), reader.Error!);
        }

        return message;
    }

    private object? ReadScalar(OptionSyntax syntax, FieldSymbol field)
    {
        string expected;
        object? value;
        switch (field.Kind)
        {
            case FieldKind.Int32 or FieldKind.SInt32 or FieldKind.SFixed32:
                (expected, value) = ("an integer from -2147483648 to 2147483647", Signed(syntax, int.MinValue, int.MaxValue) is { } i ? (int)i : null);
                break;
            case FieldKind.Int64 or FieldKind.SInt64 or FieldKind.SFixed64:
                (expected, value) = ("an integer of 64 bits", Signed(syntax, long.MinValue, long.MaxValue));
                break;
            case FieldKind.UInt32 or FieldKind.Fixed32:
                (expected, value) = ("an integer from 0 to 4294967295", syntax.Kind == OptionValueKind.PositiveInteger && syntax.PositiveValue <= uint.MaxValue ? (uint)syntax.PositiveValue : null);
                break;
            case FieldKind.UInt64 or FieldKind.Fixed64:
                (expected, value) = ("an integer of 64 bits without sign", syntax.Kind == OptionValueKind.PositiveInteger ? syntax.PositiveValue : null);
                break;
            case FieldKind.Float:
                (expected, value) = ("a number", Number(syntax) is { } f ? (float)f : null);
                break;
            case FieldKind.Double:
                (expected, value) = ("a number", Number(syntax));
                break;
            case FieldKind.Bool:
                (expected, value) = ("\"true\" or \"false\"", syntax is { Kind: OptionValueKind.Identifier, Identifier: "true" or "false" } ? syntax.Identifier == "true" : null);
                break;
            case FieldKind.Enum:
                return ReadEnum(syntax, field);
            default:
                (expected, value) = ("a string in quotes", syntax.Kind == OptionValueKind.String ? syntax.Bytes : null);
                break;
        }

        if (value is null)
        {
            OptionMessages.ValueExpected(file.Diagnostics, file.SpanOf(syntax.ValueToken), syntax.NameText, field, expected);
        }

        return value;
    }

    private int? ReadEnum(OptionSyntax syntax, FieldSymbol field)
    {
        SourceSpan? at = file.SpanOf(syntax.ValueToken);
        if (syntax.Kind != OptionValueKind.Identifier || field.EnumType is not { } type)
        {
            OptionMessages.ValueExpected(file.Diagnostics, at, syntax.NameText, field, "the name of a value of the enum");
            return null;
        }

        if (type.FindValue(syntax.Identifier) is { } value)
        {
            file.Used.Add(type.File);
            return value.Number;
        }

        OptionMessages.UnknownEnumValue(file.Diagnostics, at, syntax.NameText, type, syntax.Identifier);
        return null;
    }

    private static long? Signed(OptionSyntax syntax, long min, long max) => syntax.Kind switch
    {
        OptionValueKind.PositiveInteger when syntax.PositiveValue <= (ulong)max => (long)syntax.PositiveValue,
        OptionValueKind.NegativeInteger when syntax.NegativeValue >= min => syntax.NegativeValue,
        _ => null,
    };

    private static double? Number(OptionSyntax syntax) => syntax.Kind switch
    {
        OptionValueKind.Double => syntax.DoubleValue,
        OptionValueKind.PositiveInteger => syntax.PositiveValue,
        OptionValueKind.NegativeInteger => syntax.NegativeValue,
        OptionValueKind.Identifier when syntax.Identifier == "inf" => double.PositiveInfinity,
        OptionValueKind.Identifier when syntax.Identifier == "nan" => TextLiterals.NaN,
        _ => null,
    };

    private static string PartialName(OptionSyntax syntax, int last)
    {
        List<string> parts = [];
        for (int i = 0; i <= last; i++)
        {
            parts.Add(syntax.Name[i].IsExtension ? $"({syntax.Name[i].Text})" : syntax.Name[i].Text);
        }

        return string.Join('.', parts);
    }
}
