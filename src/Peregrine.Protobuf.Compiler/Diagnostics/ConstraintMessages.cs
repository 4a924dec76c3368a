// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>PRG1400 to PRG1499: what only shows when names, types, options and features are known, one method a message.</summary>
internal static class ConstraintMessages
{
    public static void OptionNotForField(DiagnosticBag bag, SourceSpan? at, string option, string what) =>
        bag.Error("PRG1400", at, $"The option \"{option}\" is for {what} only.", "Remove the option.");

    public static void NotInEditions(DiagnosticBag bag, SourceSpan? at, string option, string instead) =>
        bag.Error("PRG1401", at, $"The option \"{option}\" does not exist in this edition.", $"Use the feature {instead}.");

    public static void ImplicitDefault(DiagnosticBag bag, FieldSymbol field) =>
        bag.Error("PRG1402", field.NameSpan, $"The field \"{field.Name}\" has implicit presence; it cannot have a default value.", "Remove the default, or give the field presence: [features.field_presence = EXPLICIT].");

    public static void ImplicitClosedEnum(DiagnosticBag bag, FieldSymbol field) =>
        bag.Error("PRG1403", field.NameSpan, $"The field \"{field.Name}\" has implicit presence; its enum must be open.", "Give the field presence, or open the enum: option features.enum_type = OPEN;");

    public static void FeatureNotForField(DiagnosticBag bag, FieldSymbol field, string feature, string what) =>
        bag.Error("PRG1404", field.NameSpan, $"The field \"{field.Name}\" cannot have the feature \"{feature}\": {what}.", "Remove the feature.");

    public static void RequiredExtension(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1405", at, "An extension cannot be required: readers that do not know it could not accept any message.", "Write \"optional\", or \"repeated\".");

    public static void ClosedEnumInProto3(DiagnosticBag bag, SourceSpan? at, FieldSymbol field) =>
        bag.Error("PRG1406", at, $"The enum \"{field.Type!.FullName}\" is closed (it comes from a proto2 file); a field of a proto3 message cannot use it.", "Use an enum of a proto3 file, or move the message to a proto2 file.");

