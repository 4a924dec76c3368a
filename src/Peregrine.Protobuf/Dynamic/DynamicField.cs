// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>Reads, writes, compares and copies one field of the messages of its type. Immutable.</summary>
internal abstract class DynamicField(FieldDescriptor descriptor, uint tag, uint otherTag, int objectSlot)
{
    public FieldDescriptor Descriptor { get; } = descriptor;

    public int Number { get; } = descriptor.FieldNumber;

    /// <summary>Where the value lies among the objects of a message; -1 for a number.</summary>
    public int ObjectSlot { get; } = objectSlot;

    /// <summary>Whether a field with this tag is one of this field: packed and unpacked numbers are read alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Accepts(uint found) => found == tag || found == otherTag;

    /// <summary>The boxed value or its default; null for an unset message; the live collection of a repeated field.</summary>
    public abstract object? Get(DynamicMessage message);

    /// <exception cref="ArgumentException">The field is repeated.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public abstract void Set(DynamicMessage message, object? value);

    /// <summary>The value of a number, bool or enum as bits, and whether it is set.</summary>
    /// <exception cref="ArgumentException">The field is of another kind.</exception>
    public virtual bool TryGetScalar(DynamicMessage message, out ulong bits) => throw FieldAccess.NotScalar(message, Number);

    /// <exception cref="ArgumentException">The field is of another kind.</exception>
    public virtual void SetScalar(DynamicMessage message, ulong bits) => throw FieldAccess.NotScalar(message, Number);

    public abstract bool Has(DynamicMessage message);

    public abstract void Clear(DynamicMessage message);

    /// <summary>Drops what is stored; the case of a oneof stays with the caller.</summary>
    public abstract void Erase(DynamicMessage message);

    public abstract void Read(DynamicMessage message, ref WireReader reader, uint found);

    /// <summary>The size of the field with its tags; 0 when it is not written.</summary>
    public abstract long Size(DynamicMessage message);

    public abstract void Write(DynamicMessage message, ref WireWriter writer);

    /// <summary>Merges the field of another message in; what is taken over is copied where it can change.</summary>
    public abstract void Merge(DynamicMessage message, DynamicMessage other);

    /// <summary>A copy of a stored object, which is not null.</summary>
    public virtual object CloneObject(object value) => value;

    /// <summary>Whether two stored objects are equal; a missing collection equals an empty one.</summary>
    public virtual bool ObjectsEqual(object? left, object? right) => Equals(left, right);

    /// <summary>What a stored object adds to the hash code: 0 for what counts as missing.</summary>
    public virtual int HashObject(object? value) => value?.GetHashCode() ?? 0;

    /// <summary>Whether no message in the field lacks a required field.</summary>
    public virtual bool IsInitialized(DynamicMessage message) => true;
}
