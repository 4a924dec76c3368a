// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf;

/// <summary>A message that has extension ranges.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IExtendableMessage<T> : IMessage<T>, IExtendable
    where T : IExtendableMessage<T>
{
    /// <summary>The value of an extension, or its default; null for an unset message.</summary>
    TValue? GetExtension<TValue>(Extension<T, TValue> extension);

    /// <summary>The elements of a repeated extension; null when it was never set.</summary>
    RepeatedField<TValue>? GetExtension<TValue>(RepeatedExtension<T, TValue> extension);

    /// <summary>The elements of a repeated extension, to add to.</summary>
    RepeatedField<TValue> GetOrInitializeExtension<TValue>(RepeatedExtension<T, TValue> extension);

    /// <summary>Sets an extension.</summary>
    /// <exception cref="System.ArgumentNullException">The value is null.</exception>
    void SetExtension<TValue>(Extension<T, TValue> extension, TValue value);

    /// <summary>Whether an extension is set.</summary>
    bool HasExtension<TValue>(Extension<T, TValue> extension);

    /// <summary>Unsets an extension.</summary>
    void ClearExtension<TValue>(Extension<T, TValue> extension);

    /// <summary>Unsets a repeated extension.</summary>
    void ClearExtension<TValue>(RepeatedExtension<T, TValue> extension);
}