    public static void ExtensionInProto3(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1407", at, "In proto3 only the messages of options can be extended.", "Use a field of type google.protobuf.Any.");

    public static void FirstEnumValueNotZero(DiagnosticBag bag, EnumValueSymbol value) =>
        bag.Error("PRG1408", value.SpanOf(value.Syntax!.NumberToken), $"The first value of the open enum \"{value.Parent!.Name}\" must be 0: it is what an unset field reads as.", $"Add a value such as {value.Parent.Name.ToUpperInvariant()}_UNSPECIFIED = 0; before it.");

    public static void DuplicateEnumNumber(DiagnosticBag bag, EnumValueSymbol value, EnumValueSymbol other) =>
        bag.Error("PRG1409", value.SpanOf(value.Syntax!.NumberToken), string.Create(CultureInfo.InvariantCulture, $"\"{value.Name}\" has the same number as \"{other.Name}\": {value.Number}."), "If that is meant, add to the enum: option allow_alias = true;");

    public static void EnumNamesAlike(DiagnosticBag bag, EnumValueSymbol value, EnumValueSymbol other, bool warning)
    {
        string text = $"The enum values \"{value.Name}\" and \"{other.Name}\" differ only in case, underscores or the enum's name as prefix; several languages cannot tell them apart.";
        if (warning)
        {
            bag.Warning("PRG1410", value.NameSpan, text);
        }
        else
        {
            bag.Error("PRG1410", value.NameSpan, text, "Rename one of them.");
        }
    }

    public static void JsonNameConflict(DiagnosticBag bag, FieldSymbol field, FieldSymbol other, string json, bool warning)
    {
        string text = $"The fields \"{field.Name}\" and \"{other.Name}\" have the same JSON name \"{json}\".";
        if (warning)
        {
            bag.Warning("PRG1411", field.NameSpan, text);
        }
        else
        {
            bag.Error("PRG1411", field.NameSpan, text, "Rename one of them, or give it another name by [json_name = \"...\"].");
        }
    }

    public static void JsonNameLikeExtension(DiagnosticBag bag, FieldSymbol field) =>
        bag.Error("PRG1412", field.NameSpan, $"The JSON name \"{field.JsonName}\" is not allowed: names in brackets mean extensions.", "Choose a name without brackets.");

    public static void JsonNameOnExtension(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1413", at, "An extension cannot have a json_name: in JSON it goes by its full name in brackets.", "Remove the json_name.");

    public static void JsonNameWithNul(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1414", at, "A JSON name cannot contain the character 0.", "Remove \\0 from the name.");

    public static void MessageSetField(DiagnosticBag bag, FieldSymbol field) =>
        bag.Error("PRG1415", field.NameSpan, "A message set has extensions only, no fields.", "Move the fields into a message that extends it.");

    public static void MessageSetExtension(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1416", at, "Extensions of message sets must be optional messages.", "Put the value into a message, and extend by that.");

    public static void MapKey(DiagnosticBag bag, SourceSpan? at, string type) =>
        bag.Error("PRG1417", at, $"A map cannot have keys of type {type}.", "Keys are integers, bool or string.");

    public static void RequiredMapEntry(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1429", at, "field_presence = LEGACY_REQUIRED around a map would make its keys and values required.", "Set the feature on the fields that need it.");

    public static void MapEnumWithoutZero(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1418", at, "The enum that is the value of a map must have 0 as its first value.", "Add a value with the number 0 before the others.");

    public static void ExtensionOfNonLite(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1419", at, "A file with optimize_for = LITE_RUNTIME cannot extend a message of a file without it.", "Remove the option from this file, or add it to the one that defines the message.");

    public static void LiteImport(DiagnosticBag bag, SourceSpan? at, string path) =>
        bag.Error("PRG1420", at, $"This file imports \"{path}\", which has optimize_for = LITE_RUNTIME; then this one must have it, too.", "Add: option optimize_for = LITE_RUNTIME;");

    public static void LiteService(DiagnosticBag bag, ServiceSymbol service) =>
        bag.Error("PRG1421", service.NameSpan, "A file with optimize_for = LITE_RUNTIME cannot define generic services.", "Remove cc_generic_services and java_generic_services: today's plugins do not need them.");

    public static void RequiredByDefault(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1422", at, "field_presence = LEGACY_REQUIRED cannot be the default of a whole file.", "Set it on the fields that need it.");

    public static void Utf8CheckInEditions(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1423", at, "The option \"java_string_check_utf8\" does not exist in editions.", "Use features.(pb.java).utf8_validation.");

    public static void Declaration(DiagnosticBag bag, SourceSpan? at, string problem) =>
        bag.Error("PRG1424", at, problem, "Change the declaration or the extension, so that they agree.");

    public static void StrictExport(DiagnosticBag bag, Symbol symbol) =>
        bag.Error("PRG1425", symbol.NameSpan, $"With default_symbol_visibility = STRICT the nested {symbol.KindName} \"{symbol.Name}\" cannot be marked \"export\".", "Move it to the top level, best into its own file.");

    public static void FeatureSupport(DiagnosticBag bag, SourceSpan? at, string name, string problem) =>
        bag.Error("PRG1427", at, $"The feature_support of \"{name}\" {problem}.", "Editions are introduced, deprecated and removed in this order, with a text for each of the last two.");

    public static void RedactedOption(DiagnosticBag bag, SourceSpan? at, string path, string option) =>
        bag.Error("PRG1428", at, $"\"import option\" of \"{path}\", which defines the option \"{option}\" with debug_redact: a program that does not link the file could not know what to hide.", "Write a plain import, or remove debug_redact.");

    public static void Style(DiagnosticBag bag, SourceSpan? at, string what, string name, string rule) =>
        bag.Error("PRG1426", at, $"The name of the {what} \"{name}\" {rule}.", "Rename it, or set features.enforce_naming_style = STYLE_LEGACY.");
}
