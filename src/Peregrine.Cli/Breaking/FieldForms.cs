// SPDX-License-Identifier: Apache-2.0

using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>
/// What fields look like on the wire, and which of them can read each other: <see href="https://protobuf.dev/programming-guides/proto3/#updating"/>.
/// </summary>
internal static class FieldForms
{
    /// <summary>The type as a .proto file has it.</summary>
    public static string TypeOf(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map<{TypeOf(field.MessageType.FindFieldByNumber(1)!)}, {TypeOf(field.MessageType.FindFieldByNumber(2)!)}>",
        { FieldType: FieldType.Enum } => field.EnumType.FullName,
        { FieldType: FieldType.Message } => field.MessageType.FullName,
        { FieldType: FieldType.Group } => "group " + field.MessageType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    /// <summary>The cardinality, and whether absence is known.</summary>
    public static string CardinalityOf(FieldDescriptor field) => field switch
    {
        { IsMap: true } => Map,
        { IsRepeated: true } => Repeated,
        { IsRequired: true } => Required,
        { HasPresence: true } => "optional with explicit presence",
        _ => "optional with implicit presence",
    };

    /// <summary>The cardinality of binary data: lists and maps have an entry each time, required fields must be there.</summary>
    public static string BinaryCardinalityOf(FieldDescriptor field) => CardinalityOf(field) switch
    {
        Map => Repeated,
        Repeated or Required => CardinalityOf(field),
        _ => "optional",
    };

    /// <summary>The cardinality of JSON: lists and maps differ.</summary>
    public static string JsonCardinalityOf(FieldDescriptor field) => field.IsMap ? Map : BinaryCardinalityOf(field);

    /// <summary>Whether the type has another name, or is another; of maps, what they hold is compared by itself.</summary>
    public static bool IsSameType(FieldDescriptor before, FieldDescriptor after) =>
        before.FieldType == after.FieldType && NameOf(before) == NameOf(after);

    /// <summary>Whether the new field reads what the old one wrote in binary.</summary>
    public static bool IsBinaryCompatible(FieldDescriptor before, FieldDescriptor after) =>
        IsSameOrLargerEnum(before, after)
        || (before.FieldType == FieldType.String && after.FieldType == FieldType.Bytes)
        || (BinaryGroup(before.FieldType) is > 0 and var group && group == BinaryGroup(after.FieldType));

    /// <summary>Whether the new field reads what the old one wrote in JSON as well.</summary>
    public static bool IsJsonCompatible(FieldDescriptor before, FieldDescriptor after) =>
        IsSameOrLargerEnum(before, after) || (JsonGroup(before.FieldType) is > 0 and var group && group == JsonGroup(after.FieldType));

    private const string Map = "map";
    private const string Repeated = "repeated";
    private const string Required = "required";

    private static string? NameOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Enum => field.EnumType.FullName,
        FieldType.Message or FieldType.Group => field.MessageType.FullName,
        _ => null,
    };

    // An enum of the same name elsewhere will do, if it has all values.
    private static bool IsSameOrLargerEnum(FieldDescriptor before, FieldDescriptor after) =>
        IsSameType(before, after)
        || (before.FieldType == FieldType.Enum && after.FieldType == FieldType.Enum && before.EnumType.Name == after.EnumType.Name && Contains(after.EnumType, before.EnumType));

    private static bool Contains(EnumDescriptor after, EnumDescriptor before) =>
        before.Values.All(value => after.FindValueByName(value.Name) is { } same && same.Number == value.Number);

    private static int BinaryGroup(FieldType type) => type switch
    {
        FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 or FieldType.UInt64 or FieldType.Bool => 1,
        FieldType.SInt32 or FieldType.SInt64 => 2,
        FieldType.Fixed32 or FieldType.SFixed32 => 3,
        FieldType.Fixed64 or FieldType.SFixed64 => 4,
        _ => 0,
    };

    // JSON has numbers of 64 bits as strings, and no two ways of writing others that both read.
    private static int JsonGroup(FieldType type) => type switch
    {
        FieldType.Int32 or FieldType.UInt32 => 1,
        FieldType.Int64 or FieldType.UInt64 => 2,
        FieldType.Fixed32 or FieldType.SFixed32 => 3,
        FieldType.Fixed64 or FieldType.SFixed64 => 4,
        _ => 0,
    };
}
