// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine;

/// <summary>
/// How a message type becomes bytes and back. Immutable and used from many threads at once.
/// Exceptions of the functions end the call: INTERNAL.
/// </summary>
/// <typeparam name="T">The message type.</typeparam>
public class Marshaller<T>
{
    private readonly Func<T, byte[]> _serializer;
    private readonly Func<byte[], T> _deserializer;

    /// <summary>Makes a marshaller over byte arrays.</summary>
    /// <param name="serializer">Turns a message into bytes.</param>
    /// <param name="deserializer">Turns bytes into a message.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        _serializer = serializer;
        _deserializer = deserializer;
        ContextualSerializer = (value, context) => context.Complete(serializer(value));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>Makes a marshaller that writes to and reads from the transport's buffers.</summary>
    /// <param name="serializer">Writes a message into a context.</param>
    /// <param name="deserializer">Reads a message from a context.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
        _serializer = value =>
        {
            var context = new ArraySerializationContext();
            serializer(value, context);
            return context.TakePayload();
        };
        _deserializer = payload => deserializer(new ArrayDeserializationContext(payload));
    }

    /// <summary>Turns a message into bytes.</summary>
    public Func<T, byte[]> Serializer => _serializer;

    /// <summary>Turns bytes into a message.</summary>
    public Func<byte[], T> Deserializer => _deserializer;

    /// <summary>Writes a message into a context.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Reads a message from a context.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }

    // The two contexts below serve callers of Serializer and Deserializer only; the engines use pooled ones (Protocol/).
    private sealed class ArraySerializationContext : SerializationContext
    {
        private ArrayBufferWriter<byte>? _writer;
        private byte[]? _payload;

        public override void Complete(byte[] payload)
        {
            ArgumentNullException.ThrowIfNull(payload);
            CheckOpen();
            _payload = payload;
        }

        public override IBufferWriter<byte> GetBufferWriter()
        {
            CheckOpen();
            return _writer ??= new ArrayBufferWriter<byte>();
        }

        public override void SetPayloadLength(int payloadLength)
        {
            CheckOpen();
            if (payloadLength > 0)
            {
                _writer ??= new ArrayBufferWriter<byte>(payloadLength);
            }
        }

        public override void Complete()
        {
            CheckOpen();
            _payload = _writer is null ? [] : _writer.WrittenSpan.ToArray();
        }

        public byte[] TakePayload() => _payload
            ?? throw new InvalidOperationException("The serializer returned without calling Complete on its context.");

        private void CheckOpen()
        {
            if (_payload is not null)
            {
                throw new InvalidOperationException("The message is already completed; a serializer completes it once.");
            }
        }
    }

    private sealed class ArrayDeserializationContext(byte[] payload) : DeserializationContext
    {
        public override int PayloadLength => payload.Length;

        // The array was made for this message alone (that is the meaning of Deserializer), so no copy is needed.
        public override byte[] PayloadAsNewBuffer() => payload;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => new(payload);
    }
}
