// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Protobuf;

/// <summary>
/// Lets <see cref="JsonSerializer"/> write and read all generated messages as protobuf's JSON, wherever they stand in other objects:
/// add one to <see cref="JsonSerializerOptions.Converters"/>.
/// </summary>
/// <remarks>Safe for use by many threads. A program that is compiled ahead of time adds a <see cref="MessageJsonConverter{T}"/> per type.</remarks>
[RequiresDynamicCode("Converters are made for types that are met at run time. Use MessageJsonConverter<T> for each message type.")]
[RequiresUnreferencedCode("Converters are made for types that are met at run time. Use MessageJsonConverter<T> for each message type.")]
public sealed class MessageJsonConverterFactory : JsonConverterFactory
{
    private readonly JsonFormatter _formatter;
    private readonly JsonParser _parser;

    /// <summary>A factory with the default settings.</summary>
    public MessageJsonConverterFactory()
        : this(JsonFormatter.Default, JsonParser.Default)
    {
    }

    /// <summary>A factory of converters that write and read as the given objects do.</summary>
    /// <param name="formatter">Writes; its indentation does not count, the serializer's does.</param>
    /// <param name="parser">Reads.</param>
    public MessageJsonConverterFactory(JsonFormatter formatter, JsonParser parser)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        ArgumentNullException.ThrowIfNull(parser);
        _formatter = formatter;
        _parser = parser;
    }

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert is { IsClass: true, IsAbstract: false } && typeof(IMessage).IsAssignableFrom(typeToConvert)
            && typeToConvert.GetConstructor(Type.EmptyTypes) is not null;
    }

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(MessageJsonConverter<>).MakeGenericType(typeToConvert), _formatter, _parser)!;
}
