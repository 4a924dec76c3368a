// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>PRG1300 to PRG1399: options and their values, one method a message.</summary>
internal static class OptionMessages
{
    public static void Unknown(DiagnosticBag bag, SourceSpan? at, string name, MessageSymbol type) =>
        bag.Error("PRG1300", at, $"The option \"{name}\" is unknown: \"{type.FullName}\" has no such field.", Suggestions.Hint(Suggestions.Nearest(name, type.Fields.ConvertAll(field => field.Name)), "Custom options are written in parentheses, and the file that defines them is imported."));

    public static void UnknownExtension(DiagnosticBag bag, SourceSpan? at, string name, Lookup lookup, string? suggestion)
    {
        if (lookup.Hidden is { } hidden)
        {
            bag.Error("PRG1301", at, $"The option \"{name}\" is defined in \"{hidden.Name}\", which this file does not import.", $"Add: import \"{hidden.Name}\";");
            return;
        }

        bag.Error("PRG1302", at, $"The option \"{name}\" is unknown.", lookup.ResolvedTo is { } resolved
            ? $"The name means \"{resolved}\" here, which is not defined; start it with a dot to search from the outermost scope."
            : Suggestions.Hint(suggestion, "Import the file that defines it."));
    }

    public static void NotAnExtensionOf(DiagnosticBag bag, SourceSpan? at, string name, MessageSymbol type) =>
        bag.Error("PRG1303", at, $"\"{name}\" is not an extension of \"{type.FullName}\".", "Set it on something that it extends, or define an option that extends this.");

    public static void ReservedName(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1304", at, "\"uninterpreted_option\" is not an option: the name belongs to protobuf itself.", "Write the option itself: option name = value;");

    public static void NotAMessage(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1305", at, $"The option \"{name}\" is not a message; it has no fields to set.", "Set the option as a whole.");

    public static void RepeatedMessage(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1306", at, $"The option \"{name}\" is a repeated message; its fields cannot be set one by one.", $"Write {name} = {{ ... }}.");

    public static void AlreadySet(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1307", at, $"The option \"{name}\" is set already.", "Remove one of the settings.");

    public static void ValueExpected(DiagnosticBag bag, SourceSpan? at, string name, FieldSymbol field, string what) =>
        bag.Error("PRG1308", at, $"The value of the option \"{name}\", of type {TypeName(field)}, must be {what}.");

    public static void UnknownEnumValue(DiagnosticBag bag, SourceSpan? at, string name, EnumSymbol type, string value) =>
        bag.Error("PRG1309", at, $"The enum \"{type.FullName}\" of the option \"{name}\" has no value \"{value}\".", Suggestions.OfValues(value, type));

    public static void WrongTarget(DiagnosticBag bag, SourceSpan? at, FieldSymbol field, string target) =>
        bag.Error("PRG1310", at, $"The option \"{field.FullName}\" cannot be set on {Grammar.WithArticle(target)}.", $"It is for: {string.Join(", ", OptionRules.TargetsOf(field))}.", DiagnosticPhase.Roots);

    public static void NameTooDeep(DiagnosticBag bag, SourceSpan? at, int limit) =>
        bag.Error("PRG1318", at, string.Create(CultureInfo.InvariantCulture, $"The name of the option has more than {limit} parts."), "Messages inside options are not nested deeper than that.");

    public static void Aggregate(DiagnosticBag bag, SourceSpan? at, string name, SourceSpan inner, string problem)
    {
        (int line, int column) = bag.Source!.GetPosition(inner.Start);
        bag.Error("PRG1311", at, string.Create(CultureInfo.InvariantCulture, $"The value of the option \"{name}\" is wrong at {line}:{column}: {problem}"));
    }

    public static void NotIntroduced(DiagnosticBag bag, SourceSpan? at, string name, string since, string edition) =>
        bag.Error("PRG1312", at, $"\"{name}\" exists since {since}; this file is {edition}.", "Raise the edition of the file, or remove it.");

    public static void Removed(DiagnosticBag bag, SourceSpan? at, string name, string since, string why) =>
        bag.Error("PRG1313", at, $"\"{name}\" was removed in {since}. {why}".TrimEnd(), "Remove it.");

    public static void Deprecated(DiagnosticBag bag, SourceSpan? at, string name, string since, string why) =>
        bag.Warning("PRG1314", at, $"\"{name}\" is deprecated since {since}. {why}".TrimEnd());

    public static void FeaturesBeforeEditions(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1315", at, "Features exist in editions only.", "Start the file with: edition = \"2023\";");

    public static void FeatureUsedInOwnFile(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1316", at, $"The feature \"{name}\" cannot be used in the file that defines it.", "Move the feature's definition into another file, and import that.");

    public static void UnknownFeatureValue(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1317", at, $"The feature \"{name}\" must be set to a known value.", "Choose one of its other values, or remove the feature.");

    private static string TypeName(FieldSymbol field) => field.Type?.FullName ?? FieldKinds.Keyword(field.Kind);
}
