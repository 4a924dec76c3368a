// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine;

/// <summary>
/// Where a marshaller puts the bytes of one message: either all at once with <see cref="Complete(byte[])"/>, or through
/// <see cref="GetBufferWriter"/> followed by <see cref="Complete()"/>. Valid only during the call of the serializer.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message.</summary>
    /// <param name="payload">The bytes of the message; the array must not be changed afterwards.</param>
    /// <exception cref="InvalidOperationException">The message was completed before.</exception>
    public virtual void Complete(byte[] payload) => throw Unsupported(nameof(Complete));

    /// <summary>The writer that takes the bytes of the message. Call <see cref="Complete()"/> at the end.</summary>
    /// <returns>A buffer writer, valid until the message is completed.</returns>
    /// <exception cref="InvalidOperationException">The message was completed before.</exception>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw Unsupported(nameof(GetBufferWriter));

    /// <summary>
    /// Tells the length of the message before it is written, which saves growing the buffer. The message must have that length.
    /// </summary>
    /// <param name="payloadLength">The length in bytes.</param>
    public virtual void SetPayloadLength(int payloadLength) => throw Unsupported(nameof(SetPayloadLength));

    /// <summary>Ends a message written through <see cref="GetBufferWriter"/>.</summary>
    /// <exception cref="InvalidOperationException">The message was completed before.</exception>
    public virtual void Complete() => throw Unsupported(nameof(Complete));

    private NotSupportedException Unsupported(string member) => new($"{GetType()} does not override {member}.");
}
