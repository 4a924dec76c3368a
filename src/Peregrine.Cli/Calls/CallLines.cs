// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Calls;

/// <summary>
/// Reads what <see cref="CallOutput"/> writes with <c>--json</c>, so that the responses of one call are the requests of another:
/// <c>{"message": ...}</c>, and <c>{"status": ..., "headers": ..., "trailers": ...}</c> at the end. Other JSON is a message itself.
/// </summary>
internal sealed class CallLines
{
    private static readonly string[] EndMembers = ["status", "headers", "trailers"];

    private readonly bool _areRecognized;
    private readonly bool _mayBeField;
    private readonly bool _endsAreRecognized;

    /// <summary>Makes one for requests of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="areLines">Whether all JSON is what <c>--json</c> prints, as the user says.</param>
    public CallLines(MessageDescriptor type, bool areLines)
    {
        _mayBeField = !areLines && Fields(type, "message").Any();

        // Any object is a message of these.
        var takesAll = type.FullName is "google.protobuf.Struct" or "google.protobuf.Value";
        _areRecognized = areLines || !(takesAll || Fields(type, "message").Any(field => field.FieldType is FieldType.Message or FieldType.Group));
        _endsAreRecognized = areLines || !(takesAll || EndMembers.All(name => Fields(type, name).Any()));
    }

    /// <summary>Takes a message out of a line.</summary>
    /// <param name="json">A whole JSON value.</param>
    /// <exception cref="ToolException">It is the end of a call that failed.</exception>
    public CallLine Read(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 1000 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return new CallLine(CallLineKind.Json, json);
        }

        if (_areRecognized && reader.ValueTextEquals("message"u8) && reader.Read())
        {
            var start = (int)reader.TokenStartIndex;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            var message = json[start..(int)reader.BytesConsumed];
            return reader.Read() && reader.TokenType == JsonTokenType.EndObject && (isObject || !_mayBeField) ? Unwrap(message) : new CallLine(CallLineKind.Json, json);
        }

        return _endsAreRecognized && reader.ValueTextEquals("status"u8) ? ReadEnd(json) : new CallLine(CallLineKind.Json, json);
    }

    // A message without JSON is {"@text": "..."}.
    private static CallLine Unwrap(ReadOnlyMemory<byte> message)
    {
        var reader = new Utf8JsonReader(message.Span, new JsonReaderOptions { MaxDepth = 1000 });
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals("@text"u8) && reader.Read() && reader.TokenType == JsonTokenType.String
            ? new CallLine(CallLineKind.Text, Text: reader.GetString())
            : new CallLine(CallLineKind.Json, message);
    }

    private static CallLine ReadEnd(ReadOnlyMemory<byte> json)
    {
        using var end = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        if (!end.RootElement.EnumerateObject().Select(member => member.Name).SequenceEqual(EndMembers)
            || end.RootElement.GetProperty("status") is not { ValueKind: JsonValueKind.Object } status
            || !status.TryGetProperty("code", out var code) || code.ValueKind != JsonValueKind.Number || !code.TryGetInt32(out var number))
        {
            return new CallLine(CallLineKind.Json, json);
        }

        return number == 0 ? new CallLine(CallLineKind.End)
            : throw new ToolException(string.Create(
                CultureInfo.InvariantCulture, $"The call that these requests come from failed: {StatusNames.Of((StatusCode)number)} ({number}): {TextOf(status, "message")}"));
    }

    private static string TextOf(JsonElement status, string name) =>
        status.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static IEnumerable<FieldDescriptor> Fields(MessageDescriptor type, string name) =>
        type.Fields.InFieldNumberOrder().Where(field => field.Name == name || field.JsonName == name);
}
