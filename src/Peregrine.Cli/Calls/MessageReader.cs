// SPDX-License-Identifier: Apache-2.0

using System;
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
    /// <summary>Reads JSON, and the types of what its <c>Any</c> objects hold from the schema.</summary>
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
        try
        {
            foreach (var name in AnyTypes.In(json.Span))
            {
                _ = schema.Types.Find(name) ?? await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false);
            }

            new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(schema.Types)).Merge(message, json.Span);
            return message;
        }
        catch (Exception exception) when (exception is InvalidJsonException or InvalidProtocolBufferException or JsonException)
        {
            var place = line > 1 ? $" (counted from line {line} of the input)" : "";
            throw new ToolException($"The request does not suit {type.FullName}: {exception.Message}{place}");
        }
    }

    /// <summary>Reads text format.</summary>
    /// <exception cref="ToolException">It does not suit the type; the message has line and column.</exception>
    public static DynamicMessage FromText(string text, MessageDescriptor type, SchemaSource schema)
    {
        var message = new DynamicMessage(type);
        try
        {
            new TextParser(TextParser.Settings.Default.WithTypeRegistry(schema.Types).WithAllowPartial(true)).Merge(message, text);
            return message;
        }
        catch (InvalidTextFormatException exception)
        {
            throw new ToolException($"The request does not suit {type.FullName}: line {exception.Line}, column {exception.Column}: {exception.Reason}");
        }
    }
}
