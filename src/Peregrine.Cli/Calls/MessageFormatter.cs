// SPDX-License-Identifier: Apache-2.0

using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;

namespace Peregrine.Cli.Calls;

/// <summary>Writes messages for people and scripts. What it gives can be shown: nothing in it commands a terminal.</summary>
/// <param name="schema">Knows types.</param>
/// <param name="format">How messages are written.</param>
/// <param name="emitsDefaults">Whether JSON has fields without presence that hold their default.</param>
internal sealed class MessageFormatter(SchemaSource schema, MessageText format, bool emitsDefaults)
{
    // What google.rpc.Status usually holds; a schema need not know it.
    private static readonly TypeRegistry ErrorDetails = TypeRegistry.FromFiles(Google.Rpc.ErrorDetailsReflection.Descriptor);

    /// <summary>A message on as many lines as read well, without the end of the last.</summary>
    public async Task<string> FormatAsync(IMessage message, CancellationToken cancellationToken)
    {
        await LoadTypesAsync(message, cancellationToken).ConfigureAwait(false);
        return (format == MessageText.Json ? TryJson(message, "  ") : null) ?? Text(message);
    }

    /// <summary>A message as JSON on one line. One that has no JSON, since it holds an <c>Any</c> of an unknown type, is <c>{"@text": ...}</c>.</summary>
    public async Task<string> JsonLineAsync(IMessage message, CancellationToken cancellationToken)
    {
        await LoadTypesAsync(message, cancellationToken).ConfigureAwait(false);
        return TryJson(message, null) ?? $"{{\"@text\":\"{JsonEncodedText.Encode(Text(message))}\"}}";
    }

    /// <summary>Unpacks a detail of an error.</summary>
    /// <returns>The message, or null when nobody knows its type, or its bytes are none of it.</returns>
    public async Task<IMessage?> UnpackAsync(Protobuf.WellKnownTypes.Any detail, CancellationToken cancellationToken)
    {
        var name = AnyTypes.NameOf(detail.TypeUrl);
        try
        {
            var type = schema.Types.Find(name) ?? ErrorDetails.Find(name) ?? await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false) as MessageDescriptor;
            if (type is null)
            {
                return null;
            }

            var message = new DynamicMessage(type);
            message.MergePartialFrom(detail.Value.Span);
            return message;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ToolException)
        {
            return null;
        }
    }

    private string? TryJson(IMessage message, string? indentation)
    {
        try
        {
            var settings = JsonFormatter.Settings.Default.WithTypeRegistry(schema.Types).WithFormatDefaultValues(emitsDefaults).WithIndentation(indentation);
            return Terminal.EscapeJson(new JsonFormatter(settings).Format(message));
        }
        catch (InvalidOperationException)
        {
            // An Any of a type that the schema does not know.
            return null;
        }
    }

    private string Text(IMessage message) =>
        Terminal.EscapeLines(new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(schema.Types)).Format(message).TrimEnd('\n'));

    private async Task LoadTypesAsync(IMessage message, CancellationToken cancellationToken)
    {
        foreach (var name in AnyTypes.In(message).Where(name => schema.Types.Find(name) is null))
        {
            try
            {
                _ = await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (ToolException)
            {
                // A message that came is shown, whether or not the types in it are to be had.
            }
        }
    }
}
