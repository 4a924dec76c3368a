// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;

namespace Peregrine.Cli.Calls;

/// <summary>Reads messages that people wrote.</summary>
internal static class MessageReader
{
    // The most lines, and columns, that are put before a value to count them.
    private const int MaxBefore = 1 << 24;

    /// <summary>Reads JSON, and the types of what its <c>Any</c> objects hold and the extensions that it names from the schema.</summary>
    /// <param name="json">One JSON value.</param>
    /// <param name="type">The type of the message.</param>
    /// <param name="schema">Knows types.</param>
    /// <param name="place">Where the value begins, for messages.</param>
    /// <param name="cancellationToken">Ends the search for types.</param>
    /// <exception cref="ToolException">It does not suit the type; the message has path, line and column.</exception>
    public static async Task<DynamicMessage> FromJsonAsync(
        ReadOnlyMemory<byte> json, MessageDescriptor type, SchemaSource schema, InputPlace place, CancellationToken cancellationToken)
    {
        var message = new DynamicMessage(type);
        ToolException? missing = null;
        try
        {
            missing = await LoadAsync(AnyTypes.In(json.Span), schema, cancellationToken).ConfigureAwait(false);
            Merge(message, json.Span, schema);
            return message;
        }
        catch (Exception exception) when (exception is InvalidJsonException or InvalidProtocolBufferException or JsonException)
        {
            throw missing ?? new ToolException($"The request does not suit {type.FullName}: {Explain(exception, json.Span, type, schema, place)}");
        }
    }

    /// <summary>Reads text format, and the types and extensions that it names from the schema.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type of the message.</param>
    /// <param name="schema">Knows types.</param>
    /// <param name="place">Where the text begins, for messages.</param>
    /// <param name="cancellationToken">Ends the search for types.</param>
    /// <exception cref="ToolException">It does not suit the type; the message has line and column.</exception>
    public static async Task<DynamicMessage> FromTextAsync(
        string text, MessageDescriptor type, SchemaSource schema, InputPlace place, CancellationToken cancellationToken)
    {
        var message = new DynamicMessage(type);
        var missing = await LoadAsync(AnyTypes.In(text), schema, cancellationToken).ConfigureAwait(false);
        try
        {
            new TextParser(TextParser.Settings.Default.WithTypeRegistry(schema.Types).WithAllowPartial(true)).Merge(message, text);
            return message;
        }
        catch (InvalidTextFormatException exception)
        {
            var (line, column) = place.Plus(exception.Line, exception.Column);
            throw missing ?? new ToolException($"The request does not suit {type.FullName}: line {line}, column {column}: {exception.Reason}");
        }
    }

    private static void Merge(DynamicMessage message, ReadOnlySpan<byte> json, SchemaSource schema) =>
        new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(schema.Types)).Merge(message, json);

    // The parser counts from the beginning of what it reads: it reads the value once more, behind as many lines and blanks as stand before it.
    private static string Explain(Exception exception, ReadOnlySpan<byte> json, MessageDescriptor type, SchemaSource schema, InputPlace place)
    {
        if (place == InputPlace.Start)
        {
            return exception.Message;
        }

        if (place.Line > MaxBefore || place.Column > MaxBefore)
        {
            return $"{exception.Message} (counted from line {place.Line}, column {place.Column} of the input)";
        }

        var before = place.Line - 1 + place.Column - 1;
        var input = new byte[before + json.Length];
        input.AsSpan(0, place.Line - 1).Fill((byte)'\n');
        input.AsSpan(place.Line - 1, place.Column - 1).Fill((byte)' ');
        json.CopyTo(input.AsSpan(before));
        try
        {
            Merge(new DynamicMessage(type), input, schema);
        }
        catch (Exception again) when (again is InvalidJsonException or InvalidProtocolBufferException)
        {
            return again.Message;
        }

        return exception.Message;
    }

    // Gives what went wrong, if anything. It matters only if the message cannot be read: what looks like a name may be a key of a map, or text.
    private static async Task<ToolException?> LoadAsync(IReadOnlyList<string> names, SchemaSource schema, CancellationToken cancellationToken)
    {
        ToolException? missing = null;
        foreach (var name in names)
        {
            try
            {
                _ = schema.Types.Find(name) ?? await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (ToolException exception)
            {
                missing ??= exception;
            }
        }

        return missing;
    }
}
