// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>What generated code does with the extensions of a message; a null set holds none.</summary>
public static class ExtensionSet
{
    /// <summary>The value of an extension, or its default.</summary>
    public static TValue? Get<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, Extension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> =>
        set is not null && set.TryGet(extension, out ExtensionValue? value)
            ? Typed<TTarget, TValue>(value, extension).Get()
            : extension.DefaultValue;

    /// <summary>The elements of a repeated extension; null when it is not set.</summary>
    public static RepeatedField<TValue>? Get<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, RepeatedExtension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> =>
        set is not null && set.TryGet(extension, out ExtensionValue? value)
            ? Typed<TTarget, TValue>(value, extension).Values
            : null;

    /// <summary>The elements of a repeated extension, to add to.</summary>
    public static RepeatedField<TValue> GetOrInitialize<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, RepeatedExtension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget>
    {
        ArgumentNullException.ThrowIfNull(extension);
        return Typed<TTarget, TValue>((set ??= new()).GetOrAdd(extension), extension).Values;
    }

    /// <summary>Sets an extension.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static void Set<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, Extension<TTarget, TValue> extension, TValue value)
        where TTarget : IExtendableMessage<TTarget>
    {
        ArgumentNullException.ThrowIfNull(extension);
        if (value is null)
        {
            throw new ArgumentNullException(nameof(value));
        }

        Typed<TTarget, TValue>((set ??= new()).GetOrAdd(extension), extension).Set(value);
    }

    /// <summary>Whether an extension is set.</summary>
    public static bool Has<TTarget, TValue>(ExtensionSet<TTarget>? set, Extension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> => set is not null && set.Has(extension);

    /// <summary>Unsets an extension.</summary>
    public static void Clear<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, Extension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> => Remove(ref set, extension);

    /// <summary>Unsets a repeated extension.</summary>
    public static void Clear<TTarget, TValue>(
        ref ExtensionSet<TTarget>? set, RepeatedExtension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> => Remove(ref set, extension);

    /// <summary>
    /// Reads the field whose tag was just read: as an extension if the reader's registry has it, else as an unknown field.
    /// </summary>
    /// <returns>False at an end-group tag, on which <see cref="IMessage.MergeFrom"/> returns to its caller.</returns>
    /// <exception cref="InvalidProtocolBufferException">The field is malformed.</exception>
    public static bool TryMergeField<TTarget>(
        ref ExtensionSet<TTarget>? set, ref UnknownFieldSet? unknownFields, ref WireReader reader, uint tag)
        where TTarget : IExtendableMessage<TTarget>
    {
        if ((WireType)(tag & 7) != WireType.EndGroup
            && reader.ExtensionRegistry?.Find(typeof(TTarget), (int)(tag >> 3)) is { } extension
            && (set ??= new()).TryMerge(extension, ref reader, tag, ref unknownFields))
        {
            return true;
        }

        return UnknownFieldSet.TryMergeField(ref unknownFields, ref reader, tag);
    }

    /// <summary>Merges the extensions of <paramref name="other"/> in.</summary>
    public static void MergeFrom<TTarget>(ref ExtensionSet<TTarget>? set, ExtensionSet<TTarget>? other)
        where TTarget : IExtendableMessage<TTarget>
    {
        if (other is not null)
        {
            (set ??= new()).MergeFrom(other);
        }
    }

    /// <summary>Whether the same extensions are set to equal values; null and a set without values are equal.</summary>
    public static bool AreEqual<TTarget>(ExtensionSet<TTarget>? left, ExtensionSet<TTarget>? right)
        where TTarget : IExtendableMessage<TTarget> =>
        left is null ? right is null || right.SetCount == 0
        : right is null ? left.SetCount == 0
        : left.Equals(right);

    /// <summary>A deep copy, or null.</summary>
    public static ExtensionSet<TTarget>? Clone<TTarget>(ExtensionSet<TTarget>? other)
        where TTarget : IExtendableMessage<TTarget>
    {
        ExtensionSet<TTarget>? copy = null;
        MergeFrom(ref copy, other);
        return copy;
    }

    private static void Remove<TTarget>(ref ExtensionSet<TTarget>? set, Extension extension)
        where TTarget : IExtendableMessage<TTarget>
    {
        set?.Clear(extension);
        if (set is { SetCount: 0 })
        {
            // A message whose last extension is cleared equals one that never had any.
            set = null;
        }
    }

    private static SingularExtensionValue<TValue> Typed<TTarget, TValue>(
        ExtensionValue value, Extension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> =>
        value as SingularExtensionValue<TValue> ?? throw OtherType(value, extension);

    private static RepeatedExtensionValue<TValue> Typed<TTarget, TValue>(
        ExtensionValue value, RepeatedExtension<TTarget, TValue> extension)
        where TTarget : IExtendableMessage<TTarget> =>
        value as RepeatedExtensionValue<TValue> ?? throw OtherType(value, extension);

    private static InvalidOperationException OtherType(ExtensionValue value, Extension extension) => new(
        $"The message holds extension {extension.FieldNumber} as {value.GetType().GetGenericArguments()[0].Name}: "
        + "two extensions of one number are in use.");
}
