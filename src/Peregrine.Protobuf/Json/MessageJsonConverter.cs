// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Peregrine.Protobuf;

/// <summary>
/// Lets <see cref="JsonSerializer"/> write and read one message type as protobuf's JSON, wherever it stands in other objects. Reaches no
/// type by reflection: fit for trimmed and AOT programs. <see cref="MessageJsonConverterFactory"/> does it for all message types.
/// </summary>
/// <typeparam name="T">The message type.</typeparam>
/// <remarks>Safe for use by many threads. The serializer's own options do not reach into a message: its names and forms are protobuf's.</remarks>
public sealed class MessageJsonConverter<T> : JsonConverter<T>
    where T : class, IMessage<T>, new()
{
    private readonly JsonFormatter _formatter;
    private readonly JsonParser _parser;

    /// <summary>A converter with the default settings.</summary>
    public MessageJsonConverter()
        : this(JsonFormatter.Default, JsonParser.Default)
    {
    }

    /// <summary>A converter that writes and reads as the given objects do.</summary>
    /// <param name="formatter">Writes; its indentation does not count, the serializer's does.</param>
    /// <param name="parser">Reads.</param>
    public MessageJsonConverter(JsonFormatter formatter, JsonParser parser)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        ArgumentNullException.ThrowIfNull(parser);
        _formatter = formatter;
        _parser = parser;
    }

    /// <summary>Whether JSON's null is a message: it is a <see cref="WellKnownTypes.Value"/>, and the absence of every other one.</summary>
    public override bool HandleNull => typeof(T) == typeof(WellKnownTypes.Value);

    /// <inheritdoc/>
    /// <exception cref="JsonException">The JSON does not fit the type.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // The serializer's reader may stand on a buffer in parts. Protobuf's look ahead (for the type of an Any), and want one piece.
        using JsonDocument value = JsonDocument.ParseValue(ref reader);
        try
        {
            return _parser.Parse<T>(JsonMarshal.GetRawUtf8Value(value.RootElement));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The message has no JSON form.</exception>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        _formatter.Format(value, writer);
    }
}
