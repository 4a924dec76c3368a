// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf;

/// <summary>A singular extension field of a message type; a generated constant. Safe to share between threads.</summary>
/// <typeparam name="TTarget">The message that is extended.</typeparam>
/// <typeparam name="TValue">The type of the value.</typeparam>
public sealed class Extension<TTarget, TValue> : Extension
    where TTarget : IExtendableMessage<TTarget>
{
    /// <summary>The extension with number <paramref name="fieldNumber"/>, read and written by <paramref name="codec"/>.</summary>
    public Extension(int fieldNumber, FieldCodec<TValue> codec)
        : base(fieldNumber)
    {
        ArgumentNullException.ThrowIfNull(codec);
        Codec = codec;
    }

    /// <inheritdoc/>
    public override Type TargetType => typeof(TTarget);

    /// <inheritdoc/>
    public override bool IsRepeated => false;

    internal FieldCodec<TValue> Codec { get; }

    internal TValue DefaultValue => Codec.DefaultValue;

    internal override ExtensionValue CreateValue() => new SingularExtensionValue<TValue>(this, Codec);
}
