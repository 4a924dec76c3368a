// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine;

/// <summary>
/// The bytes of one received message. Valid only during the call of the deserializer: the memory is reused afterwards, except
/// for <see cref="PayloadAsNewBuffer"/>, which the caller owns.
/// </summary>
public abstract class DeserializationContext
{
    /// <summary>The length of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>Copies the message into an array that the caller owns.</summary>
    /// <returns>The bytes of the message.</returns>
    public virtual byte[] PayloadAsNewBuffer() => PayloadAsReadOnlySequence().ToArray();

    /// <summary>The message where it lies, in one or more segments.</summary>
    /// <returns>The bytes of the message, valid until the deserializer returns.</returns>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() =>
        throw new NotSupportedException($"{GetType()} does not override {nameof(PayloadAsReadOnlySequence)}.");
}
