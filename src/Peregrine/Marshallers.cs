// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine;

/// <summary>Makes marshallers.</summary>
public static class Marshallers
{
    /// <summary>A marshaller of strings in UTF-8, for tests and simple services.</summary>
    public static Marshaller<string> StringMarshaller { get; } = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    /// <summary>
    /// A marshaller that leaves messages as the bytes they are, for code that passes messages on without knowing their types: proxies, recorders.
    /// The bytes are those of the serialized message, decompressed and without the prefix of gRPC. An array belongs to whoever receives it;
    /// one that is sent is copied before the call of the writer returns.
    /// </summary>
    public static Marshaller<byte[]> BytesMarshaller { get; } = new(
        static (message, context) => context.Complete(message), static context => context.PayloadAsNewBuffer());

    /// <summary>Makes a marshaller over byte arrays.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="serializer">Turns a message into bytes.</param>
    /// <param name="deserializer">Turns bytes into a message.</param>
    /// <returns>The marshaller.</returns>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) =>
        new(serializer, deserializer);

    /// <summary>Makes a marshaller that writes to and reads from the transport's buffers.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="serializer">Writes a message into a context.</param>
    /// <param name="deserializer">Reads a message from a context.</param>
    /// <returns>The marshaller.</returns>
    public static Marshaller<T> Create<T>(
        Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);
}
