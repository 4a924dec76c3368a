// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The extension values of one message, by field number. Generated code goes through <see cref="ExtensionSet"/>.</summary>
/// <typeparam name="TTarget">The message type.</typeparam>
public sealed class ExtensionSet<TTarget> : IExtensionSet, IEquatable<ExtensionSet<TTarget>>
    where TTarget : IMessage<TTarget>, IExtendable
{
    private readonly SortedList<int, ExtensionValue> _values = [];
    private readonly MessageDescriptor? _type;

    /// <summary>An empty set of a generated message.</summary>
    public ExtensionSet()
    {
    }

    /// <summary>An empty set of a message whose class serves several types.</summary>
    internal ExtensionSet(MessageDescriptor type)
    {
        _type = type;
    }

    /// <inheritdoc/>
    public IEnumerable<(Extension Extension, object Value)> Values
    {
        get
        {
            foreach (ExtensionValue value in _values.Values)
            {
                if (value.IsSet)
                {
                    yield return (value.Extension, value.Value);
                }
            }
        }
    }

    /// <inheritdoc/>
    public object? Get(Extension extension) => TryGet(extension, out ExtensionValue? value) ? value.Value : null;

    /// <inheritdoc/>
    public void Set(Extension extension, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckTarget(extension);
        GetOrAdd(extension).SetValue(value);
    }

    /// <inheritdoc/>
    public IList GetOrCreateList(Extension extension)
    {
        CheckTarget(extension);
        return extension.IsRepeated
            ? (IList)GetOrAdd(extension).Value
            : throw new ArgumentException(
                $"Extension {extension.FieldNumber} of {typeof(TTarget).Name} is not repeated.", nameof(extension));
    }

    /// <inheritdoc/>
    public bool Has(Extension extension) => TryGet(extension, out _);

    /// <inheritdoc/>
    public void Clear(Extension extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        _ = _values.Remove(extension.FieldNumber);
    }

    /// <summary>The size of all extensions with their tags.</summary>
    public long CalculateSize()
    {
        // Any message can hang in an extension, also one of a type that holds this one: fields alone do not tell.
        MessageNesting.Check();
        long size = 0;
        IList<ExtensionValue> values = _values.Values;
        for (int i = 0; i < values.Count; i++)
        {
            size += values[i].CalculateSize();
        }

        return size;
    }

    /// <summary>Writes all extensions in the order of their numbers.</summary>
    public void WriteTo(ref WireWriter writer)
    {
        IList<ExtensionValue> values = _values.Values;
        for (int i = 0; i < values.Count; i++)
        {
            values[i].WriteTo(ref writer);
        }
    }

    /// <summary>Whether no extension lacks a required field.</summary>
    public bool IsInitialized()
    {
        MessageNesting.Check();
        foreach (ExtensionValue value in _values.Values)
        {
            if (!value.IsInitialized())
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(ExtensionSet<TTarget>? other)
    {
        MessageNesting.Check();

        // An unset value is as good as none.
        if (other is null || other.SetCount != SetCount)
        {
            return false;
        }

        foreach ((int number, ExtensionValue value) in _values)
        {
            if (value.IsSet && !(other._values.TryGetValue(number, out ExtensionValue? theirs) && value.Equals(theirs)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ExtensionSet<TTarget>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        MessageNesting.Check();
        if (SetCount == 0)
        {
            return 0; // as of a message that never had extensions
        }

        HashCode hash = default;
        foreach (ExtensionValue value in _values.Values)
        {
            if (value.IsSet)
            {
                hash.Add(value);
            }
        }

        return hash.ToHashCode();
    }

    internal int SetCount
    {
        get
        {
            int count = 0;
            foreach (ExtensionValue value in _values.Values)
            {
                count += value.IsSet ? 1 : 0;
            }

            return count;
        }
    }

    internal bool TryGet(Extension extension, [NotNullWhen(true)] out ExtensionValue? value)
    {
        ArgumentNullException.ThrowIfNull(extension);
        return _values.TryGetValue(extension.FieldNumber, out value) && value.IsSet;
    }

    internal ExtensionValue GetOrAdd(Extension extension)
    {
        if (!_values.TryGetValue(extension.FieldNumber, out ExtensionValue? value))
        {
            value = extension.CreateValue();
            _values.Add(extension.FieldNumber, value);
        }

        return value;
    }

    /// <summary>Reads a field of an extension; false when it must be kept as an unknown field.</summary>
    internal bool TryMerge(Extension extension, ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields)
    {
        if (_values.TryGetValue(extension.FieldNumber, out ExtensionValue? held))
        {
            return held.TryMerge(ref reader, tag, ref unknownFields);
        }

        ExtensionValue value = extension.CreateValue();
        if (!value.TryMerge(ref reader, tag, ref unknownFields))
        {
            return false;
        }

        // Unset after it was read: numbers that a closed enum does not define, now unknown fields.
        if (value.IsSet)
        {
            _values.Add(extension.FieldNumber, value);
        }

        return true;
    }

    internal void MergeFrom(ExtensionSet<TTarget> other)
    {
        MessageNesting.Check();
        foreach ((int number, ExtensionValue value) in other._values)
        {
            if (!value.IsSet)
            {
                continue;
            }

            if (!_values.TryGetValue(number, out ExtensionValue? mine))
            {
                _values.Add(number, value.Clone());
            }
            else if (ReferenceEquals(mine.Extension, value.Extension))
            {
                mine.MergeFrom(value);
            }
            else
            {
                throw new InvalidOperationException(
                    $"Two extensions of {typeof(TTarget).Name} with the number {number} are in use: one message holds "
                    + "the one, another message the other. Merge them as serialized bytes instead.");
            }
        }
    }

    private void CheckTarget(Extension extension)
    {
        ArgumentNullException.ThrowIfNull(extension);
        if (_type is null ? extension.TargetType != typeof(TTarget) : !ReferenceEquals(extension.Target, _type))
        {
            throw new ArgumentException(
                $"Extension {extension.FieldNumber} is of {Name(extension.Target)}, not of {Name((object?)_type ?? typeof(TTarget))}.",
                nameof(extension));
        }
    }

    private static string Name(object target) => target is Type type ? type.Name : ((MessageDescriptor)target).FullName;
}
