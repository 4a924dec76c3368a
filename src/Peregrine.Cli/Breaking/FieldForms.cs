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
        { IsMap: true } => "map",
        { IsRepeated: true } => "repeated",
        { IsRequired: true } => "required",
        { HasPresence: true } => "optional with explicit presence",
        _ => "optional with implicit presence",
    };

    /// <summary>Whether its values have a length before them, so that one reads as a list of one, and of a list the last is read.</summary>
    public static bool IsLengthDelimited(FieldDescriptor field) => field.FieldType is FieldType.String or FieldType.Bytes or FieldType.Message;

    /// <summary>Whether the new field reads what the old one wrote in binary.</summary>
    public static bool IsBinaryCompatible(FieldDescriptor before, FieldDescriptor after) =>
        IsSameType(before, after)
        || (before.FieldType == FieldType.String && after.FieldType == FieldType.Bytes)
        || (BinaryGroup(before.FieldType) is > 0 and var group && group == BinaryGroup(after.FieldType));

    /// <summary>Whether the new field reads what the old one wrote in JSON as well.</summary>
    public static bool IsJsonCompatible(FieldDescriptor before, FieldDescriptor after) =>
        IsSameType(before, after) || (JsonGroup(before.FieldType) is > 0 and var group && group == JsonGroup(after.FieldType));

    private static bool IsSameType(FieldDescriptor before, FieldDescriptor after) =>
        TypeOf(before) == TypeOf(after)
        || (before.FieldType == FieldType.Enum && after.FieldType == FieldType.Enum && Contains(after.EnumType, before.EnumType));

    // An enum of another name will do, if it has all values.
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
