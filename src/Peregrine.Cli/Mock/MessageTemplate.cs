// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>A message of an answers file; one without templates is the same bytes for each call. Immutable.</summary>
internal sealed class MessageTemplate
{
    private readonly AnswerNode _node;
    private readonly MessageDescriptor _type;
    private readonly IReadOnlyDictionary<AnswerNode, TemplatedText> _texts;
    private readonly AnswerTypes _types;
    private readonly string _place;
    private readonly byte[]? _fixed;

    /// <summary>Makes one of what <see cref="MessageTemplateReader"/> found.</summary>
    /// <param name="node">The message.</param>
    /// <param name="type">Its type.</param>
    /// <param name="texts">Texts of it that are not written as they are.</param>
    /// <param name="types">Reads JSON.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="InvalidProtocolBufferException">It is fixed, and does not suit its type.</exception>
    public MessageTemplate(AnswerNode node, MessageDescriptor type, IReadOnlyDictionary<AnswerNode, TemplatedText> texts, AnswerTypes types, string place)
    {
        (_node, _type, _texts, _types, _place) = (node, type, texts, types, place);
        var isFixed = true;
        foreach (var text in texts.Values)
        {
            isFixed &= text.Template.IsFixed;
            NeedsAllRequests |= text.Template.NeedsAllRequests;
        }

        Fixed = isFixed ? Make(scope: null) : null;
        _fixed = Fixed?.ToByteArray();
    }

    /// <summary>The message, if it is the same for each call; else null.</summary>
    public DynamicMessage? Fixed { get; }

    /// <summary>Whether it asks for all requests of the call.</summary>
    public bool NeedsAllRequests { get; }

    /// <summary>The bytes of the message in a call.</summary>
    /// <exception cref="RpcException">What the templates gave does not suit the type.</exception>
    public byte[] Render(AnswerScope scope)
    {
        if (_fixed is not null)
        {
            return _fixed;
        }

        try
        {
            return Make(scope).ToByteArray();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"{_place}: What the templates gave does not suit {_type.FullName}: {exception.Message}"));
        }
    }

    private DynamicMessage Make(AnswerScope? scope)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            Write(_node, writer, scope);
        }

        var message = new DynamicMessage(_type);
        _types.Parser.Merge(message, json.WrittenSpan);
        return message;
    }

    private void Write(AnswerNode node, Utf8JsonWriter json, AnswerScope? scope)
    {
        switch (node.Kind)
        {
            case AnswerKind.Text when _texts.TryGetValue(node, out var text):
                WriteText(text, text.Template.Whole?.Evaluate(scope!), json, scope);
                break;
            case AnswerKind.List:
                json.WriteStartArray();
                foreach (var item in node.Items)
                {
                    // A list cannot hold nothing: what there is no value of is left away.
                    if (!_texts.TryGetValue(item, out var each) || each.Template.Whole is not { } whole)
                    {
                        Write(item, json, scope);
                    }
                    else if (whole.Evaluate(scope!) is { } value)
                    {
                        WriteText(each, value, json, scope);
                    }
                }

                json.WriteEndArray();
                break;
            case AnswerKind.Mapping:
                json.WriteStartObject();
                foreach (var (key, value) in node.Members)
                {
                    json.WritePropertyName(key.Text);
                    Write(value, json, scope);
                }

                json.WriteEndObject();
                break;
            default:
                node.WriteTo(json);
                break;
        }
    }

    private static void WriteText(TemplatedText text, JsonNode? whole, Utf8JsonWriter json, AnswerScope? scope)
    {
        if (text.Template.Whole is null)
        {
            json.WriteStringValue(text.Template.Render(scope!));
        }
        else if (whole is null)
        {
            json.WriteNullValue();
        }
        else if (text.IsForText && whole.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            json.WriteStringValue(TextTemplate.TextOf(whole));
        }
        else
        {
            whole.WriteTo(json);
        }
    }
}
