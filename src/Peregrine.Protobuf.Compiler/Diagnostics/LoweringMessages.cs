// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>PRG1200 to PRG1299: imports, names, types and numbers, one method a message.</summary>
internal static class LoweringMessages
{
    public const string FieldNumbers = "Field numbers go from 1 to 536870911, without 19000 to 19999.";

    public static void FileNotFound(DiagnosticBag bag, string path, List<string> tried, string? problem) =>
        bag.Error("PRG1200", null, $"The file \"{path}\" was not found.", problem ?? Tried(tried));

    public static void ImportNotFound(DiagnosticBag bag, SourceSpan? at, string path, List<string> tried, string? problem, string? root) =>
        bag.Error("PRG1201", at, $"The imported file \"{path}\" was not found.", problem ?? Tried(tried) + (root is null ? ""
            : $" It lies below \"{root}\": make that directory an import root."));

    public static void BadDescriptor(DiagnosticBag bag, string problem) =>
        bag.Error("PRG1238", null, problem, "The file comes from a descriptor set: make the set anew, with everything imported.");

    public static void ImportHasErrors(DiagnosticBag bag, SourceSpan? at, string path) =>
        bag.Error("PRG1202", at, $"The imported file \"{path}\" has errors.", "Its errors are told above; correct them first.");

    public static void ImportCycle(DiagnosticBag bag, SourceSpan? at, IEnumerable<string> chain) =>
        bag.Error("PRG1203", at, "The file imports itself: " + string.Join(" -> ", chain) + ".", "Move what both files need into a third file.");

    public static void ImportsTooDeep(DiagnosticBag bag, SourceSpan? at, int limit) =>
        bag.Error("PRG1235", at, string.Create(CultureInfo.InvariantCulture, $"Files import each other in a chain of more than {limit}."), "Import what is needed directly: a chain of imports need not be followed to its end.");

    public static void ImportedTwice(DiagnosticBag bag, SourceSpan? at, string path) =>
        bag.Error("PRG1204", at, $"The file \"{path}\" is imported twice.", "Remove one of the imports.");

    public static void UnusedImport(DiagnosticBag bag, SourceSpan? at, string path) =>
        bag.Warning("PRG1205", at, $"Nothing of the imported file \"{path}\" is used.", "Remove the import.");

