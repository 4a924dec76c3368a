// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>Makes the code for a field of a message type: singular, repeated or map, for the type of its values.</summary>
internal static class DynamicFieldFactory
{
    public static DynamicField Create(FieldDescriptor field, DynamicLayout layout)
    {
        if (field.IsMap)
        {
            MapKeyUser keys = new(field, layout.AddObject());
            return DynamicCodecs.Use<MapKeyUser, DynamicField>(field.MessageType.Fields[1], ref keys);
        }

        if (field.IsRepeated)
        {
            RepeatedUser repeated = new(field, layout.AddObject());
            return DynamicCodecs.Use<RepeatedUser, DynamicField>(field, ref repeated);
        }

        SingularUser singular = new(field, layout);
        return DynamicCodecs.Use<SingularUser, DynamicField>(field, ref singular);
    }

    private readonly struct SingularUser(FieldDescriptor field, DynamicLayout layout) : IFieldCodecUser<DynamicField>
    {
        public DynamicField UseNumber<T>(FieldCodec<T> codec)
            where T : unmanaged => new NumberField<T>(field, codec, layout);

        public DynamicField UseObject<T>(FieldCodec<T> codec) => new ObjectField<T>(field, codec, layout);
    }

    private readonly struct RepeatedUser(FieldDescriptor field, int slot) : IFieldCodecUser<DynamicField>
    {
        public DynamicField UseNumber<T>(FieldCodec<T> codec)
            where T : unmanaged => new RepeatedDynamicField<T>(field, codec, OtherTag(codec.Tag), slot);

        public DynamicField UseObject<T>(FieldCodec<T> codec) => new RepeatedDynamicField<T>(field, codec, codec.Tag, slot);

        // Numbers are read packed and unpacked, whatever is declared.
        private uint OtherTag(uint tag) =>
            DynamicCodecs.TagOf(field, (WireType)(tag & 7) == WireType.LengthDelimited ? DynamicCodecs.WireTypeOf(field) : WireType.LengthDelimited);
    }

    private readonly struct MapKeyUser(FieldDescriptor field, int slot) : IFieldCodecUser<DynamicField>
    {
        public DynamicField UseNumber<TKey>(FieldCodec<TKey> keys)
            where TKey : unmanaged => UseKeys(keys);

        // The only keys that are no numbers are strings.
        public DynamicField UseObject<TKey>(FieldCodec<TKey> keys) => UseKeys((FieldCodec<string>)(object)keys);

        private DynamicField UseKeys<TKey>(FieldCodec<TKey> keys)
            where TKey : notnull
        {
            MapValueUser<TKey> values = new(field, slot, keys);
            return DynamicCodecs.Use<MapValueUser<TKey>, DynamicField>(field.MessageType.Fields[2], ref values);
        }
    }

    private readonly struct MapValueUser<TKey>(FieldDescriptor field, int slot, FieldCodec<TKey> keys) : IFieldCodecUser<DynamicField>
        where TKey : notnull
    {
        public DynamicField UseNumber<TValue>(FieldCodec<TValue> values)
            where TValue : unmanaged => UseObject(values);

        public DynamicField UseObject<TValue>(FieldCodec<TValue> values) =>
            new MapDynamicField<TKey, TValue>(field, DynamicCodecs.TagOf(field, WireType.LengthDelimited), keys, values, slot);
    }
}
