// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>A repeated field; its list is made when it is first asked for.</summary>
internal sealed class RepeatedDynamicField<T>(FieldDescriptor descriptor, FieldCodec<T> codec, uint otherTag, int slot)
    : CollectionField<RepeatedField<T>>(descriptor, codec.Tag, otherTag, slot)
{
    public override bool Has(DynamicMessage message) => Find(message) is { Count: not 0 };

    public override void Clear(DynamicMessage message) => Find(message)?.Clear();

    public override void Read(DynamicMessage message, ref WireReader reader, uint found) =>
        codec.ReadRepeated(Make(message), ref reader, found, ref message.UnknownFieldsReference);

    public override long Size(DynamicMessage message) =>
        Find(message) is { Count: not 0 } values ? codec.RepeatedSize(values) : 0;

    public override void Write(DynamicMessage message, ref WireWriter writer)
    {
        if (Find(message) is { Count: not 0 } values)
        {
            codec.WriteRepeated(ref writer, values);
        }
    }

    public override void Merge(DynamicMessage message, DynamicMessage other)
    {
        if (Find(other) is { Count: not 0 } values)
        {
            Make(message).MergeFrom(values);
        }
    }

    public override bool IsInitialized(DynamicMessage message) => Find(message)?.IsInitialized() ?? true;

    protected override RepeatedField<T> Copy(RepeatedField<T> values) => values.Clone();

    protected override int CountOf(RepeatedField<T> values) => values.Count;
}