    public static void PackageTooDeep(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1206", at, "The name of the package has too many parts.", "Choose a shorter package.");

    public static void PackageTooLong(DiagnosticBag bag, SourceSpan? at, int limit) =>
        bag.Error("PRG1207", at, string.Create(CultureInfo.InvariantCulture, $"The name of the package is longer than {limit} characters."), "Choose a shorter package.");

    public static void NameTooLong(DiagnosticBag bag, Symbol symbol, int limit) =>
        bag.Error("PRG1239", symbol.NameSpan, string.Create(CultureInfo.InvariantCulture, $"The name of the {symbol.KindName} has more than {limit} characters, its scopes counted."), "Choose a shorter name.");

    public static void PackageIsSymbol(DiagnosticBag bag, SourceSpan? at, Symbol present) =>
        bag.Error("PRG1208", at, $"\"{present.FullName}\" is {Grammar.WithArticle(present.KindName)} in \"{present.File.Name}\"; it cannot be a package, too.", "Choose another package, or another name for that symbol.");

    public static void DuplicateName(DiagnosticBag bag, Symbol symbol, Symbol present)
    {
        string where = ReferenceEquals(symbol.File, present.File) ? "" : $" in \"{present.File.Name}\"";
        string hint = symbol is EnumValueSymbol
            ? "The values of an enum live in the scope around it, as in C++: they must differ from those of its siblings, too."
            : "Choose another name.";
        bag.Error("PRG1209", symbol.NameSpan, $"\"{symbol.FullName}\" is already defined{where}, as {Grammar.WithArticle(present.KindName)}.", hint);
    }

    public static void MapEntryConflict(DiagnosticBag bag, Symbol entry, Symbol present) =>
        bag.Error("PRG1210", present is MessageSymbol { IsMapEntry: false } ? present.NameSpan : entry.NameSpan, $"The map \"{((MessageSymbol)entry).MapField!.Name}\" needs a message \"{entry.Name}\", but \"{present.FullName}\" is already defined.", "Rename one of them.");

    public static void NotDefined(DiagnosticBag bag, SourceSpan? at, string name, Lookup lookup, string? suggestion)
    {
        if (lookup.Hidden is { } hidden)
        {
            bag.Error("PRG1211", at, $"\"{name}\" is defined in \"{hidden.Name}\", which this file does not import.", $"Add: import \"{hidden.Name}\";");
        }
        else if (lookup.ResolvedTo is { } resolved)
        {
            bag.Error("PRG1212", at, $"\"{name}\" means \"{resolved}\" here, which is not defined: the innermost scope is searched first.", $"Write \".{name}\" to start from the outermost scope.");
        }
        else
        {
            bag.Error("PRG1213", at, $"\"{name}\" is not defined.", Suggestions.Hint(suggestion, "Check the spelling, and that the file which defines it is imported."));
        }
    }

    public static void NotAMessage(DiagnosticBag bag, SourceSpan? at, string name, Symbol symbol) =>
        bag.Error("PRG1214", at, $"\"{name}\" is {Grammar.WithArticle(symbol.KindName)}, but a message is needed here.", "Name a message, or define one that holds the value.");

    public static void DuplicateExtensionInOtherFile(DiagnosticBag bag, FieldSymbol field, FieldSymbol other, MessageSymbol extendee) =>
        bag.Warning("PRG1236", field.SpanOf(field.Syntax!.NumberToken), string.Create(CultureInfo.InvariantCulture, $"The extension number {field.Number} of \"{extendee.FullName}\" is used by \"{other.FullName}\" of \"{other.File.Name}\", too."), "A program that knows both extensions cannot tell them apart: give one of them another number.");

    public static void NotAType(DiagnosticBag bag, SourceSpan? at, string name, Symbol symbol) =>
        bag.Error("PRG1215", at, $"\"{name}\" is {Grammar.WithArticle(symbol.KindName)}, not a type.", "Name a message or an enum.");

    public static void NotVisible(DiagnosticBag bag, SourceSpan? at, Symbol type) =>
        bag.Error("PRG1216", at, $"\"{type.FullName}\" of \"{type.File.Name}\" can be used in its own file only.", VisibilityRules.Of(type) == Syntax.Nodes.SymbolVisibility.Local ? "It is marked \"local\"." : "Mark it \"export\" where it is defined.");

    public static void MapEntryAsType(DiagnosticBag bag, SourceSpan? at, Symbol entry) =>
        bag.Error("PRG1217", at, $"\"{entry.FullName}\" is the entry of a map; it cannot be the type of a field.", "Use the map itself: map<KeyType, ValueType>.");

    public static void NotAnExtensionNumber(DiagnosticBag bag, FieldSymbol field, MessageSymbol extendee) =>
        bag.Error("PRG1218", field.SpanOf(field.Syntax!.NumberToken), string.Create(CultureInfo.InvariantCulture, $"\"{extendee.FullName}\" does not declare {field.Number} as a number for extensions."), Ranges(extendee));

    public static void DuplicateExtensionNumber(DiagnosticBag bag, FieldSymbol field, FieldSymbol other, MessageSymbol extendee) =>
        bag.Error("PRG1219", field.SpanOf(field.Syntax!.NumberToken), string.Create(CultureInfo.InvariantCulture, $"The extension number {field.Number} of \"{extendee.FullName}\" is used by \"{other.FullName}\" already."), "Give one of them another number.");

    public static void DuplicateFieldNumber(DiagnosticBag bag, FieldSymbol field, FieldSymbol other, int? next) =>
        bag.Error("PRG1220", field.Syntax is null ? field.NameSpan : field.SpanOf(field.Syntax.NumberToken), string.Create(CultureInfo.InvariantCulture, $"The field number {field.Number} is used by \"{other.Name}\" already."), next is null ? null : string.Create(CultureInfo.InvariantCulture, $"The next free number is {next}."));

    public static void RepeatedDefault(DiagnosticBag bag, SourceSpan? at, FieldSymbol field) =>
        bag.Error("PRG1221", at, $"The repeated field \"{field.Name}\" cannot have a default value.", "Remove the default: a repeated field starts empty.");

    public static void EnumDefaultNotAName(DiagnosticBag bag, SourceSpan? at, EnumSymbol type) =>
        bag.Error("PRG1222", at, $"The default value of an enum field must be the name of a value of \"{type.FullName}\".", "Write the name without quotes.");

    public static void UnknownEnumDefault(DiagnosticBag bag, SourceSpan? at, EnumSymbol type, string value) =>
        bag.Error("PRG1223", at, $"The enum \"{type.FullName}\" has no value \"{value}\".", Suggestions.OfValues(value, type));

    public static void NumberNotPositive(DiagnosticBag bag, SourceSpan? at, string what) =>
        bag.Error("PRG1224", at, $"{what} must be at least 1.", FieldNumbers);

    public static void NumberTooLarge(DiagnosticBag bag, SourceSpan? at, int number) =>
        bag.Error("PRG1225", at, string.Create(CultureInfo.InvariantCulture, $"The field number {number} is too large; the largest is {FieldSymbol.MaxNumber}."), FieldNumbers);

    public static void ExtensionRangeTooLarge(DiagnosticBag bag, SourceSpan? at, int number) =>
        bag.Error("PRG1237", at, string.Create(CultureInfo.InvariantCulture, $"The extension number {number} is too large; the largest is {FieldSymbol.MaxNumber}."), "Write \"max\" for the largest number.");

    public static void NumberReservedByProtobuf(DiagnosticBag bag, SourceSpan? at, int number) =>
        bag.Error("PRG1226", at, string.Create(CultureInfo.InvariantCulture, $"The field number {number} is not allowed: 19000 to 19999 belong to protobuf itself."), "Choose a number below 19000 or above 19999.", DiagnosticPhase.Roots);

    public static void RangeBackwards(DiagnosticBag bag, SourceSpan? at, string what) =>
        bag.Error("PRG1227", at, $"The end of the {what} must not be less than its start.", "Exchange the two numbers.");

    public static void RangesOverlap(DiagnosticBag bag, SourceSpan? at, string what, string first, string other, string second) =>
        bag.Error("PRG1228", at, $"The {what} {first} overlaps with the {other} {second}.", "Change one of them, or remove it.");

    public static void FieldInRange(DiagnosticBag bag, SourceSpan? at, FieldSymbol field, string range) =>
        bag.Error("PRG1229", at, string.Create(CultureInfo.InvariantCulture, $"The extension range {range} contains the number {field.Number} of the field \"{field.Name}\"."), "Give the field another number, or split the range around it.");

    public static void ReservedNumberUsed(DiagnosticBag bag, SourceSpan? at, string what, string name, int number) =>
        bag.Error("PRG1230", at, string.Create(CultureInfo.InvariantCulture, $"The {what} \"{name}\" uses the reserved number {number}."), "Choose another number, or remove it from the reserved ones if no data with the old meaning exists any more.");

    public static void ReservedNameUsed(DiagnosticBag bag, SourceSpan? at, string what, string name) =>
        bag.Error("PRG1231", at, $"The {what} \"{name}\" has a reserved name.", "Choose another name, or remove it from the reserved ones.");

    public static void ReservedNameTwice(DiagnosticBag bag, SourceSpan? at, string name) =>
        bag.Error("PRG1232", at, $"The name \"{name}\" is reserved twice.", "Remove one of them.");

    public static void EmptyEnum(DiagnosticBag bag, EnumSymbol symbol) =>
        bag.Error("PRG1233", symbol.NameSpan, $"The enum \"{symbol.Name}\" has no values.", "Add at least a value with the number 0.");

    public static void EmptyOneof(DiagnosticBag bag, OneofSymbol oneof) =>
        bag.Error("PRG1234", oneof.NameSpan, $"The oneof \"{oneof.Name}\" has no fields.", "Add a field, or remove the oneof.");

    private static string Tried(List<string> tried) => tried.Count == 0 ? "No search path is given." : "Tried: " + string.Join(", ", tried) + ".";

    private static string Ranges(MessageSymbol message)
    {
        if (message.ExtensionRanges.Count == 0)
        {
            return "The message has no extension ranges.";
        }

        List<string> ranges = [];
        foreach (ExtensionRangeSymbol range in message.ExtensionRanges)
        {
            ranges.Add(string.Create(CultureInfo.InvariantCulture, $"{range.Start} to {(long)range.End - 1}"));
        }

        return "Its extension ranges are " + string.Join(", ", ranges) + ".";
    }
}
