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

    private bool GoesOn => differences is not null;

    /// <summary>Compares messages of one type; the path is that of the message, with a dot behind it unless it is the root.</summary>
    public bool Compare(IMessage left, IMessage right, string prefix)
    {
        MessageNesting.Check();
        bool equal = true;
        foreach (FieldDescriptor field in left.Descriptor.Fields.ByNumber)
        {
            if (!options.IsIgnored(field))
            {
                int number = field.FieldNumber;
                equal &= CompareField(field, Present(left, field), Present(right, field), prefix + field.Name);
            }

            if (!equal && !GoesOn)
            {
                return false;
            }
        }

        equal &= CompareExtensions(left, right, prefix);
        equal &= CompareUnknown(left.UnknownFields, right.UnknownFields, prefix);
        return equal;
    }

    private bool CompareUnknown(UnknownFieldSet? left, UnknownFieldSet? right, string prefix)
    {
        if (options.IgnoreUnknownFields || Equals(left, right))
        {
            return true;
        }

        string path = prefix + "(unknown fields)";
        return left is null ? Added(path, null, right) : right is null ? Removed(path, null, left) : Changed(path, null, left, right);
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

    private bool CompareExtensions(IMessage left, IMessage right, string prefix)
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
            FieldDescriptor? field = (extension as DynamicExtension)?.Descriptor ?? left.Descriptor.File.FindExtension(left.Descriptor, number);
            if (field is null || !options.IsIgnored(field))
            {
                string path = field is null ? string.Create(CultureInfo.InvariantCulture, $"{prefix}({number})") : $"{prefix}({field.FullName})";
                equal &= CompareField(field, one, other, path);
            }
        }

        return equal;
    }

    /// <summary>Compares values, null standing for none. The descriptor of an extension may be unknown.</summary>
    private bool CompareField(FieldDescriptor? field, object? left, object? right, string path)
    {
        if (left is IDictionary || right is IDictionary)
        {
            return CompareMaps(field!, left as IDictionary, right as IDictionary, path);
        }

        if (left is IList || right is IList)
        {
            return field is not null && options.IsUnordered(field)
                ? CompareUnordered(field, left as IList, right as IList, path)
                : CompareOrdered(field, left as IList, right as IList, path);
        }

        return CompareValues(field, left, right, path);
    }

    private bool CompareValues(FieldDescriptor? field, object? left, object? right, string path)
    {
        if (left is null)
        {
            return right is null || Added(path, field, right);
        }

        if (right is null)
        {
            return Removed(path, field, left);
        }

        if (left is IMessage leftMessage && right is IMessage rightMessage)
        {
            return Compare(leftMessage, rightMessage, path + ".");
        }

        return IsSame(field, left, right) || Changed(path, field, left, right);
    }

    private bool CompareOrdered(FieldDescriptor? field, IList? left, IList? right, string path)
    {
        bool equal = true;
        int count = Math.Max(left?.Count ?? 0, right?.Count ?? 0);
        for (int i = 0; i < count && (equal || GoesOn); i++)
        {
            object? one = i < (left?.Count ?? 0) ? left![i] : null;
            object? other = i < (right?.Count ?? 0) ? right![i] : null;
            equal &= CompareValues(field, one, other, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
        }

        return equal;
    }

    private bool CompareUnordered(FieldDescriptor field, IList? left, IList? right, string path)
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
            int match = unmatched.FindIndex(at => quiet.CompareValues(field, element, right![at], ""));
            if (match >= 0)
            {
                unmatched.RemoveAt(match);
            }
            else
            {
                equal = Removed(string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), field, element);
            }
        }

        foreach (int at in unmatched)
        {
            equal = Added(string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"), field, right![at]);
        }

        return equal;
    }

    private bool CompareMaps(FieldDescriptor field, IDictionary? left, IDictionary? right, string path)
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
            equal &= CompareValues(value, left?[key], right?[key], $"{path}[{DifferenceText.Of(key)}]");
        }

        return equal;
    }

    private bool IsSame(FieldDescriptor? field, object left, object right) => (left, right) switch
    {
        (double one, double other) => options.AreClose(one, other),
        (float one, float other) => options.AreClose(one, other),

        // An enum of generated code and the number of a dynamic message.
        _ when field?.FieldType == FieldType.Enum => (int)left == (int)right,
        _ => left.Equals(right),
    };

    private bool Added(string path, FieldDescriptor? field, object? value) =>
        Report(new FieldDifference(DifferenceKind.Added, path, field, null, value));

    private bool Removed(string path, FieldDescriptor? field, object? value) =>
        Report(new FieldDifference(DifferenceKind.Removed, path, field, value, null));

    private bool Changed(string path, FieldDescriptor? field, object? left, object? right) =>
        Report(new FieldDifference(DifferenceKind.Changed, path, field, left, right));

    private bool Report(FieldDifference difference)
    {
        differences?.Add(difference);
        return false;
    }
}
