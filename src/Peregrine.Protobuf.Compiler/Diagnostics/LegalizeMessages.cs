// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>PRG1100 to PRG1199: what is written but not allowed, one method a message.</summary>
internal static class LegalizeMessages
{
    public static void MessageDefault(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1100", at, "A field of a message type cannot have a default value.", "Remove the default: an unset message field reads as an empty message.");

    public static void NegativeDefaultOfUnsigned(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1101", at, "An unsigned field cannot have a negative default value.", "Remove the minus sign, or choose a signed type.");

    public static void LabelMissing(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1102", at, $"The field \"{name}\" has no label; in proto2 every field is \"optional\", \"required\" or \"repeated\".", "Write \"optional\" before the type, or start the file with: syntax = \"proto3\";");

    public static void RequiredInProto3(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1103", at, $"The field \"{name}\" is \"required\", which proto3 does not have.", "Remove \"required\"; whether the field must be set is for the program to check.");

    public static void LabelInEditions(DiagnosticBag bag, SourceSpan at, string label) =>
        bag.Error("PRG1104", at, $"Editions do not have the label \"{label}\".", label == "required"
            ? "Write the option [features.field_presence = LEGACY_REQUIRED] instead."
            : "Remove it: singular fields have presence unless features.field_presence says otherwise.");

    public static void LabelInOneof(DiagnosticBag bag, SourceSpan at, string label) =>
        bag.Error("PRG1105", at, $"A field of a oneof cannot be \"{label}\": exactly one of them is set, or none.", $"Remove \"{label}\".");

    public static void LabelOnMap(DiagnosticBag bag, SourceSpan at, string label) =>
        bag.Error("PRG1106", at, $"A map field cannot be \"{label}\".", $"Remove \"{label}\".");

    public static void MapInOneof(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1107", at, "A map field cannot be part of a oneof.", "Put the map into a message, and that into the oneof.");

    public static void MapExtension(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1108", at, "An extension cannot be a map.", "Put the map into a message, and extend by that.");

    public static void GroupInEditions(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1109", at, "Editions do not have groups.", "Use a message field with [features.message_encoding = DELIMITED].");

    public static void GroupInProto3(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1110", at, "proto3 does not have groups.", "Use a nested message and a field of its type.");

    public static void GroupInMap(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1128", at, "A map cannot hold groups.", "Use a message type.", DiagnosticPhase.Types);

    public static void GroupName(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1111", at, $"The name of a group must start with a capital letter: \"{name}\" does not.", "Write the name in TitleCase: it is also the name of a message.");

    public static void ReservedStringInEditions(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1112", at, "In editions reserved names are written without quotes.", "Remove the quotes.");

    public static void ReservedIdentifier(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1113", at, "In proto2 and proto3 reserved names are written in quotes.", "Add quotes around each name.");

    public static void ReservedNameNotIdentifier(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Warning("PRG1114", at, $"The reserved name \"{name}\" is not an identifier: no field can ever have it.");

    public static void OptionImportTooEarly(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1115", at, "\"import option\" exists since edition 2024.", "Write edition = \"2024\"; or a plain import.");

    public static void WeakImportTooLate(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1116", at, "\"import weak\" does not exist any more in edition 2024.", "Use \"import option\" for a file that only options need.");

    public static void ImportAfterOptionImport(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1117", at, "Imports must stand before all option imports.", "Move the \"import option\" statements behind the others.");

    public static void AliasFalse(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1118", at, $"\"option allow_alias = false;\" in the enum \"{name}\" has no effect.", "Remove the option.");

    public static void AliasUnused(DiagnosticBag bag, SourceSpan at, string name) =>
        bag.Error("PRG1119", at, $"The enum \"{name}\" has allow_alias, but no two of its values have the same number.", "Remove the option.");

    public static void ExplicitMapEntry(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1120", at, "map_entry cannot be set by hand.", "Write map<KeyType, ValueType> instead.");

    public static void DefaultInProto3(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1121", at, "proto3 has no default values: a field that is not set reads as zero, empty or false.", "Remove the default.");

    public static void ExtensionsInProto3(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1122", at, "proto3 messages cannot have extension ranges.", "Use a field of type google.protobuf.Any.");

    public static void MessageSetInProto3(DiagnosticBag bag, SourceSpan at) =>
        bag.Error("PRG1123", at, "proto3 does not have message sets.", "Use a field of type google.protobuf.Any.");

    public static void ObsoleteType(DiagnosticBag bag, SourceSpan at, string type, string instead) =>
        bag.Error("PRG1125", at, $"The type \"{type}\" does not exist in edition UNSTABLE.", $"Use \"{instead}\".");

    public static void EditionTooNew(DiagnosticBag bag, SourceSpan? at, string edition) =>
        bag.Error("PRG1124", at, $"The file uses {edition}, which this compiler does not know.", "The newest edition it knows is 2024.");

    public static void EditionTooOld(DiagnosticBag bag, SourceSpan? at, string edition) =>
        bag.Error("PRG1126", at, $"{char.ToUpperInvariant(edition[0])}{edition[1..]} is a placeholder for what was before editions; no file can have it.", "Write syntax = \"proto2\"; or edition = \"2023\";");

    public static void UnstableEdition(DiagnosticBag bag, SourceSpan? at) =>
        bag.Error("PRG1127", at, "Edition UNSTABLE changes from release to release; only protobuf's own files may use it.", "The newest edition that stays is 2024.");
}
