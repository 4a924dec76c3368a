// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.ObjectModel;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>The extensions declared in one scope: a file or a message.</summary>
public sealed class ExtensionCollection
{
    private readonly FieldDescriptor[] _extensions;

    internal ExtensionCollection(RepeatedField<FieldDescriptorProto> protos, FileDescriptor file, MessageDescriptor? scope, in ResolvedFeatures features, Extension[]? generated)
    {
        _extensions = new FieldDescriptor[protos.Count];
        for (int i = 0; i < _extensions.Length; i++)
        {
            Extension? extension = generated is not null && i < generated.Length ? generated[i] : null;
            _extensions[i] = new FieldDescriptor(protos[i], file, scope, i, features.ForField(protos[i], file.Edition), isExtension: true, extension);
        }

        UnorderedExtensions = Array.AsReadOnly(_extensions);
    }

    /// <summary>The extensions as the .proto lists them.</summary>
    public ReadOnlyCollection<FieldDescriptor> UnorderedExtensions { get; }

    /// <summary>The extensions of one message type that this scope declares, as the .proto lists them.</summary>
    /// <param name="descriptor">The extended type.</param>
    /// <returns>A new list.</returns>
    public ReadOnlyCollection<FieldDescriptor> GetExtensionsInDeclarationOrder(MessageDescriptor descriptor) =>
        Array.AsReadOnly(Array.FindAll(_extensions, extension => ReferenceEquals(extension.ExtendeeType, descriptor)));

    /// <summary>The extensions of one message type that this scope declares, by ascending number.</summary>
    /// <param name="descriptor">The extended type.</param>
    /// <returns>A new list.</returns>
    public ReadOnlyCollection<FieldDescriptor> GetExtensionsInNumberOrder(MessageDescriptor descriptor)
    {
        FieldDescriptor[] found = Array.FindAll(_extensions, extension => ReferenceEquals(extension.ExtendeeType, descriptor));
        Array.Sort(found, static (a, b) => a.FieldNumber.CompareTo(b.FieldNumber));
        return Array.AsReadOnly(found);
    }
}
