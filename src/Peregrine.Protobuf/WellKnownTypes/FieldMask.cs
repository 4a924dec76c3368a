// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Checks masks against message types, combines them, and copies the fields that they name.</content>
public sealed partial class FieldMask
{
    private const char PathSeparator = ',';

    /// <summary>Makes a mask of the paths in a list joined by commas; nothing is checked.</summary>
    /// <param name="value">Paths of declared names, such as <c>user.display_name,photo</c>.</param>
    /// <returns>A new mask; empty parts are left out.</returns>
    public static FieldMask FromString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        FieldMask mask = new();
        mask.Paths.AddRange(value.Split(PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return mask;
    }

    /// <summary>Makes a mask of the paths in a list joined by commas, each of which must name a field.</summary>
    /// <typeparam name="T">The message type that the paths start from.</typeparam>
    /// <param name="value">Paths of declared names, such as <c>user.display_name,photo</c>.</param>
    /// <returns>A new mask; empty parts are left out.</returns>
    /// <exception cref="InvalidProtocolBufferException">A path names no field.</exception>
    public static FieldMask FromString<T>(string value)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(value);
        return FromStringEnumerable<T>(value.Split(PathSeparator, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Makes a mask of paths, each of which must name a field.</summary>
    /// <typeparam name="T">The message type that the paths start from.</typeparam>
    /// <param name="paths">Paths of declared names.</param>
    /// <returns>A new mask.</returns>
    /// <exception cref="InvalidProtocolBufferException">A path names no field.</exception>
    public static FieldMask FromStringEnumerable<T>(IEnumerable<string> paths)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(paths);
        MessageDescriptor descriptor = new T().Descriptor;
        FieldMask mask = new();
        foreach (string path in paths)
        {
            if (!IsValid(descriptor, path))
            {
                throw new InvalidProtocolBufferException($"\"{path}\" is not a path of fields in {descriptor.FullName}.");
            }

            mask.Paths.Add(path);
        }

        return mask;
    }

    /// <summary>Makes a mask of fields of a message type by their numbers.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="fieldNumbers">Numbers of fields directly in the message.</param>
    /// <returns>A new mask.</returns>
    /// <exception cref="ArgumentException">A number is not that of a field.</exception>
    public static FieldMask FromFieldNumbers<T>(params int[] fieldNumbers)
        where T : IMessage, new() => FromFieldNumbers<T>((IEnumerable<int>)fieldNumbers);

    /// <summary>Makes a mask of fields of a message type by their numbers.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="fieldNumbers">Numbers of fields directly in the message.</param>
    /// <returns>A new mask.</returns>
    /// <exception cref="ArgumentException">A number is not that of a field.</exception>
    public static FieldMask FromFieldNumbers<T>(IEnumerable<int> fieldNumbers)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(fieldNumbers);
        MessageDescriptor descriptor = new T().Descriptor;
        FieldMask mask = new();
        foreach (int number in fieldNumbers)
        {
            FieldDescriptor field = descriptor.FindFieldByNumber(number)
                ?? throw new ArgumentException($"{descriptor.FullName} has no field number {number}.", nameof(fieldNumbers));
            mask.Paths.Add(field.Name);
        }

        return mask;
    }

    /// <summary>Tells whether every path of a mask names a field.</summary>
    /// <typeparam name="T">The message type that the paths start from.</typeparam>
    /// <param name="fieldMask">The mask.</param>
    /// <returns>Whether all do.</returns>
    public static bool IsValid<T>(FieldMask fieldMask)
        where T : IMessage, new() => IsValid(new T().Descriptor, fieldMask);

    /// <summary>Tells whether every path of a mask names a field.</summary>
    /// <param name="descriptor">The message type that the paths start from.</param>
    /// <param name="fieldMask">The mask.</param>
    /// <returns>Whether all do.</returns>
    public static bool IsValid(MessageDescriptor descriptor, FieldMask fieldMask)
    {
        ArgumentNullException.ThrowIfNull(fieldMask);
        foreach (string path in fieldMask.Paths)
        {
            if (!IsValid(descriptor, path))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tells whether a path names a field.</summary>
    /// <typeparam name="T">The message type that the path starts from.</typeparam>
    /// <param name="path">The path.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsValid<T>(string path)
        where T : IMessage, new() => IsValid(new T().Descriptor, path);

    /// <summary>
    /// Tells whether a path names a field: each part but the last must be a singular message, since a path cannot go
    /// into the elements of a repeated field.
    /// </summary>
    /// <param name="descriptor">The message type that the path starts from.</param>
    /// <param name="path">The path.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsValid(MessageDescriptor descriptor, string path)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(path);
        MessageDescriptor? current = descriptor;
        foreach (string part in path.Split('.'))
        {
            if (current?.FindFieldByName(part) is not { } field)
            {
                return false;
            }

            current = !field.IsRepeated && field.IsMessageKind ? field.MessageType : null;
        }

        return true;
    }

    /// <summary>Tells whether a path has a JSON form: lower snake case whose way back leads to the same path.</summary>
    /// <param name="input">The path.</param>
    /// <returns>Whether it has.</returns>
    public static bool IsPathValid(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return FieldMaskText.TryAppendJsonPath(new System.Text.StringBuilder(), input);
    }

    /// <summary>Makes a mask of the same fields in its shortest form: sorted, without paths that another path covers.</summary>
    /// <returns>A new mask.</returns>
    public FieldMask Normalize() => new FieldMaskTree(this).ToFieldMask();

    /// <summary>Makes a mask of the fields that this or any other mask names, in its shortest form.</summary>
    /// <param name="otherMasks">The other masks.</param>
    /// <returns>A new mask.</returns>
    public FieldMask Union(params FieldMask[] otherMasks)
    {
        ArgumentNullException.ThrowIfNull(otherMasks);
        FieldMaskTree tree = new(this);
        foreach (FieldMask mask in otherMasks)
        {
            tree.Add(mask);
        }

        return tree.ToFieldMask();
    }

    /// <summary>Makes a mask of the fields that both this and another mask name, in its shortest form.</summary>
    /// <param name="additionalMask">The other mask.</param>
    /// <returns>A new mask.</returns>
    public FieldMask Intersection(FieldMask additionalMask)
    {
        ArgumentNullException.ThrowIfNull(additionalMask);
        return new FieldMaskTree(this).Intersect(additionalMask).ToFieldMask();
    }

    /// <summary>
    /// Makes a mask of the fields that this mask names and another does not, in its shortest form. Where this mask names a
    /// message as a whole and the other a part of it, the result names the other parts.
    /// </summary>
    /// <param name="otherMask">What to take away; paths that name no field of the type take nothing.</param>
    /// <param name="descriptor">The message type that the paths start from.</param>
    /// <returns>A new mask.</returns>
    /// <exception cref="ArgumentException">
    /// A path has more than 100 parts, or the paths of the other parts, each counted with 64 characters more, would be longer than 4 Mi
    /// characters together.
    /// </exception>
    public FieldMask Subtraction(FieldMask otherMask, MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(otherMask);
        ArgumentNullException.ThrowIfNull(descriptor);
        return new FieldMaskTree(this).Subtract(otherMask, descriptor).ToFieldMask();
    }

    /// <summary>
    /// Clears the fields of a message that this mask does not name. A mask without paths names all; extensions, unknown
    /// fields and the inside of repeated fields stay.
    /// </summary>
    /// <param name="message">The message to change.</param>
    /// <param name="keepRequiredFields">Whether required fields stay as well, so that the message can still be serialized.</param>
    /// <exception cref="ArgumentException">A path has more than 100 parts.</exception>
    public void Trim(IMessage message, bool keepRequiredFields = false)
    {
        ArgumentNullException.ThrowIfNull(message);
        new FieldMaskTree(this).Trim(message, keepRequiredFields);
    }

    /// <summary>
    /// Copies the fields that this mask names from one message to another: messages are merged, repeated fields
    /// appended, set scalars set.
    /// </summary>
    /// <param name="source">Where the values come from.</param>
    /// <param name="destination">The message to change; of the same type.</param>
    public void Merge(IMessage source, IMessage destination) => Merge(source, destination, new MergeOptions());

    /// <summary>Copies the fields that this mask names from one message to another.</summary>
    /// <param name="source">Where the values come from.</param>
    /// <param name="destination">The message to change; of the same type.</param>
    /// <param name="options">What is replaced instead of merged.</param>
    /// <exception cref="ArgumentException">The messages are of different types.</exception>
    public void Merge(IMessage source, IMessage destination, MergeOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(options);
        if (!ReferenceEquals(source.Descriptor, destination.Descriptor))
        {
            throw new ArgumentException(
                $"A mask merges messages of one type, not {source.Descriptor.FullName} into {destination.Descriptor.FullName}.", nameof(source));
        }

        new FieldMaskTree(this).Merge(source, destination, options);
    }

    /// <summary>What <see cref="Merge(IMessage, IMessage, MergeOptions)"/> replaces instead of merging.</summary>
    public sealed class MergeOptions
    {
        /// <summary>Whether a message in the destination is replaced by the source's, not merged with it. Default: false.</summary>
        public bool ReplaceMessageFields { get; set; }

        /// <summary>Whether a repeated field's elements are replaced by the source's, not added to. Default: false.</summary>
        public bool ReplaceRepeatedFields { get; set; }

        /// <summary>Whether an unset scalar of the source makes the destination's unset as well. Default: false.</summary>
        public bool ReplacePrimitiveFields { get; set; }
    }
}
