// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>
/// The extensions that a parser recognizes. Fill it before it is used; it may then be shared between threads.
/// </summary>
public sealed class ExtensionRegistry : ICollection<Extension>, IDeepCloneable<ExtensionRegistry>
{
    private readonly Dictionary<(object Target, int Number), Extension> _extensions = [];

    // Extensions that are known by their descriptors only, of generated messages: those look by their class.
    private Dictionary<(Type Target, int Number), Extension>? _ofClasses;

    /// <summary>An empty registry.</summary>
    public ExtensionRegistry()
    {
    }

    /// <summary>How many extensions there are.</summary>
    public int Count => _extensions.Count;

    bool ICollection<Extension>.IsReadOnly => false;

    /// <summary>Adds an extension; one of the same message and number is replaced.</summary>
    public void Add(Extension item)
    {
        ArgumentNullException.ThrowIfNull(item);
        _extensions[(item.Target, item.FieldNumber)] = item;
        if (item is DynamicExtension && item.TargetType != typeof(DynamicMessage))
        {
            (_ofClasses ??= [])[(item.TargetType, item.FieldNumber)] = item;
        }
    }

    /// <summary>Adds extensions.</summary>
    public void AddRange(IEnumerable<Extension> extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        foreach (Extension extension in extensions)
        {
            Add(extension);
        }
    }

    /// <summary>Removes all extensions.</summary>
    public void Clear()
    {
        _extensions.Clear();
        _ofClasses = null;
    }

    /// <summary>Whether the extension is in the registry.</summary>
    public bool Contains(Extension item) => _extensions.ContainsValue(item);

    /// <summary>Copies the extensions to an array.</summary>
    public void CopyTo(Extension[] array, int arrayIndex) => _extensions.Values.CopyTo(array, arrayIndex);

    /// <summary>Removes an extension.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(Extension item)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (!Contains(item))
        {
            return false;
        }

        if (_ofClasses?.GetValueOrDefault((item.TargetType, item.FieldNumber)) == item)
        {
            _ofClasses.Remove((item.TargetType, item.FieldNumber));
        }

        return _extensions.Remove((item.Target, item.FieldNumber));
    }

    /// <inheritdoc/>
    public IEnumerator<Extension> GetEnumerator() => _extensions.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public ExtensionRegistry Clone()
    {
        ExtensionRegistry copy = [];
        copy.AddRange(_extensions.Values);
        return copy;
    }

    internal Extension? Find(Type target, int number) =>
        _extensions.GetValueOrDefault((target, number)) ?? _ofClasses?.GetValueOrDefault((target, number));

    internal Extension? Find(MessageDescriptor target, int number) => _extensions.GetValueOrDefault((target, number));
}
