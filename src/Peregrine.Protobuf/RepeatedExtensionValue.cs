// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The elements of a repeated extension.</summary>
internal sealed class RepeatedExtensionValue<T>(Extension extension, FieldCodec<T> codec) : ExtensionValue(extension)
{
    private RepeatedField<T> _values = [];

    public override object Value => _values;

    public override bool IsSet => _values.Count != 0;

    public RepeatedField<T> Values => _values;

    public override void SetValue(object value)
    {
        RepeatedField<T> values = [];
        foreach (object? item in (IEnumerable)value)
        {
            values.Add((T)item!);
        }

        _values = values;
    }

    public override bool TryMerge(ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields)
    {
        if (!codec.Accepts(tag))
        {
            return false;
        }

        codec.ReadRepeated(_values, ref reader, tag, ref unknownFields);
        return true;
    }

    public override long CalculateSize() => codec.RepeatedSize(_values);

    public override void WriteTo(ref WireWriter writer) => codec.WriteRepeated(ref writer, _values);

    public override ExtensionValue Clone()
    {
        RepeatedExtensionValue<T> copy = new(Extension, codec);
        copy._values.MergeFrom(_values);
        return copy;
    }

    public override void MergeFrom(ExtensionValue other) =>
        _values.MergeFrom(((RepeatedExtensionValue<T>)other)._values);

    public override bool IsInitialized() => _values.IsInitialized();

    public override bool Equals(ExtensionValue? other) =>
        other is RepeatedExtensionValue<T> typed && ReferenceEquals(typed.Extension, Extension)
        && _values.Equals(typed._values);

    public override int GetHashCode() => HashCode.Combine(Extension.FieldNumber, _values);
}
