// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// An immutable set of message types and extensions, found by full name: what JSON and <c>Any</c> need to know the types
/// that bytes and names stand for.
/// </summary>
public sealed class TypeRegistry
{
    private readonly Dictionary<string, MessageDescriptor> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldDescriptor> _extensions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Extendee, int Number), FieldDescriptor> _extensionsByNumber = [];

    private TypeRegistry()
    {
    }

    /// <summary>A registry without types.</summary>
    public static TypeRegistry Empty { get; } = new();

    /// <summary>Makes a registry of all types of the given files and of what they import, directly or not.</summary>
    /// <param name="fileDescriptors">The files.</param>
    /// <returns>A new registry.</returns>
    public static TypeRegistry FromFiles(params FileDescriptor[] fileDescriptors) =>
        FromFiles((IEnumerable<FileDescriptor>)fileDescriptors);

    /// <summary>Makes a registry of all types of the given files and of what they import, directly or not.</summary>
    /// <param name="fileDescriptors">The files.</param>
    /// <returns>A new registry.</returns>
    public static TypeRegistry FromFiles(IEnumerable<FileDescriptor> fileDescriptors)
    {
        ArgumentNullException.ThrowIfNull(fileDescriptors);
        TypeRegistry registry = new();
        HashSet<FileDescriptor> seen = [];
        Stack<FileDescriptor> pending = new(fileDescriptors);
        while (pending.TryPop(out FileDescriptor? file))
        {
            if (!seen.Add(file))
            {
                continue;
            }

            registry.AddExtensions(file.Extensions);
            foreach (DescriptorBase type in file.OwnTypes)
            {
                if (type is MessageDescriptor message)
                {
                    if (message.HasKnownParser)
                    {
                        registry._types.TryAdd(message.FullName, message);
                    }

                    registry.AddExtensions(message.Extensions);
                }
            }

            foreach (FileDescriptor dependency in file.Dependencies)
            {
                pending.Push(dependency);
            }
        }

        return registry;
    }

    /// <summary>Makes a registry of the given types, and of all types of their files and of what these import.</summary>
    /// <param name="messageDescriptors">The types.</param>
    /// <returns>A new registry.</returns>
    public static TypeRegistry FromMessages(params MessageDescriptor[] messageDescriptors) =>
        FromMessages((IEnumerable<MessageDescriptor>)messageDescriptors);

    /// <summary>Makes a registry of the given types, and of all types of their files and of what these import.</summary>
    /// <param name="messageDescriptors">The types.</param>
    /// <returns>A new registry.</returns>
    public static TypeRegistry FromMessages(IEnumerable<MessageDescriptor> messageDescriptors)
    {
        ArgumentNullException.ThrowIfNull(messageDescriptors);
        HashSet<FileDescriptor> files = [];
        foreach (MessageDescriptor message in messageDescriptors)
        {
            files.Add(message.File);
        }

        return FromFiles(files);
    }

    /// <summary>Finds a message type.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The type, or null when this registry lacks it.</returns>
    public MessageDescriptor? Find(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        return _types.GetValueOrDefault(fullName);
    }

    /// <summary>Finds an extension.</summary>
    /// <param name="fullName">The full name, without a leading dot.</param>
    /// <returns>The extension, or null when this registry lacks it.</returns>
    public FieldDescriptor? FindExtension(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        return _extensions.GetValueOrDefault(fullName);
    }

    /// <summary>Finds an extension of a message type, in this registry or the file of the type.</summary>
    /// <param name="extendee">The message type.</param>
    /// <param name="number">The field number.</param>
    /// <returns>The extension, or null when neither has it.</returns>
    public FieldDescriptor? FindExtension(MessageDescriptor extendee, int number)
    {
        ArgumentNullException.ThrowIfNull(extendee);
        return _extensionsByNumber.GetValueOrDefault((extendee.FullName, number)) ?? extendee.File.FindExtension(extendee, number);
    }

    /// <summary>Finds an extension of a message type, in this registry or the file of the type.</summary>
    internal FieldDescriptor? FindExtension(MessageDescriptor extendee, string fullName)
    {
        FieldDescriptor? found = FindExtension(fullName) ?? extendee.File.FindExtension(fullName);
        return found is not null && ReferenceEquals(found.ExtendeeType, extendee) ? found : null;
    }

    private void AddExtensions(ExtensionCollection collection)
    {
        foreach (FieldDescriptor extension in collection.UnorderedExtensions)
        {
            _extensions.TryAdd(extension.FullName, extension);
            _extensionsByNumber.TryAdd((extension.ExtendeeType.FullName, extension.FieldNumber), extension);
        }
    }
}
