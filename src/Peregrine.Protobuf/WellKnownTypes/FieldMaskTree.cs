// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <summary>The paths of a mask as a tree by their parts; a leaf stands for a whole field.</summary>
internal sealed class FieldMaskTree
{
    // A hostile mask must not build a tree that exhausts the stack; no message is nested deeper than this.
    private const int MaxParts = 100;

    // What a subtraction may add, in characters of paths: short paths that go deep bring about all siblings of their parts, by their long
    // names, many thousand times the size of the masks.
    private const int MostAdded = 1 << 22;

    // Counts each path as if it were longer by so much, for what a node takes besides its name.
    private const int NodeSize = 64;

    private readonly Node _root = new();
    private int _added;

    public FieldMaskTree()
    {
    }

    public FieldMaskTree(FieldMask mask) => Add(mask);

    public void Add(FieldMask mask)
    {
        foreach (string path in mask.Paths)
        {
            Add(path);
        }
    }

    public FieldMaskTree Intersect(FieldMask mask)
    {
        FieldMaskTree result = new();
        foreach (string path in mask.Paths)
        {
            AddIntersection(path, result);
        }

        return result;
    }

    public FieldMask ToFieldMask()
    {
        FieldMask mask = new();
        Collect(_root, "", mask);
        return mask;
    }

    public void Merge(IMessage source, IMessage destination, FieldMask.MergeOptions options) =>
        Merge(_root, source, destination, options);

    /// <summary>Takes paths out; a field that is named as a whole is split into its parts where only one of them goes.</summary>
    public FieldMaskTree Subtract(FieldMask mask, MessageDescriptor descriptor)
    {
        foreach (string path in mask.Paths)
        {
            Remove(Split(path), descriptor);
        }

        return this;
    }

    /// <summary>Clears what no path names; a tree without paths clears nothing.</summary>
    public void Trim(IMessage message, bool keepRequired)
    {
        if (_root.Children.Count > 0)
        {
            Trim(_root, message, keepRequired);
        }
    }

