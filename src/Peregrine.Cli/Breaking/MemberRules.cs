// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that the members of messages, enums and services stay, or leave their numbers and names reserved.</summary>
internal static class MemberRules
{
    // Parts of an element and of an enum's value, as source paths.
    private const string Whole = "";
    private const string Number = ",2";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        Fields("FIELD_NO_DELETE", BreakingRule.InSourceAndCsr, "No field goes.", (_, _) => false, ""),
        Fields("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", BreakingRule.InBothWires, "The number of a field that goes is reserved.",
            (field, after) => NumberRanges.Reserved(after).Contain(field.FieldNumber), " without reserving its number"),
        Fields("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", BreakingRule.InJson, "The name of a field that goes is reserved.",
            (field, after) => after.ReservedName.Contains(field.Name), " without reserving its name"),
        Values("ENUM_VALUE_NO_DELETE", BreakingRule.InSourceAndCsr, "No value goes.", (_, _) => false, ""),
        Values("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", BreakingRule.InBothWires, "The number of a value that goes is reserved.",
            (values, after) => NumberRanges.Reserved(after).Contain(values[0].Number), " without reserving its number"),
        Values("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", BreakingRule.InJson, "The names of a value that goes are reserved.",
            (values, after) => values.All(value => after.ReservedName.Contains(value.Name)), " without reserving its name"),
        new("ENUM_VALUE_SAME_NAME", BreakingRule.InSourceAndJson, "A number keeps its names.", run =>
        {
            foreach (var (before, after) in run.Enums)
            {
                var now = after.Values.ToLookup(value => value.Number);
                foreach (var was in before.Values.GroupBy(value => value.Number).Where(was => now.Contains(was.Key)))
                {
                    if (was.Any(value => now[was.Key].All(each => each.Name != value.Name)))
                    {
                        foreach (var value in now[was.Key])
                        {
                            run.Report(before, value, string.Create(CultureInfo.InvariantCulture, $"Enum value \"{was.Key}\" on enum \"{before.FullName}\" changed name from {Names(was)} to {Names(now[was.Key])}."), Number);
                        }
                    }
                }
            }
        }),
        new("ONEOF_NO_DELETE", BreakingRule.InSourceAndCsr, "No oneof goes.", run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                foreach (var oneof in before.Oneofs.Where(oneof => !oneof.IsSynthetic && after.Oneofs.All(each => each.Name != oneof.Name)))
                {
                    run.Report(before, after, $"Previously present oneof \"{oneof.Name}\" on message \"{before.FullName}\" was deleted.", Whole);
                }
            }
        }),
        new("RPC_NO_DELETE", BreakingRule.InSource, "No method goes.", run =>
        {
            foreach (var (before, after) in run.Services)
            {
                foreach (var method in before.Methods.Where(method => after.FindMethodByName(method.Name) is null))
                {
                    run.Report(before, after, $"Previously present RPC \"{method.Name}\" on service \"{before.FullName}\" was deleted.", Whole);
                }
            }
        }),
        new("RESERVED_MESSAGE_NO_DELETE", BreakingRule.InAll, "What is reserved stays so.", run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                var (was, now) = (before.ToProto(), after.ToProto());
                ReportLost(run, before, after, "reserved range", NumberRanges.Reserved(was), NumberRanges.Reserved(now));
                ReportLost(run, before, after, was.ReservedName, now.ReservedName);
            }
        }),
        new("RESERVED_ENUM_NO_DELETE", BreakingRule.InAll, "What is reserved stays so.", run =>
        {
            foreach (var (before, after) in run.Enums)
            {
                var (was, now) = (before.ToProto(), after.ToProto());
                ReportLost(run, before, after, "reserved range", NumberRanges.Reserved(was), NumberRanges.Reserved(now));
                ReportLost(run, before, after, was.ReservedName, now.ReservedName);
            }
        }),
        new("EXTENSION_MESSAGE_NO_DELETE", BreakingRule.InSourceAndCsr, "Ranges of extensions stay.", run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                ReportLost(run, before, after, "extension range", NumberRanges.Extensions(before.ToProto()), NumberRanges.Extensions(after.ToProto()));
            }
        }),
    ];

    private static BreakingRule Fields(string name, IReadOnlyList<string> categories, string purpose, Func<FieldDescriptor, DescriptorProto, bool> isAllowed, string without) =>
        new(name, categories, purpose, run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                var gone = before.Fields.InDeclarationOrder().Where(field => after.FindFieldByNumber(field.FieldNumber) is null).ToList();
                var proto = gone.Count > 0 ? after.ToProto() : null;
                foreach (var field in gone.Where(field => !isAllowed(field, proto!)))
                {
                    run.Report(before, after, string.Create(
                        CultureInfo.InvariantCulture, $"Previously present field \"{field.FieldNumber}\" with name \"{field.Name}\" on message \"{before.FullName}\" was deleted{without}."), Whole);
                }
            }
        });

    private static BreakingRule Values(string name, IReadOnlyList<string> categories, string purpose, Func<List<EnumValueDescriptor>, EnumDescriptorProto, bool> isAllowed, string without) =>
        new(name, categories, purpose, run =>
        {
            foreach (var (before, after) in run.Enums)
            {
                var gone = before.Values.GroupBy(value => value.Number).Where(values => after.FindValueByNumber(values.Key) is null).Select(values => values.ToList()).ToList();
                var proto = gone.Count > 0 ? after.ToProto() : null;
                foreach (var values in gone.Where(values => !isAllowed(values, proto!)))
                {
                    run.Report(before, after, string.Create(
                        CultureInfo.InvariantCulture, $"Previously present enum value \"{values[0].Number}\" with name {Names(values)} on enum \"{before.FullName}\" was deleted{without}."), Whole);
                }
            }
        });

    private static void ReportLost(
        BreakingRun run, DescriptorBase before, DescriptorBase after, string kind, IEnumerable<(int First, int Last)> was, IEnumerable<(int First, int Last)> now)
    {
        foreach (var range in was.Where(range => !now.Cover(range)))
        {
            run.Report(before, after, $"Previously present {kind} \"{NumberRanges.Show(range)}\" on \"{before.FullName}\" was deleted, or some of it.", Whole);
        }
    }

    private static void ReportLost(BreakingRun run, DescriptorBase before, DescriptorBase after, IEnumerable<string> was, IEnumerable<string> now)
    {
        foreach (var name in was.Except(now))
        {
            run.Report(before, after, $"Previously present reserved name \"{name}\" on \"{before.FullName}\" was deleted.", Whole);
        }
    }

    private static string Names(IEnumerable<EnumValueDescriptor> values) => string.Join(", ", values.Select(value => $"\"{value.Name}\"").Order(StringComparer.Ordinal));
}
