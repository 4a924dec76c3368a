// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Checks a linked file against the rules of the language that parsers, formatters and dynamic messages rely on.</summary>
internal sealed class DescriptorValidator
{
    internal const int MaxFieldNumber = (1 << 29) - 1;
    private const int FirstReservedNumber = 19000;
    private const int LastReservedNumber = 19999;

    private readonly Dictionary<MessageDescriptor, NumberRanges> _extensionRanges = [];

    private DescriptorValidator()
    {
    }

    public static void Validate(FileDescriptor file) => new DescriptorValidator().ValidateFile(file);

    private void ValidateFile(FileDescriptor file)
    {
        foreach (MessageDescriptor message in file.MessageTypes)
        {
            ValidateMessage(message);
        }

        foreach (EnumDescriptor each in file.EnumTypes)
        {
            ValidateEnum(each);
        }

        foreach (FieldDescriptor extension in file.Extensions.UnorderedExtensions)
        {
            ValidateExtension(extension);
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            foreach (MethodDescriptor method in service.Methods)
            {
                _ = method.InputType;
                _ = method.OutputType;
            }
        }
    }

    private void ValidateMessage(MessageDescriptor message)
    {
        ValidateRanges(message);
        NumberRanges extensions = ExtensionRangesOf(message);
        NumberRanges reserved = ReservedRangesOf(message);
        HashSet<string> reservedNames = [.. message.Proto.ReservedName];
        Dictionary<int, FieldDescriptor> byNumber = new(IntegerKeys<int>.Comparer);
#pragma warning disable CS0618 // What is deprecated is the use of the option, not the respect for it.
        bool mayShareJsonNames = message.Features.JsonFormat != FeatureSet.Types.JsonFormat.Allow || message.Proto.Options is { DeprecatedLegacyJsonFieldConflicts: true };
#pragma warning restore CS0618
        Dictionary<string, FieldDescriptor> byJsonName = new(StringComparer.Ordinal);
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            ValidateField(field);
            Check(field, field.Proto.Extendee.Length == 0, "A field names no extendee; only extensions do.");
            if (!byNumber.TryAdd(field.FieldNumber, field))
            {
                throw Invalid(field, $"Number {field.FieldNumber} is already that of field \"{byNumber[field.FieldNumber].Name}\".");
            }

            if (!byJsonName.TryAdd(field.JsonName, field) && !mayShareJsonNames)
            {
                throw Invalid(field, $"JSON name \"{field.JsonName}\" is already that of field \"{byJsonName[field.JsonName].Name}\".");
            }

            Check(field, !reserved.Contains(field.FieldNumber), $"Number {field.FieldNumber} is reserved.");
            Check(field, !extensions.Contains(field.FieldNumber), $"Number {field.FieldNumber} is set aside for extensions.");
            Check(field, !reservedNames.Contains(field.Name), $"Name \"{field.Name}\" is reserved.");
        }

        ValidateOneofs(message);
        if (message.IsMapEntry)
        {
            ValidateMapEntry(message);
        }

