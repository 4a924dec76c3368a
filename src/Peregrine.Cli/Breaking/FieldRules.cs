// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that a field that stays means the same: type, cardinality, name, oneof, default.</summary>
internal static class FieldRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        Rule("FIELD_SAME_TYPE", BreakingRule.InSource, "A field keeps its type.",
            (before, after) => Changed("type", FieldForms.TypeOf(before), FieldForms.TypeOf(after))),
        Rule("FIELD_WIRE_COMPATIBLE_TYPE", BreakingRule.InBinary, "The new type reads what the old one wrote.",
            (before, after) => FieldForms.IsBinaryCompatible(before, after) ? null : Changed("type", FieldForms.TypeOf(before), FieldForms.TypeOf(after))),
        Rule("FIELD_WIRE_JSON_COMPATIBLE_TYPE", BreakingRule.InJson, "The new type reads what the old one wrote, in JSON, too.",
            (before, after) => FieldForms.IsJsonCompatible(before, after) ? null : Changed("type", FieldForms.TypeOf(before), FieldForms.TypeOf(after))),
        Rule("FIELD_SAME_CARDINALITY", BreakingRule.InSource, "A field keeps its cardinality and presence.",
            (before, after) => Changed("cardinality", FieldForms.CardinalityOf(before), FieldForms.CardinalityOf(after))),
        Rule("FIELD_WIRE_COMPATIBLE_CARDINALITY", BreakingRule.InBinary, "The new cardinality reads what the old one wrote.",
            (before, after) => before.IsRepeated == after.IsRepeated || (FieldForms.IsLengthDelimited(before) && FieldForms.IsLengthDelimited(after)) ? null
                : Changed("cardinality", FieldForms.CardinalityOf(before), FieldForms.CardinalityOf(after))),
        Rule("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", BreakingRule.InJson, "The new cardinality reads what the old one wrote, in JSON, too.",
            (before, after) => before.IsRepeated == after.IsRepeated && before.IsMap == after.IsMap ? null
                : Changed("cardinality", FieldForms.CardinalityOf(before), FieldForms.CardinalityOf(after))),
        Rule("FIELD_SAME_NAME", BreakingRule.InSourceAndJson, "A field keeps its name.", (before, after) => Changed("name", before.Name, after.Name)),
        Rule("FIELD_SAME_JSON_NAME", BreakingRule.InSourceAndJson, "A field keeps its name in JSON.", (before, after) => Changed("option \"json_name\"", before.JsonName, after.JsonName)),
        Rule("FIELD_SAME_ONEOF", BreakingRule.InAll, "A field stays in its oneof, or out of all.",
            (before, after) => Changed("oneof", before.RealContainingOneof?.Name ?? "none", after.RealContainingOneof?.Name ?? "none")),
        Rule("FIELD_SAME_DEFAULT", BreakingRule.InAll, "A field keeps its default.",
            (before, after) => Changed("default value", DefaultOf(before), DefaultOf(after))),
        Rule("FIELD_SAME_UTF8_VALIDATION", BreakingRule.InSource, "A string stays checked, or unchecked.", (before, after) =>
            before.FieldType == FieldType.String && after.FieldType == FieldType.String
                ? Changed("UTF-8 validation", before.RequiresUtf8Validation ? "verify" : "none", after.RequiresUtf8Validation ? "verify" : "none") : null),
        Rule("FIELD_SAME_JSTYPE", BreakingRule.InSource, "A field keeps its type in JavaScript.",
            (before, after) => Changed("option \"jstype\"", before.GetOptions()?.Jstype.ToString() ?? "JsNormal", after.GetOptions()?.Jstype.ToString() ?? "JsNormal")),
        BreakingRule.OfPairs("MESSAGE_SAME_REQUIRED_FIELDS", BreakingRule.InAll, "No field becomes required, or stops being so.", run => run.Messages, (before, after) =>
        {
            var was = RequiredOf(before);
            var now = RequiredOf(after);
            return now.Except(was).Select(number => string.Create(CultureInfo.InvariantCulture, $"Message \"{before.FullName}\" has a new required field \"{number}\".")).FirstOrDefault()
                ?? was.Except(now).Select(number => string.Create(CultureInfo.InvariantCulture, $"Field \"{number}\" of message \"{before.FullName}\" is not required any more.")).FirstOrDefault();
        }),
    ];

    private static BreakingRule Rule(string name, IReadOnlyList<string> categories, string purpose, Func<FieldDescriptor, FieldDescriptor, string?> check) =>
        BreakingRule.OfPairs(name, categories, purpose, run => run.Fields, (before, after) => check(before, after) is { } change
            ? string.Create(CultureInfo.InvariantCulture, $"Field \"{before.FieldNumber}\" with name \"{before.Name}\" on message \"{before.ContainingType.FullName}\" {change}.")
            : null);

    private static string? Changed(string what, string before, string after) => before == after ? null : $"changed {what} from \"{before}\" to \"{after}\"";

    private static string DefaultOf(FieldDescriptor field) => field.ToProto() is { HasDefaultValue: true } proto ? proto.DefaultValue : "none";

    private static IEnumerable<int> RequiredOf(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Where(field => field.IsRequired).Select(field => field.FieldNumber);
}
