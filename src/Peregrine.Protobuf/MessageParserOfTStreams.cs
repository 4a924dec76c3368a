// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Protobuf;

/// <content>Parses from streams without blocking, and streams of messages that their lengths precede.</content>
public sealed partial class MessageParser<T>
{
    /// <summary>Parses a message from the rest of a stream. The whole of it is in memory before it is parsed.</summary>
    /// <param name="input">The stream; read to its end, not closed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public new Task<T> ParseFromAsync(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.ParseAsync(_factory, input, ReaderOptions, cancellationToken);
    }

    /// <summary>Parses a message that its length, as a varint, precedes. Nothing behind the message is read.</summary>
    /// <param name="input">The stream; not closed.</param>
    /// <param name="cancellationToken">Ends the wait; a part of the message may have been read.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidProtocolBufferException">
    /// The bytes are malformed, a required field is missing, or the stream ends before or inside of the message.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public new Task<T> ParseDelimitedFromAsync(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.ParseDelimitedAsync(_factory, input, ReaderOptions, cancellationToken);
    }

    /// <summary>
    /// Parses a message that its length precedes, as <see cref="ParseDelimitedFromAsync"/>, if the stream does not end before it.
    /// </summary>
    /// <param name="input">The stream; not closed.</param>
    /// <param name="cancellationToken">Ends the wait; a part of the message may have been read.</param>
    /// <returns>A new message; null when the stream is at its end.</returns>
    /// <exception cref="InvalidProtocolBufferException">
    /// The bytes are malformed, a required field is missing, or the stream ends inside of the message.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public new Task<T?> TryParseDelimitedFromAsync(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.TryParseDelimitedAsync(_factory, input, ReaderOptions, cancellationToken);
    }

    /// <summary>
    /// Parses a message that its length, as a varint, precedes, if the stream does not end before it. Nothing behind the message is read.
    /// </summary>
    /// <param name="input">The stream; not closed.</param>
    /// <param name="message">A new message; null when the stream is at its end.</param>
    /// <returns>False when the stream is at its end.</returns>
    /// <exception cref="InvalidProtocolBufferException">
    /// The bytes are malformed, a required field is missing, or the stream ends inside of the message.
    /// </exception>
    public bool TryParseDelimitedFrom(Stream input, [NotNullWhen(true)] out T? message)
    {
        T parsed = _factory();
        message = MessageParsing.TryMergeDelimited(parsed, input, ReaderOptions) ? parsed : default;
        return message is not null;
    }

    /// <summary>
    /// Parses a message that its length, as a varint, precedes, if all of it is there, and moves on behind it: for a
    /// <c>PipeReader</c> and other sources that keep what is not yet whole.
    /// </summary>
    /// <param name="input">What has arrived. Moves behind the message; stays as it is when the message is not whole, or malformed.</param>
    /// <param name="message">A new message; null when it is not whole.</param>
    /// <returns>False when the message is not whole. What is left when nothing more arrives is an end inside of a message.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public bool TryParseDelimitedFrom(ref ReadOnlySequence<byte> input, [NotNullWhen(true)] out T? message)
    {
        T parsed = _factory();
        message = MessageParsing.TryMergeDelimited(parsed, ref input, ReaderOptions) ? parsed : default;
        return message is not null;
    }

    /// <summary>Parses messages that their lengths, as varints, precede, to the end of a stream.</summary>
    /// <param name="input">The stream; not closed. It is read ahead of the message that the enumeration is at.</param>
    /// <returns>The messages in their order, each parsed when the enumeration comes to it. To be enumerated once.</returns>
    /// <exception cref="InvalidProtocolBufferException">
    /// Thrown by the enumeration: the bytes are malformed, a required field is missing, or the stream ends inside of a message.
    /// </exception>
    public new IEnumerable<T> ParseAllDelimitedFrom(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.ParseAllDelimited(_factory, input, ReaderOptions);
    }

    /// <summary>Parses messages that their lengths, as varints, precede, to the end of a stream, without blocking.</summary>
    /// <param name="input">The stream; not closed. It is read ahead of the message that the enumeration is at.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The messages in their order, each parsed when the enumeration comes to it. To be enumerated once.</returns>
    /// <exception cref="InvalidProtocolBufferException">
    /// Thrown by the enumeration: the bytes are malformed, a required field is missing, or the stream ends inside of a message.
    /// </exception>
    /// <exception cref="OperationCanceledException">Thrown by the enumeration: the token was cancelled.</exception>
    public new IAsyncEnumerable<T> ParseAllDelimitedFromAsync(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return MessageParsing.ParseAllDelimitedAsync(_factory, input, ReaderOptions, cancellationToken);
    }
}
