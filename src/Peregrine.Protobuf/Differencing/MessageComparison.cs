// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Differencing;

/// <summary>One comparison of two messages; without a list it ends at the first difference.</summary>
internal sealed class MessageComparison(MessageDifferencer options, List<FieldDifference>? differences)
{
    private const int MapKey = 1;
    private const int MapValue = 2;

    private readonly FieldPath _path = new();

    private bool GoesOn => differences is not null;

    /// <summary>Compares messages of one type.</summary>
    public bool Compare(IMessage left, IMessage right)
    {
        MessageNesting.Check();
        bool equal = true;
        foreach (FieldDescriptor field in left.Descriptor.Fields.ByNumber)
        {
            if (!options.IsIgnored(field))
            {
                _path.Push(field.Name);
                equal &= CompareField(field, Present(left, field), Present(right, field));
                _path.Pop();
            }

            if (!equal && !GoesOn)
            {
                return false;
            }
        }

        equal &= CompareExtensions(left, right);
        equal &= CompareUnknown(left.UnknownFields, right.UnknownFields);
        return equal;
    }

    private bool CompareUnknown(UnknownFieldSet? left, UnknownFieldSet? right)
    {
        if (options.IgnoreUnknownFields || Equals(left, right))
        {
            return true;
        }

        _path.Push("(unknown fields)");
        _ = left is null ? Added(null, right) : right is null ? Removed(null, left) : Changed(null, left, right);
        _path.Pop();
        return false;
    }

    private object? Present(IMessage message, FieldDescriptor field)
    {
        if (!message.HasField(field.FieldNumber))
        {
            return null;
        }

        object? value = message.GetField(field.FieldNumber);
        return options.TreatDefaultAsUnset && field.HasPresence && !field.IsMessageKind && IsSame(field, value!, field.DefaultValue!) ? null : value;
    }

    private bool CompareExtensions(IMessage left, IMessage right)
    {
        // By number: a generated and a dynamic message know one extension by different objects.
        SortedDictionary<int, (Extension Extension, object? Left, object? Right)> found = [];
        foreach ((Extension extension, object value) in (left as IExtendable)?.Extensions?.Values ?? [])
        {
            found[extension.FieldNumber] = (extension, value, null);
        }

        foreach ((Extension extension, object value) in (right as IExtendable)?.Extensions?.Values ?? [])
        {
            found[extension.FieldNumber] = (extension, found.GetValueOrDefault(extension.FieldNumber).Left, value);
        }

        bool equal = true;
        foreach ((int number, (Extension extension, object? one, object? other)) in found)
        {
            FieldDescriptor? field = (extension as DynamicExtension)?.Descriptor ?? options.TypeRegistry.FindExtension(left.Descriptor, number);
            if (field is null || !options.IsIgnored(field))
            {
                _path.Push(field is null ? string.Create(CultureInfo.InvariantCulture, $"({number})") : $"({field.FullName})");
                equal &= CompareField(field, one, other);
                _path.Pop();
            }
        }

        return equal;
    }

    /// <summary>Compares values, null standing for none. The descriptor of an extension may be unknown.</summary>
    private bool CompareField(FieldDescriptor? field, object? left, object? right)
    {
        if (left is IDictionary || right is IDictionary)
        {
            return CompareMaps(field!, left as IDictionary, right as IDictionary);
        }

        if (left is IList || right is IList)
        {
            return field is not null && options.IsUnordered(field)
                ? CompareUnordered(field, left as IList, right as IList)
                : CompareOrdered(field, left as IList, right as IList);
        }

        return CompareValues(field, left, right);
    }

    private bool CompareValues(FieldDescriptor? field, object? left, object? right)
    {
        if (left is null)
        {
            return right is null || Added(field, right);
        }

        if (right is null)
        {
            return Removed(field, left);
        }

        if (left is IMessage leftMessage && right is IMessage rightMessage)
        {
            return Compare(leftMessage, rightMessage);
        }

        return IsSame(field, left, right) || Changed(field, left, right);
    }

