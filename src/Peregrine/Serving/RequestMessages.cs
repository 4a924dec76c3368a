// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using Peregrine.Compression;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Serving;

/// <summary>Makes requests of the messages that came, and says what is wrong with those of which none can be made.</summary>
internal static class RequestMessages
{
    // In use by one message at a time, so a thread can lend its own.
    [ThreadStatic]
    private static MessageDeserializationContext? _spareContext;

    /// <summary>Decompresses and parses a message, which stays the caller's to dispose.</summary>
    /// <param name="marshaller">What parses it.</param>
    /// <param name="received">The message.</param>
    /// <param name="compression">What the request's <c>grpc-encoding</c> names; null for none.</param>
    /// <param name="maxSize">The limit in bytes, also once decompressed; -1: none.</param>
    /// <exception cref="RpcException">The message cannot be read; the status says why.</exception>
    public static T Parse<T>(Marshaller<T> marshaller, in ReceivedMessage received, ICompressionProvider? compression, int maxSize)
        where T : class
    {
        var payload = received.Payload;
        byte[]? rented = null;
        try
        {
            if (received.IsCompressed)
            {
                payload = Decompress(payload, compression, maxSize, out rented);
            }

            var context = _spareContext ?? new MessageDeserializationContext();
            _spareContext = null; // A marshaller that parses a message of another call on this thread makes its own.
            var message = context.Read(marshaller, payload);
            _spareContext = context;
            return message ?? throw new InvalidOperationException($"The marshaller of {typeof(T)} returned null.");
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "The request message could not be parsed.", e));
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>A message was announced that is larger than the limit.</summary>
    public static RpcException TooLarge(uint length, int maxSize) => new(new Status(
        StatusCode.ResourceExhausted, $"A request message of {length} bytes exceeds this server's limit of {maxSize} bytes."));

    /// <summary>The bytes are not those of messages.</summary>
    public static RpcException Broken(string what) => new(new Status(StatusCode.Internal, what));

    private static ReadOnlySequence<byte> Decompress(
        ReadOnlySequence<byte> payload, ICompressionProvider? compression, int maxSize, out byte[]? rented)
    {
        if (compression is null)
        {
            throw Broken("A request message is marked as compressed, but the request names no grpc-encoding.");
        }

        var result = MessageDecompressor.Decompress(compression, payload, maxSize, out rented, out var length, out var failure);
        return result switch
        {
            DecompressionResult.Done => new ReadOnlySequence<byte>(rented!, 0, length),
            DecompressionResult.TooLarge => throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"A request message exceeds this server's limit of {maxSize} bytes once decompressed.")),
            _ => throw new RpcException(new Status(
                StatusCode.Internal, $"A request message could not be decompressed ({compression.EncodingName}).", failure)),
        };
    }
}
