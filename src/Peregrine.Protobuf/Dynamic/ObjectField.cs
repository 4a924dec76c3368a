// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>
/// A singular string, byte string, message, or wrapper message, which is held as its bare value: null stands for unset.
/// </summary>
internal sealed class ObjectField<T> : DynamicField
{
    private readonly FieldCodec<T> _codec;
    private readonly int _caseWord;
    private readonly bool _isImplicit;
    private readonly bool _isMessageKind;

    public ObjectField(FieldDescriptor descriptor, FieldCodec<T> codec, DynamicLayout layout)
        : base(descriptor, codec.Tag, codec.Tag, layout.AddObject())
    {
        _codec = codec;
        _caseWord = layout.CaseWordOf(descriptor);
        _isImplicit = !descriptor.HasPresence;
        _isMessageKind = descriptor.IsMessageKind;
    }

    public override object? Get(DynamicMessage message) => message.Objects[ObjectSlot] ?? _codec.DefaultValue;

    public override void Set(DynamicMessage message, object? value)
    {
        if (value is null && _isMessageKind)
        {
            Clear(message);
            return;
        }

        ArgumentNullException.ThrowIfNull(value);
        T typed = (T)value;
        _codec.CheckType(typed);
        Store(message, typed);
    }

    public override bool Has(DynamicMessage message) => message.Objects[ObjectSlot] is not null;

    public override void Clear(DynamicMessage message)
    {
        if (Has(message))
        {
            Erase(message);
            message.EndCase(_caseWord);
        }
    }

    public override void Erase(DynamicMessage message) => message.Objects[ObjectSlot] = null;

    public override void Read(DynamicMessage message, ref WireReader reader, uint found) =>
        Store(message, _codec.Read(ref reader, Load(message)));

    public override long Size(DynamicMessage message) => Has(message) ? _codec.Size(Load(message)!) : 0;

    public override void Write(DynamicMessage message, ref WireWriter writer)
    {
        if (Has(message))
        {
            _codec.Write(ref writer, Load(message)!);
        }
    }

    public override void Merge(DynamicMessage message, DynamicMessage other)
    {
        if (Has(other))
        {
            Store(message, Has(message) ? _codec.Merge(Load(message)!, Load(other)!) : (T)CloneObject(other.Objects[ObjectSlot]!));
        }
    }

    public override object CloneObject(object value) => value is DynamicMessage message ? message.Clone() : value;

    public override bool IsInitialized(DynamicMessage message) =>
        message.Objects[ObjectSlot] is not IMessage nested || nested.IsInitialized();

    private T? Load(DynamicMessage message) => message.Objects[ObjectSlot] is { } value ? (T)value : default;

    private void Store(DynamicMessage message, T value)
    {
        message.BeginCase(_caseWord, Number);
        bool isUnset = _isImplicit && value is ("" or ByteString { IsEmpty: true });
        message.Objects[ObjectSlot] = isUnset ? null : value;
    }
}
