// SPDX-License-Identifier: Apache-2.0

using System.Collections;
using System.Collections.Generic;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>Copies from a request to a response the fields that have the same name and type in both. Immutable.</summary>
internal sealed class EchoFields
{
    private readonly MessageDescriptor _output;
    private readonly bool _isSameType;
    private readonly List<(FieldDescriptor From, FieldDescriptor To)> _fields = [];

    /// <summary>Finds the fields of a method's types.</summary>
    public EchoFields(MessageDescriptor input, MessageDescriptor output)
    {
        _output = output;
        _isSameType = input == output;
        foreach (var field in output.Fields.InDeclarationOrder())
        {
            if (input.FindFieldByName(field.Name) is { } from && IsSame(from, field))
            {
                _fields.Add((from, field));
            }
        }
    }

    /// <summary>The response to a request; what they share is not to be changed.</summary>
    public DynamicMessage Echo(DynamicMessage request)
    {
        if (_isSameType)
        {
            return request;
        }

        var response = new DynamicMessage(_output);
        foreach (var (from, to) in _fields)
        {
            if (!request.HasField(from))
            {
                continue;
            }

            if (to.IsMap)
            {
                var target = (IDictionary)response.GetField(to)!;
                foreach (DictionaryEntry entry in (IDictionary)request.GetField(from)!)
                {
                    target.Add(entry.Key, entry.Value);
                }
            }
            else if (to.IsRepeated)
            {
                var target = (IList)response.GetField(to)!;
                foreach (var item in (IList)request.GetField(from)!)
                {
                    _ = target.Add(item);
                }
            }
            else
            {
                response.SetField(to, request.GetField(from));
            }
        }

        return response;
    }

    private static bool IsSame(FieldDescriptor a, FieldDescriptor b) =>
        a.FieldType == b.FieldType && a.IsRepeated == b.IsRepeated && a.IsMap == b.IsMap && a.FieldType switch
        {
            FieldType.Enum => a.EnumType == b.EnumType,
            FieldType.Message or FieldType.Group when a.IsMap =>
                IsSame(a.MessageType.FindFieldByNumber(1)!, b.MessageType.FindFieldByNumber(1)!) && IsSame(a.MessageType.FindFieldByNumber(2)!, b.MessageType.FindFieldByNumber(2)!),
            FieldType.Message or FieldType.Group => a.MessageType == b.MessageType,
            _ => true,
        };
}
