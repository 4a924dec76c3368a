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
    /// <summary>Reads JSON, and the types of what its <c>Any</c> objects hold and the extensions that it names from the schema.</summary>
    /// <param name="json">One JSON value.</param>
    /// <param name="type">The type of the message.</param>
    /// <param name="schema">Knows types.</param>
    /// <param name="line">The line on which the value begins, for messages.</param>
    /// <param name="cancellationToken">Ends the search for types.</param>
    /// <exception cref="ToolException">It does not suit the type; the message has path, line and column.</exception>
    public static async Task<DynamicMessage> FromJsonAsync(
        ReadOnlyMemory<byte> json, MessageDescriptor type, SchemaSource schema, int line, CancellationToken cancellationToken)
    {
        var message = new DynamicMessage(type);
        ToolException? missing = null;
        try
        {
            missing = await LoadAsync(AnyTypes.In(json.Span), schema, cancellationToken).ConfigureAwait(false);
            new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(schema.Types)).Merge(message, json.Span);
            return message;
        }
        catch (Exception exception) when (exception is InvalidJsonException or InvalidProtocolBufferException or JsonException)
        {
            var place = line > 1 ? $" (counted from line {line} of the input)" : "";
            throw missing ?? new ToolException($"The request does not suit {type.FullName}: {exception.Message}{place}");
        }
    }

    /// <summary>Reads text format, and the types and extensions that it names from the schema.</summary>
    /// <param name="text">The text.</param>
    /// <param name="type">The type of the message.</param>
    /// <param name="schema">Knows types.</param>
    /// <param name="cancellationToken">Ends the search for types.</param>
    /// <exception cref="ToolException">It does not suit the type; the message has line and column.</exception>
    public static async Task<DynamicMessage> FromTextAsync(string text, MessageDescriptor type, SchemaSource schema, CancellationToken cancellationToken)
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
            throw missing ?? new ToolException($"The request does not suit {type.FullName}: line {exception.Line}, column {exception.Column}: {exception.Reason}");
        }
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
