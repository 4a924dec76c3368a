// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>What users do with any message: serialize it, and merge serialized ones in.</summary>
public static class MessageExtensions
{
    // Larger messages are written block by block instead of into one block of their size.
    private const int LargestSingleBlock = 64 * 1024;

    /// <summary>Merges a serialized message in.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        MergeFrom(message, data.AsSpan());
    }

    /// <summary>Merges a serialized message in, from a part of an array.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, byte[] data, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(data);
        MergeFrom(message, data.AsSpan(offset, length));
    }

    /// <summary>Merges a serialized message in.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, ByteString data)
    {
        ArgumentNullException.ThrowIfNull(data);
        MergeFrom(message, data.Span);
    }

    /// <summary>Merges a serialized message in.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageParsing.Merge(message, data, default);
    }

    /// <summary>Merges a serialized message in, from segments that may be cut anywhere.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, ReadOnlySequence<byte> data)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageParsing.Merge(message, data, default);
    }

    /// <summary>Merges a serialized message in, from the rest of a stream.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, Stream input)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageParsing.Merge(message, input, default);
    }

    /// <summary>Merges a serialized message in, from the rest of a stream. The whole of it is in memory before it is parsed.</summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="input">The stream; read to its end, not closed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Completes when the message was merged.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the message is as it was.</exception>
    public static Task MergeFromAsync(this IMessage message, Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.MergeAsync(message, input, default, cancellationToken);
    }

    /// <summary>Merges a serialized message in, from the rest of the input.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeFrom(this IMessage message, CodedInputStream input)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(input);
        input.MergeRest(message, default);
    }

    /// <summary>Merges in a serialized message that may lack required fields.</summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="data">The serialized message.</param>
    /// <param name="extensions">The extensions to parse; null for none.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed.</exception>
    public static void MergePartialFrom(this IMessage message, ReadOnlySpan<byte> data, ExtensionRegistry? extensions = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageParsing.MergePartial(message, data, new WireReaderOptions { ExtensionRegistry = extensions });
    }

    /// <summary>Merges in a serialized message that its length, as a varint, precedes.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public static void MergeDelimitedFrom(this IMessage message, Stream input)
    {
        ArgumentNullException.ThrowIfNull(message);
        MessageParsing.MergeDelimited(message, input, default);
    }

    /// <summary>The serialized message in a new array.</summary>
    public static byte[] ToByteArray(this IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(message.CalculateSize());
        WriteSized(message, bytes);
        return bytes;
    }

    /// <summary>The serialized message in a new byte string.</summary>
    public static ByteString ToByteString(this IMessage message) => ByteString.AttachBytes(ToByteArray(message));

    /// <summary>Writes the message to a span of exactly <see cref="IMessage.CalculateSize"/> bytes.</summary>
    /// <exception cref="ArgumentException">The span is of another size.</exception>
    public static void WriteTo(this IMessage message, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(message);
        int size = message.CalculateSize();
        if (size != destination.Length)
        {
            throw new ArgumentException(
                $"The message takes {size} bytes, the destination has {destination.Length}.", nameof(destination));
        }

        WriteSized(message, destination);
    }

    /// <summary>Writes the message to a buffer writer; small messages take one block, large ones several.</summary>
    public static void WriteTo(this IMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        WriteSized(message, output, message.CalculateSize());
    }

    /// <summary>Writes the message to a stream.</summary>
    public static void WriteTo(this IMessage message, Stream output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        WriteStream(message, output, delimited: false);
    }

    /// <summary>Writes the message to a coded stream.</summary>
    public static void WriteTo(this IMessage message, CodedOutputStream output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteRawMessage(message);
    }

    /// <summary>Writes the length of the message as a varint, then the message.</summary>
    public static void WriteDelimitedTo(this IMessage message, Stream output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        WriteStream(message, output, delimited: true);
    }

    /// <summary>Writes the length of the message as a varint, then the message, to a buffer writer such as a <c>PipeWriter</c>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">The buffer writer; not flushed.</param>
    public static void WriteDelimitedTo(this IMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        int size = message.CalculateSize();
        int prefix = Varint.Write(output.GetSpan(Varint.MaxLength), (uint)size);
        output.Advance(prefix);
        WriteSized(message, output, size);
    }

    /// <summary>Writes the message to a stream without blocking. It is serialized into one block of memory first.</summary>
    /// <param name="message">The message; not read any more when this returns.</param>
    /// <param name="output">The stream; not flushed.</param>
    /// <param name="cancellationToken">Ends the wait; a part of the message may have been written.</param>
    /// <returns>Completes when the message was written.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task WriteToAsync(this IMessage message, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        return WriteStreamAsync(message, output, delimited: false, cancellationToken);
    }

    /// <summary>Writes the length of the message as a varint, then the message, to a stream without blocking.</summary>
    /// <param name="message">The message; not read any more when this returns.</param>
    /// <param name="output">The stream; not flushed.</param>
    /// <param name="cancellationToken">Ends the wait; a part of the message may have been written.</param>
    /// <returns>Completes when the message was written.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task WriteDelimitedToAsync(this IMessage message, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        return WriteStreamAsync(message, output, delimited: true, cancellationToken);
    }

    /// <summary>Whether all required fields are set, here and in nested messages. Always true for proto3.</summary>
    public static bool IsInitialized(this IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.IsInitialized();
    }

    /// <summary>Writes a message whose size was just calculated.</summary>
    internal static void WriteSized(IMessage message, Span<byte> destination) =>
        WriteSized(message, destination, destination.Length);

    // A destination with more room than needed spares the writer the care for the last bytes.
    private static void WriteSized(IMessage message, Span<byte> destination, int size)
    {
        WireWriter writer = new(destination);
        message.WriteTo(ref writer);
        CheckWritten(size, writer.Position);
    }

    internal static void WriteSized(IMessage message, IBufferWriter<byte> output, int size)
    {
        if (size <= LargestSingleBlock)
        {
            WriteSized(message, output.GetSpan(size), size);
            output.Advance(size);
            return;
        }

        WireWriter writer = new(output);
        message.WriteTo(ref writer);
        writer.Flush();
        CheckWritten(size, writer.Position);
    }

    private static void WriteStream(IMessage message, Stream output, bool delimited)
    {
        int size = message.CalculateSize();
        int prefix = delimited ? WireSize.Length(size) : 0;
        if (size > LargestSingleBlock)
        {
            StreamBufferWriter blocks = new(output);
            WireWriter writer = new(blocks);
            if (delimited)
            {
                writer.WriteLength(size);
            }

            message.WriteTo(ref writer);
            writer.Flush();
            CheckWritten(size + (long)prefix, writer.Position);
            return;
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(size + prefix);
        try
        {
            WriteBlock(message, rented, prefix, size);
            output.Write(rented, 0, size + prefix);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static async Task WriteStreamAsync(IMessage message, Stream output, bool delimited, CancellationToken cancellation)
    {
        int size = message.CalculateSize();
        int prefix = delimited ? WireSize.Length(size) : 0;
        byte[] rented = ArrayPool<byte>.Shared.Rent(checked(size + prefix));
        try
        {
            WriteBlock(message, rented, prefix, size);
            await output.WriteAsync(rented.AsMemory(0, size + prefix), cancellation).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static void WriteBlock(IMessage message, Span<byte> block, int prefix, int size)
    {
        _ = prefix == 0 ? 0 : Varint.Write(block, (uint)size);
        WriteSized(message, block[prefix..], size);
    }

    // A cheap check of the one thing that spoils the output silently: a change between sizing and writing.
    internal static void CheckWritten(long size, long written)
    {
        if (size != written)
        {
            throw new InvalidOperationException(
                $"The message was sized at {size} bytes but wrote {written}: it was changed while it was serialized.");
        }
    }
}
