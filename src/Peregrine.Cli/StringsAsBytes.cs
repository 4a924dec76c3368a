// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>
/// Builds descriptors in which strings are bytes. In text and on the wire both look alike, but a string here is UTF-16 and cannot hold
/// bytes that are not UTF-8, which protoc's strings can.
/// </summary>
internal static class StringsAsBytes
{
    // These are held by other means than their fields.
    private static readonly HashSet<string> KeptTypes = ["google.protobuf.Any", "google.protobuf.StringValue"];

    /// <summary>Builds a pool.</summary>
    /// <param name="files">The files, in any order, with all that they import.</param>
    /// <param name="keepsVerified">Whether strings that must be UTF-8 stay strings, so that a reader refuses others.</param>
    /// <exception cref="DescriptorValidationException">The descriptors are not those of valid files.</exception>
    public static DescriptorPool BuildPool(IEnumerable<FileDescriptorProto> files, bool keepsVerified)
    {
        var set = new FileDescriptorSet();
        set.File.AddRange(files);
        var pool = DescriptorPool.FromFileDescriptorSet(set);
        var changed = new FileDescriptorSet();
        foreach (var file in pool.Files)
        {
            var proto = file.ToProto();
            Change(file.Extensions.UnorderedExtensions, proto.Extension, keepsVerified);
            Change(file.MessageTypes, proto.MessageType, keepsVerified);
            changed.File.Add(proto);
        }

        return DescriptorPool.FromFileDescriptorSet(changed);
    }

    private static void Change(IEnumerable<MessageDescriptor> types, RepeatedField<DescriptorProto> protos, bool keepsVerified)
    {
        var index = 0;
        foreach (var type in types)
        {
            var proto = protos[index++];
            Change(type.NestedTypes, proto.NestedType, keepsVerified);
            Change(type.Extensions.UnorderedExtensions, proto.Extension, keepsVerified);
            if (!KeptTypes.Contains(type.FullName))
            {
                Change(type.Fields.InDeclarationOrder(), proto.Field, keepsVerified);
            }
        }
    }

    private static void Change(IReadOnlyList<FieldDescriptor> fields, RepeatedField<FieldDescriptorProto> protos, bool keepsVerified)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            var isKey = field is { IsExtension: false, FieldNumber: 1, ContainingType.IsMapEntry: true };
            if (field.FieldType == FieldType.String && !isKey && !(keepsVerified && field.RequiresUtf8Validation))
            {
                protos[i].Type = FieldDescriptorProto.Types.Type.Bytes;
                protos[i].ClearDefaultValue();
                protos[i].Options?.Features?.ClearUtf8Validation();
            }
        }
    }
}
