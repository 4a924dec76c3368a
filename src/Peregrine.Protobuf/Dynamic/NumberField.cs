// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>A singular number, bool or enum: it lies in a word of the message, unboxed.</summary>
internal sealed class NumberField<T> : DynamicField
    where T : unmanaged
{
    private readonly FieldCodec<T> _codec;
    private readonly int _slot;
    private readonly int _caseWord;
    private readonly int _presenceWord;
    private readonly ulong _presenceMask;

    public NumberField(FieldDescriptor descriptor, FieldCodec<T> codec, DynamicLayout layout)
        : base(descriptor, codec.Tag, codec.Tag, objectSlot: -1)
    {
        _codec = codec;
        _caseWord = layout.CaseWordOf(descriptor);
        if (_caseWord < 0 && descriptor.HasPresence)
        {
            (_presenceWord, _presenceMask) = layout.AddPresence();
        }

        _slot = layout.AddWord();
    }

    public override object? Get(DynamicMessage message) => Has(message) ? Load(message) : _codec.DefaultValue;

    public override void Set(DynamicMessage message, object? value) => Store(message, FieldAccess.Unbox<T>(value));

    public override bool TryGetScalar(DynamicMessage message, out ulong bits)
    {
        bool isSet = Has(message);
        bits = ScalarBits<T>.Of(isSet ? Load(message) : _codec.DefaultValue);
        return isSet;
    }

    public override void SetScalar(DynamicMessage message, ulong bits) => Store(message, ScalarBits<T>.ToValue(bits));

    public override bool Has(DynamicMessage message)
    {
        ulong[] words = message.Words;
        return _caseWord >= 0 ? words[_caseWord] == (ulong)Number
            : _presenceMask != 0 ? (words[_presenceWord] & _presenceMask) != 0
            : words[_slot] != 0;
    }

    public override void Clear(DynamicMessage message)
    {
        if (Has(message))
        {
            Erase(message);
            message.EndCase(_caseWord);
        }
    }

    public override void Erase(DynamicMessage message)
    {
        message.Words[_slot] = 0;
        message.Words[_presenceWord] &= ~_presenceMask;
    }

    public override void Read(DynamicMessage message, ref WireReader reader, uint found)
    {
        T value = _codec.Read(ref reader, default);
        if (_codec.IsDefined(value))
        {
            Store(message, value);
        }
        else
        {
            UnknownFieldSet.AddVarint(ref message.UnknownFieldsReference, ref reader, found, Unsafe.BitCast<T, int>(value));
        }
    }

    public override long Size(DynamicMessage message) => Has(message) ? _codec.Size(Load(message)) : 0;

    public override void Write(DynamicMessage message, ref WireWriter writer)
    {
        if (Has(message))
        {
            _codec.Write(ref writer, Load(message));
        }
    }

    public override void Merge(DynamicMessage message, DynamicMessage other)
    {
        if (Has(other))
        {
            Store(message, Load(other));
        }
    }

    private T Load(DynamicMessage message) => Unsafe.As<ulong, T>(ref message.Words[_slot]);

    private void Store(DynamicMessage message, T value)
    {
        message.BeginCase(_caseWord, Number);
        ulong[] words = message.Words;
        words[_presenceWord] |= _presenceMask;

        // The rest of the word is zero: numbers are compared and hashed by their words.
        ulong word = 0;
        Unsafe.As<ulong, T>(ref word) = value;
        words[_slot] = word;
    }
}
