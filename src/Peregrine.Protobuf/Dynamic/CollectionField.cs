// SPDX-License-Identifier: Apache-2.0
using System.Threading;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>What repeated fields and maps share: a collection that is made on first use and cannot be replaced.</summary>
internal abstract class CollectionField<TCollection>(FieldDescriptor descriptor, uint tag, uint otherTag, int slot)
    : DynamicField(descriptor, tag, otherTag, slot)
    where TCollection : class, new()
{
    public sealed override object? Get(DynamicMessage message) => Make(message);

    public sealed override void Set(DynamicMessage message, object? value) => throw FieldAccess.NotSettable(message, Number);

    public sealed override void Erase(DynamicMessage message) => message.Objects[ObjectSlot] = null;

    public sealed override object CloneObject(object value) => Copy((TCollection)value);

    public sealed override bool ObjectsEqual(object? left, object? right) =>
        IsMissing(left) ? IsMissing(right) : !IsMissing(right) && left!.Equals(right);

    public sealed override int HashObject(object? value) => IsMissing(value) ? 0 : value!.GetHashCode();

    protected abstract TCollection Copy(TCollection values);

    protected abstract int CountOf(TCollection values);

    protected TCollection? Find(DynamicMessage message) => (TCollection?)message.Objects[ObjectSlot];

    /// <summary>The collection, made if there is none; threads that only read a message may come here at once.</summary>
    protected TCollection Make(DynamicMessage message)
    {
        if (Find(message) is { } present)
        {
            return present;
        }

        TCollection made = new();
        return (TCollection?)Interlocked.CompareExchange(ref message.Objects[ObjectSlot], made, null) ?? made;
    }

    private bool IsMissing(object? value) => value is null || CountOf((TCollection)value) == 0;
}