        foreach (FieldDescriptor extension in message.Extensions.UnorderedExtensions)
        {
            ValidateExtension(extension);
        }

        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            ValidateMessage(nested);
        }

        foreach (EnumDescriptor nested in message.EnumTypes)
        {
            ValidateEnum(nested);
        }
    }

    private static void ValidateRanges(MessageDescriptor message)
    {
        // Message sets use the whole range of int32, every other message ends at 2^29 - 1; ends are exclusive.
        long limit = message.Proto.Options is { MessageSetWireFormat: true } ? int.MaxValue : MaxFieldNumber + 1L;
        List<(int Start, int End)> ranges = [];
        foreach (DescriptorProto.Types.ExtensionRange range in message.Proto.ExtensionRange)
        {
            Check(message, range.Start > 0 && range.Start < range.End && range.End <= limit, $"Extension range {range.Start} to {range.End - 1L} is not one of field numbers.");
            ranges.Add((range.Start, range.End));
        }

        foreach (DescriptorProto.Types.ReservedRange range in message.Proto.ReservedRange)
        {
            Check(message, range.Start > 0 && range.Start < range.End, $"Reserved range {range.Start} to {range.End - 1L} is not one of field numbers.");
            ranges.Add((range.Start, range.End));
        }

        ranges.Sort();
        for (int i = 1; i < ranges.Count; i++)
        {
            Check(message, ranges[i - 1].End <= ranges[i].Start, $"Ranges {ranges[i - 1].Start} to {ranges[i - 1].End - 1} and {ranges[i].Start} to {ranges[i].End - 1} overlap.");
        }
    }

    private NumberRanges ExtensionRangesOf(MessageDescriptor message)
    {
        if (!_extensionRanges.TryGetValue(message, out NumberRanges? ranges))
        {
            List<(int Start, long End)> list = [];
            foreach (DescriptorProto.Types.ExtensionRange range in message.Proto.ExtensionRange)
            {
                list.Add((range.Start, range.End));
            }

            ranges = new NumberRanges(list);
            _extensionRanges.Add(message, ranges);
        }

        return ranges;
    }

    private static NumberRanges ReservedRangesOf(MessageDescriptor message)
    {
        List<(int Start, long End)> list = [];
        foreach (DescriptorProto.Types.ReservedRange range in message.Proto.ReservedRange)
        {
            list.Add((range.Start, range.End));
        }

        return new NumberRanges(list);
    }

    private static NumberRanges ReservedRangesOf(EnumDescriptor each)
    {
        List<(int Start, long End)> list = [];
        foreach (EnumDescriptorProto.Types.EnumReservedRange range in each.Proto.ReservedRange)
        {
            // Unlike those of messages, the ends of an enum's reserved ranges are inclusive.
            list.Add((range.Start, range.End + 1L));
        }

        list.Sort();
        for (int i = 0; i < list.Count; i++)
        {
            Check(each, list[i].Start < list[i].End && (i == 0 || list[i - 1].End <= list[i].Start), $"The reserved range from {list[i].Start} is empty or overlaps another.");
        }

        return new NumberRanges(list);
    }

    private static void ValidateField(FieldDescriptor field)
    {
        FieldDescriptorProto proto = field.Proto;
        int number = field.FieldNumber;
        bool inMessageSet = field.IsExtension && field.ExtendeeType.Proto.Options is { MessageSetWireFormat: true };
        Check(field, number > 0 && (number <= MaxFieldNumber || inMessageSet), $"Number {number} is not between 1 and {MaxFieldNumber}.");
        Check(field, number is < FirstReservedNumber or > LastReservedNumber, $"Numbers {FirstReservedNumber} to {LastReservedNumber} are reserved for the implementation.");
        Check(field, !proto.HasLabel || proto.Label is >= FieldDescriptorProto.Types.Label.Optional and <= FieldDescriptorProto.Types.Label.Repeated, $"Label {(int)proto.Label} is not known.");
        Check(field, !proto.HasType || proto.Type is >= FieldDescriptorProto.Types.Type.Double and <= FieldDescriptorProto.Types.Type.Sint64, $"Type {(int)proto.Type} is not known.");
        Check(field, proto.HasType || proto.TypeName.Length > 0, "The field has neither type nor type_name.");

        // First, because a message's kind depends on its type: an entry of a map is never in the delimited encoding.
        if (field.IsMessageKind)
        {
            Check(field, proto.TypeName.Length > 0, "The field has no type_name.");
            _ = RequireMessage(field);
        }

        FieldType type = field.FieldType;
        switch (type)
        {
            case FieldType.Message or FieldType.Group:
                break;
            case FieldType.Enum:
                Check(field, proto.TypeName.Length > 0, "The field has no type_name.");
                EnumDescriptor enumType = RequireEnum(field);
                Check(
                    field,
                    !enumType.IsClosed || field.Features.FieldPresence != FeatureSet.Types.FieldPresence.Implicit || field.IsRepeated || field.HasPresence,
                    $"A field without presence cannot be of the closed enum {enumType.FullName}: zero need not be one of its values.");
                break;
            default:
                Check(field, proto.TypeName.Length == 0, $"A field of type {type} has no type_name.");
                break;
        }

        Edition edition = field.File.Edition;
        Check(field, edition != Edition.Proto3 || proto.Label != FieldDescriptorProto.Types.Label.Required, "proto3 has no required fields.");
        Check(field, edition != Edition.Proto3 || proto.Type != FieldDescriptorProto.Types.Type.Group, "proto3 has no groups.");
        Check(field, edition == Edition.Proto3 || !proto.Proto3Optional, "proto3_optional is set outside proto3.");
        Check(field, proto.Options is not { Packed: true } || (field.IsRepeated && field.IsPackable), "Only repeated numeric fields can be packed.");
        Check(field, !proto.HasOneofIndex || !field.IsRepeated, "A repeated field cannot be in a oneof.");
        Check(field, !proto.HasOneofIndex || !field.IsRequired, "A required field cannot be in a oneof.");
        if (proto.HasDefaultValue)
        {
            Check(field, !field.IsRepeated && !field.IsMessageKind, "Repeated and message fields have no default value.");
            Check(field, edition != Edition.Proto3, "proto3 has no default values.");
            Check(field, field.HasPresence, "A field without presence has no default value.");
        }

        _ = field.DefaultValue;
        if (field.IsRepeated && type == FieldType.Message && field.MessageType.IsMapEntry)
        {
            Check(
                field,
                !field.IsExtension && ReferenceEquals(field.MessageType.ContainingType, field.ContainingType),
                $"{field.MessageType.FullName} is a map entry of another message.");
        }
        else if (field.IsMessageKind)
        {
            Check(field, !field.MessageType.IsMapEntry, $"{field.MessageType.FullName} is a map entry: only a repeated field can be of it.");
        }
    }

    private void ValidateExtension(FieldDescriptor extension)
    {
        Check(extension, extension.Proto.Extendee.Length > 0, "The extension has no extendee.");
        MessageDescriptor extendee = extension.ExtendeeType;
        ValidateField(extension);
        Check(extension, !extension.Proto.HasOneofIndex, "An extension cannot be in a oneof.");
        Check(extension, !extension.IsRequired, "An extension cannot be required.");
        Check(extension, ExtensionRangesOf(extendee).Contains(extension.FieldNumber), $"{extendee.FullName} does not set {extension.FieldNumber} aside for extensions.");
        if (extendee.Proto.Options is { MessageSetWireFormat: true })
        {
            Check(extension, !extension.IsRepeated && extension.FieldType == FieldType.Message, "A message set holds only singular messages.");
        }
    }

    private static void ValidateOneofs(MessageDescriptor message)
    {
        bool synthetic = false;
        foreach (OneofDescriptor oneof in message.Oneofs)
        {
            if (oneof.Fields.Count == 0)
            {
                throw Invalid(oneof, "The oneof has no fields.");
            }

            foreach (FieldDescriptor field in oneof.Fields)
            {
                Check(field, !field.Proto.Proto3Optional || oneof.IsSynthetic, "A proto3 optional field must be alone in its oneof.");
            }

            Check(oneof, oneof.IsSynthetic || !synthetic, "Synthetic oneofs come after all others.");
            synthetic |= oneof.IsSynthetic;
        }

        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            Check(field, !field.Proto.Proto3Optional || field.Proto.HasOneofIndex, "A proto3 optional field needs its synthetic oneof.");
        }
    }

    private static void ValidateMapEntry(MessageDescriptor entry)
    {
        ReadOnlyCollection<FieldDescriptor> fields = entry.Fields.InFieldNumberOrder();
        bool shape = entry.ContainingType is not null && fields.Count == 2
            && fields[0] is { FieldNumber: 1, Name: "key", IsRepeated: false }
            && fields[1] is { FieldNumber: 2, Name: "value", IsRepeated: false }
            && entry.NestedTypes.Count == 0 && entry.EnumTypes.Count == 0 && entry.Proto.Extension.Count == 0
            && entry.Proto.ExtensionRange.Count == 0;
        Check(entry, shape, "A map entry is nested and has exactly the fields key = 1 and value = 2, and no extensions.");
        Check(
            fields[0],
            fields[0].FieldType is not (FieldType.Float or FieldType.Double or FieldType.Bytes or FieldType.Enum or FieldType.Message or FieldType.Group),
            "A map key is an integer, bool or string.");
    }

    private static void ValidateEnum(EnumDescriptor each)
    {
        Check(each, each.Values.Count > 0, "The enum has no values.");
        Check(each, each.IsClosed || each.Values[0].Number == 0, "The first value of an open enum is zero.");
        HashSet<int> numbers = new(IntegerKeys<int>.Comparer);
        HashSet<string> reservedNames = [.. each.Proto.ReservedName];
        NumberRanges reserved = ReservedRangesOf(each);
        bool aliases = each.Proto.Options is { AllowAlias: true };
        foreach (EnumValueDescriptor value in each.Values)
        {
            Check(value, numbers.Add(value.Number) || aliases, $"Number {value.Number} is that of another value, and allow_alias is not set.");
            Check(value, !reserved.Contains(value.Number), $"Number {value.Number} is reserved.");
            Check(value, !reservedNames.Contains(value.Name), $"Name \"{value.Name}\" is reserved.");
        }
    }

    private static MessageDescriptor RequireMessage(FieldDescriptor field)
    {
        try
        {
            return field.MessageType;
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, $"\"{field.Proto.TypeName}\" is not a message type.");
        }
    }

    private static EnumDescriptor RequireEnum(FieldDescriptor field)
    {
        try
        {
            return field.EnumType;
        }
        catch (InvalidOperationException)
        {
            throw Invalid(field, $"\"{field.Proto.TypeName}\" is not an enum.");
        }
    }

    private static void Check(DescriptorBase descriptor, bool condition, string description)
    {
        if (!condition)
        {
            throw Invalid(descriptor, description);
        }
    }

    private static DescriptorValidationException Invalid(DescriptorBase descriptor, string description) =>
        new(descriptor.File.Name, descriptor.FullName, description);
}