    private bool CompareOrdered(FieldDescriptor? field, IList? left, IList? right)
    {
        bool equal = true;
        int count = Math.Max(left?.Count ?? 0, right?.Count ?? 0);
        for (int i = 0; i < count && (equal || GoesOn); i++)
        {
            object? one = i < (left?.Count ?? 0) ? left![i] : null;
            object? other = i < (right?.Count ?? 0) ? right![i] : null;
            _path.PushIndex(i);
            equal &= CompareValues(field, one, other);
            _path.Pop();
        }

        return equal;
    }

    private bool CompareUnordered(FieldDescriptor field, IList? left, IList? right)
    {
        MessageComparison quiet = new(options, null);
        List<int> unmatched = [];
        for (int i = 0; i < (right?.Count ?? 0); i++)
        {
            unmatched.Add(i);
        }

        bool equal = true;
        for (int i = 0; i < (left?.Count ?? 0); i++)
        {
            object? element = left![i];
            int match = unmatched.FindIndex(at => quiet.CompareValues(field, element, right![at]));
            if (match >= 0)
            {
                unmatched.RemoveAt(match);
            }
            else
            {
                _path.PushIndex(i);
                equal = Removed(field, element);
                _path.Pop();
            }
        }

        foreach (int at in unmatched)
        {
            _path.PushIndex(at);
            equal = Added(field, right![at]);
            _path.Pop();
        }

        return equal;
    }

    private bool CompareMaps(FieldDescriptor field, IDictionary? left, IDictionary? right)
    {
        FieldDescriptor value = field.MessageType.Fields[MapValue];
        bool isText = field.MessageType.Fields[MapKey].FieldType == FieldType.String;
        List<object> keys = [];
        foreach (object key in left?.Keys ?? Array.Empty<object>())
        {
            keys.Add(key);
        }

        foreach (object key in right?.Keys ?? Array.Empty<object>())
        {
            if (left is null || !left.Contains(key))
            {
                keys.Add(key);
            }
        }

        // Entries have no order: the report has that of the keys.
        keys.Sort(isText ? (IComparer<object>)Comparer<object>.Create(static (a, b) => string.CompareOrdinal((string)a, (string)b)) : Comparer<object>.Default);
        bool equal = true;
        foreach (object key in keys)
        {
            _path.PushKey(DifferenceText.Of(key));
            equal &= CompareEntries(value, left, right, key);
            _path.Pop();
        }

        return equal;
    }

    private bool CompareEntries(FieldDescriptor value, IDictionary? left, IDictionary? right, object key)
    {
        object? one = left?[key];
        object? other = right?[key];

        // The value of an entry that is there may be null, too, where it is a wrapper.
        bool inLeft = one is not null || left?.Contains(key) == true;
        bool inRight = other is not null || right?.Contains(key) == true;
        return !inLeft ? Added(value, other)
            : !inRight ? Removed(value, one)
            : one is null || other is null ? one == other || Changed(value, one, other)
            : CompareValues(value, one, other);
    }

    private bool IsSame(FieldDescriptor? field, object left, object right) => (left, right) switch
    {
        (double one, double other) => options.AreClose(one, other),
        (float one, float other) => options.AreClose(one, other),

        // An enum of generated code and the number of a dynamic message.
        _ when field?.FieldType == FieldType.Enum => (int)left == (int)right,
        _ => left.Equals(right),
    };

    private bool Added(FieldDescriptor? field, object? value) => Report(DifferenceKind.Added, field, null, value);

    private bool Removed(FieldDescriptor? field, object? value) => Report(DifferenceKind.Removed, field, value, null);

    private bool Changed(FieldDescriptor? field, object? left, object? right) => Report(DifferenceKind.Changed, field, left, right);

    private bool Report(DifferenceKind kind, FieldDescriptor? field, object? left, object? right)
    {
        differences?.Add(new FieldDifference(kind, _path.ToFieldPath(), field, left, right));
        return false;
    }
}