    private static void Trim(Node node, IMessage message, bool keepRequired)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.ByNumber)
        {
            if (!node.Children.TryGetValue(field.Name, out Node? child))
            {
                if (!keepRequired || !field.IsRequired)
                {
                    message.ClearField(field.FieldNumber);
                }
            }
            else if (child.Children.Count > 0 && !field.IsRepeated && message.GetField(field.FieldNumber) is IMessage nested)
            {
                Trim(child, nested, keepRequired);
            }
        }
    }

    private void Remove(string[] parts, MessageDescriptor descriptor)
    {
        MessageDescriptor? type = descriptor;
        Node node = _root;
        int prefix = 0;
        Stack<Node> way = [];
        for (int i = 0; i < parts.Length; i++)
        {
            if (type?.FindFieldByName(parts[i]) is not { } field)
            {
                return;
            }

            if (node != _root && node.Children.Count == 0)
            {
                foreach (FieldDescriptor each in type.Fields.ByNumber)
                {
                    CountAdded(prefix + each.Name.Length + NodeSize);
                    node.Children.Add(each.Name, new Node());
                }
            }

            if (!node.Children.TryGetValue(parts[i], out Node? child))
            {
                return;
            }

            way.Push(node);
            node = child;
            prefix += parts[i].Length + 1;
            type = !field.IsRepeated && field.IsMessageKind ? field.MessageType : null;
        }

        // A node that loses its last part would stand for the whole field: it goes, too.
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            Node parent = way.Pop();
            parent.Children.Remove(parts[i]);
            if (parent.Children.Count > 0)
            {
                return;
            }
        }
    }

    private void CountAdded(int size)
    {
        _added += size;
        if (_added > MostAdded)
        {
            throw new ArgumentException(
                $"The masks have no difference of a reasonable size: fields that are named as a whole would be split into paths of more than {MostAdded} characters.");
        }
    }

    private static string[] Split(string path)
    {
        string[] parts = path.Split('.');
        return parts.Length <= MaxParts
            ? parts
            : throw new ArgumentException($"A path of a field mask has {parts.Length} parts; the limit is {MaxParts}.", nameof(path));
    }

    private static void Collect(Node node, string path, FieldMask mask)
    {
        foreach ((string part, Node child) in node.Children)
        {
            string childPath = path.Length == 0 ? part : path + "." + part;
            if (child.Children.Count == 0)
            {
                mask.Paths.Add(childPath);
            }
            else
            {
                Collect(child, childPath, mask);
            }
        }
    }

    private static void Merge(Node node, IMessage source, IMessage destination, FieldMask.MergeOptions options)
    {
        foreach ((string part, Node child) in node.Children)
        {
            // A path that names no field has nothing to copy: masks outlive the schemas that they were written for.
            if (source.Descriptor.FindFieldByName(part) is not { } field)
            {
                continue;
            }

            if (child.Children.Count > 0)
            {
                MergeInside(child, field, source, destination, options);
            }
            else if (field.IsRepeated)
            {
                MergeRepeated(field, source, destination, options);
            }
            else if (field.IsMessageKind && !field.IsWrapper)
            {
                MergeMessage(field, source, destination, options);
            }
            else if (source.HasField(field.FieldNumber))
            {
                destination.SetField(field.FieldNumber, source.GetField(field.FieldNumber));
            }
            else if (options.ReplacePrimitiveFields)
            {
                destination.ClearField(field.FieldNumber);
            }
        }
    }

    private static void MergeInside(Node node, FieldDescriptor field, IMessage source, IMessage destination, FieldMask.MergeOptions options)
    {
        if (field.IsRepeated || !field.IsMessageKind || source.GetField(field.FieldNumber) is not IMessage from)
        {
            return;
        }

        var to = destination.GetField(field.FieldNumber) as IMessage;
        if (to is null)
        {
            to = MessageFactory.CreateInside(destination, field.MessageType);
            Merge(node, from, to, options);
            destination.SetField(field.FieldNumber, to);
        }
        else
        {
            Merge(node, from, to, options);
        }
    }

    private static void MergeMessage(FieldDescriptor field, IMessage source, IMessage destination, FieldMask.MergeOptions options)
    {
        if (source.GetField(field.FieldNumber) is not IMessage from)
        {
            if (options.ReplaceMessageFields)
            {
                destination.ClearField(field.FieldNumber);
            }

            return;
        }

        IMessage to = (options.ReplaceMessageFields ? null : destination.GetField(field.FieldNumber) as IMessage)
            ?? MessageFactory.CreateInside(destination, field.MessageType);
        MergeCopy(from, to);
        destination.SetField(field.FieldNumber, to);
    }

    private static void MergeRepeated(FieldDescriptor field, IMessage source, IMessage destination, FieldMask.MergeOptions options)
    {
        if (options.ReplaceRepeatedFields)
        {
            if (ReferenceEquals(source, destination))
            {
                return;
            }

            destination.ClearField(field.FieldNumber);
        }

        if (field.IsMap)
        {
            var to = (IDictionary)destination.GetField(field.FieldNumber)!;
            foreach (DictionaryEntry entry in (IDictionary)source.GetField(field.FieldNumber)!)
            {
                to[entry.Key] = Copy(entry.Value);
            }
        }
        else
        {
            // The count of before: a message that is merged into itself is doubled, as by MergeFrom.
            var to = (IList)destination.GetField(field.FieldNumber)!;
            var from = (IList)source.GetField(field.FieldNumber)!;
            int count = from.Count;
            for (int i = 0; i < count; i++)
            {
                to.Add(Copy(from[i]));
            }
        }
    }

    private static object? Copy(object? value)
    {
        if (value is not IMessage message)
        {
            return value;
        }

        IMessage copy = MessageFactory.CreateInside(message, message.Descriptor);
        MergeCopy(message, copy);
        return copy;
    }

    /// <summary>Merges so that the destination shares no object with the source.</summary>
    private static void MergeCopy(IMessage from, IMessage to)
    {
        if (to is IDynamicMessage dynamic)
        {
            dynamic.MergeDynamic(from);
        }
        else
        {
            from.Descriptor.KnownParser!.Merge(from, to);
        }
    }

    private void Add(string path)
    {
        Node node = _root;
        bool isNew = false;
        foreach (string part in Split(path))
        {
            // A leaf on the way covers the whole field already.
            if (!isNew && node != _root && node.Children.Count == 0)
            {
                return;
            }

            if (!node.Children.TryGetValue(part, out Node? child))
            {
                isNew = true;
                child = new Node();
                node.Children.Add(part, child);
            }

            node = child;
        }

        // The whole field covers its parts.
        node.Children.Clear();
    }

    private void AddIntersection(string path, FieldMaskTree result)
    {
        Node node = _root;
        foreach (string part in Split(path))
        {
            if (node.Children.Count == 0)
            {
                // An empty tree covers nothing; a leaf covers the rest of the path.
                if (node != _root)
                {
                    result.Add(path);
                }

                return;
            }

            if (!node.Children.TryGetValue(part, out Node? child))
            {
                return;
            }

            node = child;
        }

        FieldMask covered = new();
        if (node.Children.Count == 0)
        {
            covered.Paths.Add(path);
        }
        else
        {
            Collect(node, path, covered);
        }

        result.Add(covered);
    }

    private sealed class Node
    {
        public SortedDictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);
    }
}
