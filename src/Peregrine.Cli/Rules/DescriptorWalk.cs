// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Rules;

/// <summary>What a file declares, at any depth, in the order of the file; what the compiler makes for maps is left out.</summary>
internal static class DescriptorWalk
{
    /// <summary>All messages.</summary>
    public static IEnumerable<MessageDescriptor> AllMessages(this FileDescriptor file) => file.MessagesAndEntries().Where(message => !message.IsMapEntry);

    /// <summary>All messages, and the entries of maps.</summary>
    public static IEnumerable<MessageDescriptor> MessagesAndEntries(this FileDescriptor file) => file.MessageTypes.SelectMany(Tree);

    /// <summary>All enums.</summary>
    public static IEnumerable<EnumDescriptor> AllEnums(this FileDescriptor file) =>
        file.EnumTypes.Concat(file.AllMessages().SelectMany(message => message.EnumTypes));

    /// <summary>All methods.</summary>
    public static IEnumerable<MethodDescriptor> AllMethods(this FileDescriptor file) => file.Services.SelectMany(service => service.Methods);

    /// <summary>The fields of all messages, and all extensions.</summary>
    public static IEnumerable<FieldDescriptor> AllFields(this FileDescriptor file) =>
        file.AllMessages().SelectMany(message => message.Fields.InDeclarationOrder()).Concat(file.AllExtensions());

    /// <summary>All extensions.</summary>
    public static IEnumerable<FieldDescriptor> AllExtensions(this FileDescriptor file) =>
        file.Extensions.UnorderedExtensions.Concat(file.AllMessages().SelectMany(message => message.Extensions.UnorderedExtensions));

    /// <summary>The oneofs that are written as such.</summary>
    public static IEnumerable<OneofDescriptor> AllOneofs(this FileDescriptor file) =>
        file.AllMessages().SelectMany(message => message.Oneofs).Where(oneof => !oneof.IsSynthetic);

    private static IEnumerable<MessageDescriptor> Tree(MessageDescriptor message) => message.NestedTypes.SelectMany(Tree).Prepend(message);
}
