// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Dynamic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>
/// An extension that is known by its descriptor only. It extends dynamic messages of its type and, where its type has a
/// generated class, that class as well. Its messages are dynamic.
/// </summary>
internal sealed class DynamicExtension(FieldDescriptor descriptor) : Extension(descriptor.FieldNumber)
{
    private Func<ExtensionValue>? _create;

    public FieldDescriptor Descriptor { get; } = descriptor;

    public override Type TargetType => Descriptor.ExtendeeType.ClrType ?? typeof(DynamicMessage);

    public override bool IsRepeated => Descriptor.IsRepeated;

    internal override object Target => Descriptor.ExtendeeType;

    internal override ExtensionValue CreateValue()
    {
        if (_create is null)
        {
            ValueUser user = new(this);
            _create = DynamicCodecs.Use<ValueUser, Func<ExtensionValue>>(Descriptor, ref user);
        }

        return _create();
    }

    private readonly struct ValueUser(DynamicExtension extension) : IFieldCodecUser<Func<ExtensionValue>>
    {
        public Func<ExtensionValue> UseNumber<T>(FieldCodec<T> codec)
            where T : unmanaged => UseObject(codec);

        public Func<ExtensionValue> UseObject<T>(FieldCodec<T> codec)
        {
            DynamicExtension owner = extension;
            return owner.IsRepeated
                ? () => new RepeatedExtensionValue<T>(owner, codec)
                : () => new SingularExtensionValue<T>(owner, codec);
        }
    }
}
