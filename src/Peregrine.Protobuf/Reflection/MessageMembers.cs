// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;

namespace Peregrine.Protobuf.Reflection;

/// <summary>The fields and oneofs of one message type with their lookups, built when the type is first inspected.</summary>
internal sealed class MessageMembers
{
    private readonly bool _dense;
    private Dictionary<string, FieldDescriptor>? _byName;
    private Dictionary<string, FieldDescriptor>? _byJsonName;

    public MessageMembers(MessageDescriptor message)
    {
        DescriptorProto proto = message.Proto;
        Edition edition = message.File.Edition;

        // A field inherits its features through its oneof, if it has one.
        var oneofFeatures = new ResolvedFeatures[proto.OneofDecl.Count];
        for (int i = 0; i < oneofFeatures.Length; i++)
        {
            oneofFeatures[i] = message.Features.With(proto.OneofDecl[i].Options?.Features);
        }

        Fields = new FieldDescriptor[proto.Field.Count];
        var oneofFields = new List<FieldDescriptor>[oneofFeatures.Length];
        for (int i = 0; i < Fields.Length; i++)
        {
            FieldDescriptorProto field = proto.Field[i];
            bool inOneof = field.HasOneofIndex;
            if (inOneof && (uint)field.OneofIndex >= (uint)oneofFeatures.Length)
            {
                throw new DescriptorValidationException(
                    message.File.Name, message.FullName + "." + field.Name, $"oneof_index {field.OneofIndex} is not that of a oneof of the message.");
            }

            ResolvedFeatures parent = inOneof ? oneofFeatures[field.OneofIndex] : message.Features;
            Fields[i] = new FieldDescriptor(field, message.File, message, i, parent.ForField(field, edition), isExtension: false);
            if (inOneof)
            {
                (oneofFields[field.OneofIndex] ??= []).Add(Fields[i]);
            }
        }

        Oneofs = new OneofDescriptor[oneofFeatures.Length];
        for (int i = 0; i < Oneofs.Length; i++)
        {
            Oneofs[i] = new OneofDescriptor(proto.OneofDecl[i], message, i, oneofFeatures[i], oneofFields[i]?.ToArray() ?? []);
        }

        OneofCollection = Array.AsReadOnly(Oneofs);
        ByNumber = [.. Fields];
        Array.Sort(ByNumber, static (a, b) => a.FieldNumber.CompareTo(b.FieldNumber));
        _dense = ByNumber.Length > 0 && ByNumber[0].FieldNumber == 1 && ByNumber[^1].FieldNumber == ByNumber.Length;
        Collection = new MessageDescriptor.FieldCollection(message, this);
    }

    public FieldDescriptor[] Fields { get; }

    public FieldDescriptor[] ByNumber { get; }

    public OneofDescriptor[] Oneofs { get; }

    public ReadOnlyCollection<OneofDescriptor> OneofCollection { get; }

    public MessageDescriptor.FieldCollection Collection { get; }

    public FieldDescriptor? FindByNumber(int number)
    {
        // Numbers 1..n without a gap are the common case.
        if (_dense)
        {
            return (uint)(number - 1) < (uint)ByNumber.Length ? ByNumber[number - 1] : null;
        }

        int low = 0;
        int high = ByNumber.Length - 1;
        while (low <= high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            int found = ByNumber[middle].FieldNumber;
            if (found == number)
            {
                return ByNumber[middle];
            }

            if (found < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    public FieldDescriptor? FindByName(string name)
    {
        Dictionary<string, FieldDescriptor>? map = Volatile.Read(ref _byName);
        if (map is null)
        {
            map = new Dictionary<string, FieldDescriptor>(Fields.Length, StringComparer.Ordinal);
            foreach (FieldDescriptor field in Fields)
            {
                map.TryAdd(field.Name, field);
            }

            Volatile.Write(ref _byName, map);
        }

        return map.GetValueOrDefault(name);
    }

    public bool TryFindByJsonName(ReadOnlySpan<char> name, out FieldDescriptor? field)
    {
        Dictionary<string, FieldDescriptor>? map = Volatile.Read(ref _byJsonName);
        if (map is null)
        {
            // JSON names first: where one field's JSON name is another's declared name, the JSON name wins.
            map = new Dictionary<string, FieldDescriptor>(Fields.Length * 2, StringComparer.Ordinal);
            foreach (FieldDescriptor each in Fields)
            {
                map.TryAdd(each.JsonName, each);
            }

            foreach (FieldDescriptor each in Fields)
            {
                map.TryAdd(each.Name, each);
            }

            Volatile.Write(ref _byJsonName, map);
        }

        return map.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out field);
    }
}
