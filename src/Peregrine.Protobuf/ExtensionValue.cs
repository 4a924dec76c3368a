// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The value of one extension field in one message.</summary>
internal abstract class ExtensionValue(Extension extension) : IEquatable<ExtensionValue>
{
    public Extension Extension { get; } = extension;

    public abstract object Value { get; }

    public abstract bool IsSet { get; }

    public abstract void SetValue(object value);

    /// <summary>Reads a field of this extension; false when its wire type does not fit.</summary>
    public abstract bool TryMerge(ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields);

    /// <summary>The message that is held, made if none is set yet; null for an extension that holds no single message.</summary>
    public virtual IMessage? MakeMessage() => null;

    public abstract long CalculateSize();

    public abstract void WriteTo(ref WireWriter writer);

    public abstract ExtensionValue Clone();

    public abstract void MergeFrom(ExtensionValue other);

    public abstract bool IsInitialized();

    public abstract bool Equals(ExtensionValue? other);

    public sealed override bool Equals(object? obj) => Equals(obj as ExtensionValue);

    public abstract override int GetHashCode();
}
