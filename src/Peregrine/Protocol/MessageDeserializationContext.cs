// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Peregrine.Protocol;

/// <summary>Shows one received message to a marshaller, where it lies. Reusable: set the payload before each message.</summary>
internal sealed class MessageDeserializationContext : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    /// <inheritdoc/>
    public override int PayloadLength => (int)_payload.Length;

    /// <summary>Parses a message; exceptions of the marshaller pass through.</summary>
    public T Read<T>(Marshaller<T> marshaller, ReadOnlySequence<byte> payload)
    {
        _payload = payload;
        try
        {
            return marshaller.ContextualDeserializer(this);
        }
        finally
        {
            _payload = default; // the memory goes back to its pool: a context kept by user code must not see it
        }
    }

    /// <inheritdoc/>
    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    /// <inheritdoc/>
    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;
}
