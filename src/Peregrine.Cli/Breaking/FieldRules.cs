// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that a field that stays means the same: type, cardinality, name, oneof, default. Extensions are fields, too.</summary>
internal static class FieldRules
{
    // Parts of a field, as source paths.
    private const string Whole = "";
    private const string Scalar = ",5";
    private const string TypeName = ",6";
    private const string Default = ",7";
    private const string JsonName = ",10";
    private const string CType = ",8,1";
    private const string JsType = ",8,6";
    private const string Utf8Feature = ",8,21,4";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        OfType("FIELD_SAME_TYPE", BreakingRule.InSourceAndCsr, "A field keeps its type.", FieldForms.IsSameType),
        OfType("FIELD_WIRE_COMPATIBLE_TYPE", BreakingRule.InBinary, "The new type reads what the old one wrote.", FieldForms.IsBinaryCompatible),
        OfType("FIELD_WIRE_JSON_COMPATIBLE_TYPE", BreakingRule.InJson, "The new type reads what the old one wrote, in JSON, too.", FieldForms.IsJsonCompatible),
        OfCardinality("FIELD_SAME_CARDINALITY", BreakingRule.InSource, "A field keeps its cardinality and presence.", FieldForms.CardinalityOf),
        OfCardinality("FIELD_WIRE_COMPATIBLE_CARDINALITY", BreakingRule.InBinary, "The new cardinality reads what the old one wrote.", FieldForms.BinaryCardinalityOf),
        OfCardinality("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", BreakingRule.InJson, "The new cardinality reads what the old one wrote, in JSON, too.", FieldForms.JsonCardinalityOf),
        Rule("FIELD_SAME_NAME", BreakingRule.InSourceAndJson, "A field keeps its name.", (before, after) => Changed("name", NameOf(before), NameOf(after)), SourcePlaces.Name),
        Rule("FIELD_SAME_JSON_NAME", BreakingRule.InSourceAndJson, "A field keeps its name in JSON.",
            (before, after) => before.IsExtension ? null : Changed("option \"json_name\"", before.JsonName, after.JsonName), JsonName, Whole),
        Rule("FIELD_SAME_ONEOF", BreakingRule.InAll, "A field stays in its oneof, or out of all.",
            (before, after) => before.IsExtension ? null : Changed("oneof", before.RealContainingOneof?.Name ?? "none", after.RealContainingOneof?.Name ?? "none"), Whole),
        Rule("FIELD_SAME_DEFAULT", BreakingRule.InAll, "A field keeps its default.",
            (before, after) => DefaultValues.AreSame(before, after) ? null : $"changed default value from \"{DefaultValues.Show(before)}\" to \"{DefaultValues.Show(after)}\"", Default, Whole),
        Rule("FIELD_SAME_UTF8_VALIDATION", BreakingRule.InSource, "A string stays checked, or unchecked.", (before, after) => AreStrings(before, after)
            ? Changed("UTF-8 validation", before.Features.Utf8Validation.ToString(), after.Features.Utf8Validation.ToString()) : null, Utf8Feature, Whole),
        JavaUtf8Rule(),
        Rule("FIELD_SAME_CPP_STRING_TYPE", BreakingRule.InSource, "A string or bytes keeps its type in C++.", (before, after) =>
            IsText(before) && IsText(after) && !before.ContainingTypeIsEntry() && LanguageFeatures.CppStringType(before) is var was && LanguageFeatures.CppStringType(after) is var now && !LanguageFeatures.IsSameOrWider(was, now)
                ? Changed("C++ string type", was, now) : null, CType, Feature(LanguageFeatures.Cpp), Whole),
        Rule("FIELD_SAME_JSTYPE", BreakingRule.InSource, "A field keeps its type in JavaScript.", (before, after) => IsLong(before) && IsLong(after)
            ? Changed("option \"jstype\"", before.GetOptions()?.Jstype.ToString() ?? "JsNormal", after.GetOptions()?.Jstype.ToString() ?? "JsNormal") : null, JsType, Whole),
        new("MESSAGE_SAME_REQUIRED_FIELDS", BreakingRule.InAll, "No field becomes required, or stops being so.", run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                var was = RequiredOf(before);
                var now = RequiredOf(after);
                foreach (var number in was.Keys.Where(number => !now.ContainsKey(number)))
                {
                    run.Report(before, after, string.Create(CultureInfo.InvariantCulture, $"Field \"{number}\" of message \"{before.FullName}\" is not required any more."), Whole);
                }

                foreach (var (number, field) in now.Where(pair => !was.ContainsKey(pair.Key)))
                {
                    run.Report(before, field, string.Create(CultureInfo.InvariantCulture, $"Message \"{before.FullName}\" has a new required field \"{number}\"."), Whole);
                }
            }
        }),
    ];

    private static BreakingRule Rule(string name, IReadOnlyList<string> categories, string purpose, Func<FieldDescriptor, FieldDescriptor, string?> check, params string[] parts) =>
        BreakingRule.OfPairs(name, categories, purpose, run => run.Fields, (before, after) => check(before, after) is { } change ? Describe(after, change) : null, parts);

    // Where the type is written: a name, or a keyword.
    private static BreakingRule OfType(string name, IReadOnlyList<string> categories, string purpose, Func<FieldDescriptor, FieldDescriptor, bool> isCompatible) =>
        new(name, categories, purpose, run =>
        {
            foreach (var (before, after) in run.Fields.Where(pair => !isCompatible(pair.Before, pair.After)))
            {
                string[] parts = after.FieldType switch
                {
                    FieldType.Group => [Scalar, TypeName],
                    FieldType.Message or FieldType.Enum => [TypeName],
                    _ => [Scalar],
                };
                run.Report(before, after, Describe(after, Changed("type", FieldForms.TypeOf(before), FieldForms.TypeOf(after)) ?? "changed type"), parts);
            }
        });

    private static BreakingRule OfCardinality(string name, IReadOnlyList<string> categories, string purpose, Func<FieldDescriptor, string> groupOf) =>
        Rule(name, categories, purpose, (before, after) => groupOf(before) == groupOf(after) || before.ContainingTypeIsEntry() ? null
            : Changed("cardinality", FieldForms.CardinalityOf(before), FieldForms.CardinalityOf(after)), Whole);

    // The file's option decides for all of its strings.
    private static BreakingRule JavaUtf8Rule() => new("FIELD_SAME_JAVA_UTF8_VALIDATION", BreakingRule.InSource, "A string stays checked by Java, or unchecked.", run =>
    {
        foreach (var (before, after) in run.Fields.Where(pair => AreStrings(pair.Before, pair.After)))
        {
            var was = LanguageFeatures.IsCheckedInJava(before);
            var now = LanguageFeatures.IsCheckedInJava(after);
            if (was != now)
            {
                var message = Describe(after, $"changed Java's UTF-8 validation from \"{(was ? "verify" : "none")}\" to \"{(now ? "verify" : "none")}\"");
                if (after.File.GetOptions()?.HasJavaStringCheckUtf8 == true)
                {
                    run.Report(before.File, after.File, message, SourcePlaces.FileOption(FileOptions.JavaStringCheckUtf8FieldNumber));
                }
                else
                {
                    run.Report(before, after, message, Feature(LanguageFeatures.Java), Whole);
                }
            }
        }
    });

    private static string Feature(int language) => string.Create(CultureInfo.InvariantCulture, $",8,21,{language},{LanguageFeatures.Number}");

    private static string Describe(FieldDescriptor field, string change) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(field.IsExtension ? "Extension" : "Field")} \"{field.FieldNumber}\" with name \"{NameOf(field)}\" on message \"{(field.IsExtension ? field.ExtendeeType : field.ContainingType).FullName}\" {change}.");

    // Extensions are known by their full names.
    private static string NameOf(FieldDescriptor field) => field.IsExtension ? field.FullName : field.Name;

    private static string? Changed(string what, string before, string after) => before == after ? null : $"changed {what} from \"{before}\" to \"{after}\"";

    private static bool ContainingTypeIsEntry(this FieldDescriptor field) => !field.IsExtension && field.ContainingType.IsMapEntry;

    private static bool AreStrings(FieldDescriptor before, FieldDescriptor after) => before.FieldType == FieldType.String && after.FieldType == FieldType.String;

    private static bool IsText(FieldDescriptor field) => field.FieldType is FieldType.String or FieldType.Bytes;

    private static bool IsLong(FieldDescriptor field) =>
        field.FieldType is FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 or FieldType.Fixed64 or FieldType.SFixed64;

    private static Dictionary<int, FieldDescriptor> RequiredOf(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Where(field => field.ToProto().Label == FieldDescriptorProto.Types.Label.Required).ToDictionary(field => field.FieldNumber);
}
