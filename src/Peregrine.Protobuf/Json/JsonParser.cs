// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using Peregrine.Protobuf.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>
/// Reads messages from JSON, by the JSON mapping of the protobuf language guide (ProtoJSON), well-known types included.
/// </summary>
/// <remarks>
/// Immutable, safe for use by many threads. Text that is not JSON is an <see cref="InvalidJsonException"/>; JSON that does
/// not suit the message is an <see cref="InvalidProtocolBufferException"/>. Both tell the path, line and column.
/// </remarks>
public sealed class JsonParser
{
    private readonly Settings _settings;

    /// <summary>Makes a parser.</summary>
    /// <param name="settings">Limits, types and leniency.</param>
    public JsonParser(Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>A parser with the default settings.</summary>
    public static JsonParser Default { get; } = new(Settings.Default);

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="json">JSON text.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public T Parse<T>(string json)
        where T : IMessage, new()
    {
        T message = new();
        Merge(message, json);
        return message;
    }

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="jsonReader">Reads JSON text; read to its end.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public T Parse<T>(TextReader jsonReader)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(jsonReader);
        return Parse<T>(jsonReader.ReadToEnd());
    }

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="utf8Json">JSON in UTF-8, without a byte order mark.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidJsonException">The bytes are not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public T Parse<T>(ReadOnlySpan<byte> utf8Json)
        where T : IMessage, new()
    {
        T message = new();
        Merge(message, utf8Json);
        return message;
    }

    /// <summary>Reads a message of a type known at run time.</summary>
    /// <param name="json">JSON text.</param>
    /// <param name="descriptor">The type; without generated code the message is a <see cref="DynamicMessage"/>.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public IMessage Parse(string json, MessageDescriptor descriptor)
    {
        IMessage message = NewMessage(descriptor);
        Merge(message, json);
        return message;
    }

    /// <summary>Reads a message of a type known at run time.</summary>
    /// <param name="jsonReader">Reads JSON text; read to its end.</param>
    /// <param name="descriptor">The type; without generated code the message is a <see cref="DynamicMessage"/>.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public IMessage Parse(TextReader jsonReader, MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(jsonReader);
        return Parse(jsonReader.ReadToEnd(), descriptor);
    }

    /// <summary>Reads JSON into a message: singular fields are set, repeated fields and maps get more elements.</summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="json">JSON text.</param>
    /// <exception cref="InvalidJsonException">The text is not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public void Merge(IMessage message, string json)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(json);
        JsonMessageReader.Read(json, message, _settings);
    }

    /// <summary>Reads JSON into a message: singular fields are set, repeated fields and maps get more elements.</summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="utf8Json">JSON in UTF-8, without a byte order mark.</param>
    /// <exception cref="InvalidJsonException">The bytes are not JSON.</exception>
    /// <exception cref="InvalidProtocolBufferException">The JSON does not suit the message.</exception>
    public void Merge(IMessage message, ReadOnlySpan<byte> utf8Json)
    {
        ArgumentNullException.ThrowIfNull(message);
        JsonMessageReader.Read(utf8Json, message, _settings);
    }

    private static IMessage NewMessage(MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return descriptor.Parser.CreateTemplate();
    }

    /// <summary>Limits, types and leniency of a <see cref="JsonParser"/>; immutable, each With method makes a changed copy.</summary>
    public sealed class Settings
    {
        /// <summary>Makes settings.</summary>
        /// <param name="recursionLimit">How deep messages, objects and arrays may be nested.</param>
        public Settings(int recursionLimit)
            : this(recursionLimit, TypeRegistry.Empty)
        {
        }

        /// <summary>Makes settings.</summary>
        /// <param name="recursionLimit">How deep messages, objects and arrays may be nested.</param>
        /// <param name="typeRegistry">The types that <c>Any</c> may hold, and the extensions.</param>
        public Settings(int recursionLimit, TypeRegistry typeRegistry)
            : this(recursionLimit, typeRegistry, ignoreUnknownFields: false)
        {
        }

        private Settings(int recursionLimit, TypeRegistry typeRegistry, bool ignoreUnknownFields)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recursionLimit);
            ArgumentNullException.ThrowIfNull(typeRegistry);
            RecursionLimit = recursionLimit;
            TypeRegistry = typeRegistry;
            IgnoreUnknownFields = ignoreUnknownFields;
        }

        /// <summary>100 levels, no types for <c>Any</c>, unknown fields are errors.</summary>
        public static Settings Default { get; } = new(JsonFormatter.MaxDepth);

        /// <summary>How many messages, and objects and arrays of <c>Struct</c>, may be nested in each other.</summary>
        public int RecursionLimit { get; }

        /// <summary>The types that <c>Any</c> may hold, and the extensions.</summary>
        public TypeRegistry TypeRegistry { get; }

        /// <summary>Whether fields, and names of enum values, that are not known are skipped.</summary>
        public bool IgnoreUnknownFields { get; }

        /// <summary>These settings with another <see cref="RecursionLimit"/>.</summary>
        /// <param name="recursionLimit">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithRecursionLimit(int recursionLimit) => new(recursionLimit, TypeRegistry, IgnoreUnknownFields);

        /// <summary>These settings with another <see cref="TypeRegistry"/>.</summary>
        /// <param name="typeRegistry">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithTypeRegistry(TypeRegistry typeRegistry) => new(RecursionLimit, typeRegistry, IgnoreUnknownFields);

        /// <summary>These settings with another <see cref="IgnoreUnknownFields"/>.</summary>
        /// <param name="ignoreUnknownFields">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithIgnoreUnknownFields(bool ignoreUnknownFields) => new(RecursionLimit, TypeRegistry, ignoreUnknownFields);
    }
}
