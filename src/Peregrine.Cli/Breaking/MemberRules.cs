// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that the members of messages, enums and services stay, or leave their numbers and names reserved.</summary>
internal static class MemberRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        Fields("FIELD_NO_DELETE", BreakingRule.InSource, "No field goes.", (_, _) => false, ""),
        Fields("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED", BreakingRule.InBothWires, "The number of a field that goes is reserved.",
            (field, after) => IsReserved(after, field.FieldNumber), " without reserving its number"),
        Fields("FIELD_NO_DELETE_UNLESS_NAME_RESERVED", BreakingRule.InJson, "The name of a field that goes is reserved.",
            (field, after) => after.ReservedName.Contains(field.Name), " without reserving its name"),
        Values("ENUM_VALUE_NO_DELETE", BreakingRule.InSource, "No value goes.", (_, _) => false, ""),
        Values("ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED", BreakingRule.InBothWires, "The number of a value that goes is reserved.",
            (value, after) => IsReserved(after, value.Number), " without reserving its number"),
        Values("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", BreakingRule.InJson, "The name of a value that goes is reserved.",
            (value, after) => after.ReservedName.Contains(value.Name), " without reserving its name"),
        BreakingRule.OfPairs("ENUM_VALUE_SAME_NAME", BreakingRule.InSourceAndJson, "A number keeps its names.", run => run.Enums, (before, after) =>
            before.Values.FirstOrDefault(value => after.FindValueByNumber(value.Number) is not null && after.Values.All(each => each.Name != value.Name)) is { } lost
                ? string.Create(CultureInfo.InvariantCulture, $"Enum value \"{lost.Number}\" on enum \"{before.FullName}\" changed name from \"{lost.Name}\" to \"{after.FindValueByNumber(lost.Number)!.Name}\".")
                : null),
        new("ONEOF_NO_DELETE", BreakingRule.InSource, "No oneof goes.", run =>
        {
            foreach (var (before, after) in run.Messages)
            {
                foreach (var oneof in before.Oneofs.Where(oneof => !oneof.IsSynthetic && after.Oneofs.All(each => each.Name != oneof.Name)))
                {
                    run.ReportGone(oneof, $"Previously present oneof \"{oneof.Name}\" on message \"{before.FullName}\" was deleted.");
                }
            }
        }),
        new("RPC_NO_DELETE", BreakingRule.InSource, "No method goes.", run =>
        {
            foreach (var (before, after) in run.Services)
            {
                foreach (var method in before.Methods.Where(method => after.FindMethodByName(method.Name) is null))
                {
                    run.ReportGone(method, $"Previously present RPC \"{method.Name}\" on service \"{before.FullName}\" was deleted.");
                }
            }
        }),
        BreakingRule.OfPairs("RESERVED_MESSAGE_NO_DELETE", BreakingRule.InAll, "What is reserved stays so.", run => run.Messages, (before, after) =>
            Lost(before.FullName, before.ToProto().ReservedRange.Select(range => (range.Start, range.End - 1)), before.ToProto().ReservedName, number => IsReserved(after.ToProto(), number), after.ToProto().ReservedName)),
        BreakingRule.OfPairs("RESERVED_ENUM_NO_DELETE", BreakingRule.InAll, "What is reserved stays so.", run => run.Enums, (before, after) =>
            Lost(before.FullName, before.ToProto().ReservedRange.Select(range => (range.Start, range.End)), before.ToProto().ReservedName, number => IsReserved(after.ToProto(), number), after.ToProto().ReservedName)),
        BreakingRule.OfPairs("EXTENSION_MESSAGE_NO_DELETE", BreakingRule.InSource, "Ranges of extensions stay.", run => run.Messages, (before, after) =>
        {
            var ranges = after.ToProto().ExtensionRange;
            var lost = before.ToProto().ExtensionRange.FirstOrDefault(range => !ranges.Any(each => each.Start <= range.Start && each.End >= range.End));
            return lost is null ? null
                : string.Create(CultureInfo.InvariantCulture, $"Previously present extension range \"[{lost.Start},{lost.End})\" on message \"{before.FullName}\" was deleted.");
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
                    run.ReportGone(field, string.Create(
                        CultureInfo.InvariantCulture, $"Previously present field \"{field.FieldNumber}\" with name \"{field.Name}\" on message \"{before.FullName}\" was deleted{without}."));
                }
            }
        });

    private static BreakingRule Values(string name, IReadOnlyList<string> categories, string purpose, Func<EnumValueDescriptor, EnumDescriptorProto, bool> isAllowed, string without) =>
        new(name, categories, purpose, run =>
        {
            foreach (var (before, after) in run.Enums)
            {
                var gone = before.Values.Where(value => after.FindValueByNumber(value.Number) is null).DistinctBy(value => value.Number).ToList();
                var proto = gone.Count > 0 ? after.ToProto() : null;
                foreach (var value in gone.Where(value => !isAllowed(value, proto!)))
                {
                    run.ReportGone(value, string.Create(
                        CultureInfo.InvariantCulture, $"Previously present enum value \"{value.Number}\" with name \"{value.Name}\" on enum \"{before.FullName}\" was deleted{without}."));
                }
            }
        });

    private static bool IsReserved(DescriptorProto message, int number) => message.ReservedRange.Any(range => range.Start <= number && number < range.End);

    private static bool IsReserved(EnumDescriptorProto @enum, int number) => @enum.ReservedRange.Any(range => range.Start <= number && number <= range.End);

    // The ends of a range speak for what is between them, unless somebody cut a hole, which its own ends then show.
    private static string? Lost(string owner, IEnumerable<(int First, int Last)> ranges, IEnumerable<string> names, Func<int, bool> isReserved, RepeatedField<string> reservedNames)
    {
        foreach (var (first, last) in ranges)
        {
            if (!isReserved(first) || !isReserved(last))
            {
                return string.Create(CultureInfo.InvariantCulture, $"Previously present reserved range \"[{first},{last}]\" on \"{owner}\" was deleted.");
            }
        }

        return names.FirstOrDefault(name => !reservedNames.Contains(name)) is { } lost ? $"Previously present reserved name \"{lost}\" on \"{owner}\" was deleted." : null;
    }
}
