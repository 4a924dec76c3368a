// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>A field or an extension with its C# names, types linked.</summary>
internal sealed class FieldModel
{
    /// <summary>The descriptor as compiled.</summary>
    public required FieldDescriptorProto Proto { get; init; }

    /// <summary>The file that declares it.</summary>
    public required FileModel File { get; init; }

    /// <summary>The message it belongs to: for an extension the one extended.</summary>
    public required MessageModel Owner { get; init; }

    /// <summary>The type, groups of every origin being <see cref="FieldType.Group"/>.</summary>
    public required FieldType Type { get; init; }

    /// <summary>The features of the field.</summary>
    public required Features Features { get; init; }

    /// <summary>The message of a message or group field.</summary>
    public required MessageModel? MessageType { get; init; }

    /// <summary>The enum of an enum field.</summary>
    public required EnumModel? EnumType { get; init; }

    /// <summary>The oneof that it is a member of.</summary>
    public required OneofModel? Oneof { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>The C# property (for an extension: the static field).</summary>
    public required string PropertyName { get; init; }

    /// <summary>The private field that holds the value.</summary>
    public required string BackingName { get; init; }

    /// <summary>The constant with the number.</summary>
    public required string NumberConstant { get; init; }

    /// <summary>The property that tells presence; empty where there is none.</summary>
    public required string HasProperty { get; init; }

    /// <summary>The method that clears the field; empty where there is none.</summary>
    public required string ClearMethod { get; init; }

    /// <summary>The member of the oneof's case enum.</summary>
    public required string CaseName { get; init; }

    /// <summary>The index of its presence bit, or -1 if it has none.</summary>
    public int PresenceBit { get; set; } = -1;

    /// <summary>The number.</summary>
    public int Number => Proto.Number;

    /// <summary>The .proto name.</summary>
    public string Name => Proto.Name;

    /// <summary>Whether it is repeated, maps included.</summary>
    public bool IsRepeated => Proto.Label == FieldDescriptorProto.Types.Label.Repeated;

    /// <summary>Whether it is a map.</summary>
    public bool IsMap => IsRepeated && MessageType is { IsMapEntry: true };

    /// <summary>Whether a message without it is not initialized.</summary>
    public bool IsRequired => Proto.Label == FieldDescriptorProto.Types.Label.Required
        || (!IsRepeated && Features.Presence == FeatureSet.Types.FieldPresence.LegacyRequired);

    /// <summary>Whether <c>(google.api.field_behavior)</c> says REQUIRED: a rule between people, which no parser checks.</summary>
    public required bool HasRequiredBehavior { get; init; }

    /// <summary>
    /// Whether the option <c>required_members</c> makes its property <c>required</c>. Collections have no setter, one member of a
    /// oneof cannot be asked for, and nobody must be made to set what is deprecated.
    /// </summary>
    public bool MayBeRequiredMember => (IsRequired || HasRequiredBehavior) && !IsRepeated && Oneof is null && !IsDeprecated;

    /// <summary>Whether its value is a message.</summary>
    public bool IsMessage => Type is FieldType.Message or FieldType.Group;

    /// <summary>Whether its C# value is a reference: a string, bytes, a message, a wrapper of the first two.</summary>
    public bool IsReference => IsWrapper ? MessageType!.Fields[0].IsReference : Type is FieldType.String or FieldType.Bytes || IsMessage;

    /// <summary>Whether the message is one of google/protobuf/wrappers.proto, whose field is the bare nullable value.</summary>
    public bool IsWrapper => Type == FieldType.Message && MessageType!.File.Path == "google/protobuf/wrappers.proto";

    /// <summary>Whether "set to the default" and "not set" differ.</summary>
    public bool HasPresence => !IsRepeated
        && (IsMessage || Oneof is not null || Proto.Proto3Optional || Proto.HasExtendee
            || Features.Presence != FeatureSet.Types.FieldPresence.Implicit);

    /// <summary>Whether a repeated field is written as one packed run.</summary>
    public bool IsPacked => IsRepeated
        && Type is not (FieldType.String or FieldType.Bytes or FieldType.Message or FieldType.Group)
        && (Proto.Options is { HasPacked: true } options ? options.Packed : Features.Packed);

    /// <summary>Whether it is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;
}
