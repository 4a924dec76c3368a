// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>A map field; its dictionary is made when it is first asked for.</summary>
internal sealed class MapDynamicField<TKey, TValue>(
    FieldDescriptor descriptor, uint tag, FieldCodec<TKey> keys, FieldCodec<TValue> values, int slot)
    : CollectionField<MapField<TKey, TValue>>(descriptor, tag, tag, slot)
    where TKey : notnull
{
    private readonly uint _tag = tag;

    public override bool Has(DynamicMessage message) => Find(message) is { Count: not 0 };

    public override void Clear(DynamicMessage message) => Find(message)?.Clear();

    public override void Read(DynamicMessage message, ref WireReader reader, uint found) =>
        Make(message).ReadEntry(keys, values, ref reader, found, ref message.UnknownFieldsReference);

    public override long Size(DynamicMessage message) =>
        Find(message) is { Count: not 0 } entries ? entries.CalculateSize(keys, values, WireSize.Tag(_tag)) : 0;

    public override void Write(DynamicMessage message, ref WireWriter writer) =>
        Find(message)?.WriteTo(keys, values, ref writer, _tag);

    public override void Merge(DynamicMessage message, DynamicMessage other)
    {
        if (Find(other) is { Count: not 0 } entries)
        {
            Make(message).MergeFrom(entries);
        }
    }

    public override bool IsInitialized(DynamicMessage message) => Find(message)?.IsInitialized() ?? true;

    protected override MapField<TKey, TValue> Copy(MapField<TKey, TValue> entries) => entries.Clone();

    protected override int CountOf(MapField<TKey, TValue> entries) => entries.Count;
}
