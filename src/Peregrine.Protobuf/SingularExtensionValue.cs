// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The value of a singular extension.</summary>
internal sealed class SingularExtensionValue<T>(Extension extension, FieldCodec<T> codec) : ExtensionValue(extension)
{
    private T? _value;
    private bool _isSet;

    public override object Value => _value!;

    public override bool IsSet => _isSet;

    public T Get() => _value!;

    public void Set(T value)
    {
        _value = value;
        _isSet = true;
    }

    public override void SetValue(object value) => Set((T)value);

    public override bool TryMerge(ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields)
    {
        // A singular field is never packed: only its own wire type fits.
        if (tag != codec.Tag)
        {
            return false;
        }

        T value = codec.Read(ref reader, _isSet ? _value : default);
        if (codec.IsDefined(value))
        {
            Set(value);
        }
        else
        {
            UnknownFieldSet.AddVarint(ref unknownFields, ref reader, tag, (int)(object)value!);
        }

        return true;
    }

    public override IMessage? MakeMessage()
    {
        if (!_isSet && codec.AbsentValue() is IMessage)
        {
            Set(codec.AbsentValue());
        }

        return _value as IMessage;
    }

    public override long CalculateSize() => _isSet ? codec.Size(_value!) : 0;

    public override void WriteTo(ref WireWriter writer)
    {
        if (_isSet)
        {
            codec.Write(ref writer, _value!);
        }
    }

    public override ExtensionValue Clone()
    {
        SingularExtensionValue<T> copy = new(Extension, codec);
        if (_isSet)
        {
            copy.Set(ValueCloning<T>.Clone(_value!));
        }

        return copy;
    }

    public override void MergeFrom(ExtensionValue other)
    {
        SingularExtensionValue<T> typed = (SingularExtensionValue<T>)other;
        if (!typed._isSet)
        {
            return;
        }

        Set(_isSet ? codec.Merge(_value!, typed._value!) : ValueCloning<T>.Clone(typed._value!));
    }

    public override bool IsInitialized() => _value is not IMessage message || message.IsInitialized();

    public override bool Equals(ExtensionValue? other) =>
        other is SingularExtensionValue<T> typed && typed._isSet == _isSet
        && ReferenceEquals(typed.Extension, Extension)
        && (!_isSet || ValueEquality<T>.Equals(_value!, typed._value!));

    public override int GetHashCode() =>
        HashCode.Combine(Extension.FieldNumber, _isSet ? EqualityComparer<T>.Default.GetHashCode(_value!) : 0);
}
