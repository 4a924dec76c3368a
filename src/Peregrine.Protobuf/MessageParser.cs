// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>Parses messages of one type that is not known at compile time. Immutable; safe to share between threads.</summary>
public partial class MessageParser
{
    private readonly Func<IMessage> _factory;

    internal MessageParser(Func<IMessage> factory, bool discardUnknownFields, ExtensionRegistry? extensions)
    {
        _factory = factory;
        DiscardUnknownFields = discardUnknownFields;
        Extensions = extensions;
    }

    internal bool DiscardUnknownFields { get; }

    internal ExtensionRegistry? Extensions { get; }

    internal WireReaderOptions ReaderOptions =>
        new() { DiscardUnknownFields = DiscardUnknownFields, ExtensionRegistry = Extensions };

    /// <summary>An empty message of the type.</summary>
    public IMessage CreateTemplate() => _factory();

    /// <summary>Merges a message into another of the class that this parser makes; they share no object then.</summary>
    internal virtual void Merge(IMessage from, IMessage to) =>
        throw new InvalidOperationException("The parser that a descriptor has is one of a message class; this is a copy with other settings.");

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.AsSpan());
    }

    /// <summary>Parses a message from a part of an array.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(byte[] data, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.AsSpan(offset, length));
    }

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(ByteString data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ParseFrom(data.Span);
    }

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(ReadOnlySpan<byte> data)
    {
        IMessage message = _factory();
        MessageParsing.Merge(message, data, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from segments, which may be cut anywhere.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(ReadOnlySequence<byte> data)
    {
        IMessage message = _factory();
        MessageParsing.Merge(message, data, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from the rest of a stream.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(Stream input)
    {
        IMessage message = _factory();
        MessageParsing.Merge(message, input, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from the rest of the input.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseFrom(CodedInputStream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        IMessage message = _factory();
        input.MergeRest(message, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message that its length, as a varint, precedes.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed, or a required field is missing.</exception>
    public IMessage ParseDelimitedFrom(Stream input)
    {
        IMessage message = _factory();
        MessageParsing.MergeDelimited(message, input, ReaderOptions);
        return message;
    }

    /// <summary>Parses a message from JSON.</summary>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not fit the message type.</exception>
    public IMessage ParseJson(string json)
    {
        IMessage message = _factory();
        JsonParser.Default.Merge(message, json);
        return message;
    }

    /// <summary>A parser that drops unknown fields, or keeps them.</summary>
    public MessageParser WithDiscardUnknownFields(bool discardUnknownFields) =>
        new(_factory, discardUnknownFields, Extensions);

    /// <summary>A parser that knows the extensions of <paramref name="registry"/>.</summary>
    public MessageParser WithExtensionRegistry(ExtensionRegistry? registry) =>
        new(_factory, DiscardUnknownFields, registry);
}
