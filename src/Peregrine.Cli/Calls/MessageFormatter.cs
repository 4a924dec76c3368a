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

    // How deep extensions may lie in others.
    private const int MaxRounds = 8;

    /// <summary>Is told by <see cref="FormatAsync"/> of messages that have no JSON, which are written in text format; may throw instead.</summary>
    public Action<JsonlessMessage>? WithoutJson { get; init; }

    /// <summary>A message on as many lines as read well, without the end of the last.</summary>
    public async Task<string> FormatAsync(IMessage message, CancellationToken cancellationToken)
    {
        message = await LoadTypesAsync(message, cancellationToken).ConfigureAwait(false);
        if (format != MessageText.Json)
        {
            return Text(message);
        }

        try
        {
            return Json(message, "  ");
        }
        catch (InvalidOperationException exception)
        {
            WithoutJson?.Invoke(Explain(message, exception));
            return Text(message);
        }
    }

    /// <summary>A message as JSON on one line. One that has no JSON, as when it holds an <c>Any</c> of an unknown type, is <c>{"@text": ...}</c>.</summary>
    public async Task<string> JsonLineAsync(IMessage message, CancellationToken cancellationToken)
    {
        message = await LoadTypesAsync(message, cancellationToken).ConfigureAwait(false);
        try
        {
            return Json(message, null);
        }
        catch (InvalidOperationException)
        {
            return $"{{\"@text\":\"{JsonEncodedText.Encode(Text(message))}\"}}";
        }
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
            message.MergePartialFrom(detail.Value.Span, schema.Pool.ToExtensionRegistry());
            return message;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ToolException)
        {
            return null;
        }
    }

    // Throws InvalidOperationException when there is none.
    private string Json(IMessage message, string? indentation)
    {
        var settings = JsonFormatter.Settings.Default.WithTypeRegistry(schema.Types).WithFormatDefaultValues(emitsDefaults).WithIndentation(indentation);
        return Terminal.EscapeJson(new JsonFormatter(settings).Format(message));
    }

    private JsonlessMessage Explain(IMessage message, InvalidOperationException exception)
    {
        var path = JsonlessField.PathIn(message, HasJson);
        return new JsonlessMessage(
            path.Length == 0 ? exception.Message : $"{exception.Message} It stands in field \"{path}\" of {message.Descriptor.FullName}.",
            exception.Message.Contains("the type registry lacks", StringComparison.Ordinal));
    }

    private bool HasJson(IMessage message)
    {
        try
        {
            _ = Json(message, null);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private string Text(IMessage message) =>
        Terminal.EscapeLines(new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(schema.Types)).Format(message).TrimEnd('\n'));

    // A message that came is shown, whether or not the types and extensions in it are to be had.
    private async Task<IMessage> LoadTypesAsync(IMessage message, CancellationToken cancellationToken)
    {
        message = await WithExtensionsAsync(message, cancellationToken).ConfigureAwait(false);
        foreach (var name in AnyTypes.In(message).Where(name => schema.Types.Find(name) is null))
        {
            try
            {
                _ = await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (ToolException)
            {
            }
        }

        return message;
    }

    // Reads a message anew with the extensions that were not known when it came; they may hold others.
    private async Task<IMessage> WithExtensionsAsync(IMessage message, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var isKnown = false;
            foreach (var (type, number) in UnknownExtensions.In(message))
            {
                try
                {
                    isKnown |= await schema.TryFindExtensionAsync(type, number, cancellationToken).ConfigureAwait(false);
                }
                catch (ToolException)
                {
                }
            }

            if (!isKnown)
            {
                break;
            }

            var whole = new DynamicMessage(message.Descriptor);
            whole.MergePartialFrom(message.ToByteArray(), schema.Pool.ToExtensionRegistry());
            message = whole;
        }

        return message;
    }
}
