// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;

namespace Peregrine.Protobuf;

/// <summary>Parses messages of one type. Immutable; safe to share between threads.</summary>
/// <typeparam name="T">The message type.</typeparam>
public sealed partial class MessageParser<T> : MessageParser
    where T : IMessage<T>
{
    private readonly Func<T> _factory;

    /// <summary>A parser that makes its messages with <paramref name="factory"/>.</summary>
    public MessageParser(Func<T> factory)
        : this(factory, discardUnknownFields: false, extensions: null)
    {
        ArgumentNullException.ThrowIfNull(factory);
    }

    internal MessageParser(Func<T> factory, bool discardUnknownFields, ExtensionRegistry? extensions)
        : base((object)factory as Func<IMessage> ?? Untyped(factory), discardUnknownFields, extensions)
    {
        _factory = factory;
    }

    /// <summary>An empty message of the type.</summary>
    public new T CreateTemplate() => _factory();

    // Not a class, so that a delegate that makes one is none that makes an IMessage. Generic code as users have it asks for no class.
    private static Func<IMessage> Untyped(Func<T> factory) => () => factory();

    internal override void Merge(IMessage from, IMessage to) => ((T)to).MergeFrom((T)from);

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.AsSpan());
    }

    /// <summary>Parses a message from a part of an array.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(byte[] data, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.AsSpan(offset, length));
    }

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(ByteString data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.Span);
    }

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(ReadOnlySpan<byte> data)
    {
        T message = _factory();
        MessageParsing.Merge(message, data, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from segments, which may be cut anywhere.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(ReadOnlySequence<byte> data)
    {
        T message = _factory();
        MessageParsing.Merge(message, data, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from the rest of a stream.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(Stream input)
    {
        T message = _factory();
        MessageParsing.Merge(message, input, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from the rest of the input.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseFrom(CodedInputStream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        T message = _factory();
        input.MergeRest(message, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message that its length, as a varint, precedes.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public new T ParseDelimitedFrom(Stream input)
    {
        T message = _factory();
        MessageParsing.MergeDelimited(message, input, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from JSON.</summary>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not fit the message type.</exception>
    public new T ParseJson(string json)
    {
        T message = _factory();
        JsonParser.Default.Merge(message, json);
        return message;
    }

    /// <summary>A parser that drops unknown fields, or keeps them.</summary>
    public new MessageParser<T> WithDiscardUnknownFields(bool discardUnknownFields) =>
        new(_factory, discardUnknownFields, Extensions);

    /// <summary>A parser that knows the extensions of <paramref name="registry"/>.</summary>
    public new MessageParser<T> WithExtensionRegistry(ExtensionRegistry? registry) =>
        new(_factory, DiscardUnknownFields, registry);
}
