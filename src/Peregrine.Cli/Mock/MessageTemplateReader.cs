// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>
/// Reads a message of an answers file and compares it with the schema: every field, and every value that is known before there is a call.
/// </summary>
/// <param name="types">The schema.</param>
/// <param name="input">The type of requests that templates may speak of; null where there are no templates.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class MessageTemplateReader(AnswerTypes types, MessageDescriptor? input, AnswerProblems problems)
{
    private const string UrlPrefix = "type.googleapis.com/";

    private readonly Dictionary<AnswerNode, TemplatedText> _texts = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads one message.</summary>
    /// <returns>The message; null when something is wrong with it.</returns>
    public MessageTemplate? Read(AnswerNode node, MessageDescriptor type)
    {
        var before = problems.Count;
        CheckMessage(node, type);
        if (problems.Count > before)
        {
            return null;
        }

        try
        {
            return new MessageTemplate(node, type, _texts, types, problems.PlaceOf(node));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            problems.Add(node, ReasonOf(exception));
            return null;
        }
    }

    private void CheckMessage(AnswerNode node, MessageDescriptor type)
    {
        if (TemplateOf(node, isForText: type.FullName == "google.protobuf.StringValue") is { IsFixed: false } template)
        {
            if (template.Whole?.Sample is { } sample && !JsonForms.IsFree(type) && (JsonForms.IsScalar(type) ? sample is JsonObject or JsonArray : sample is not JsonObject))
            {
                problems.Add(node, $"The template gives {KindOf(sample)}, and {type.FullName} is wanted.");
            }
            else if (template.Whole is null && !JsonForms.IsScalar(type) && !JsonForms.IsFree(type))
            {
                problems.Add(node, $"Here stands a message: write a mapping with fields of {type.FullName}, or a template alone.");
            }

            return;
        }

        if (JsonForms.IsFree(type))
        {
            NoteTexts(node);
        }
        else if (JsonForms.IsScalar(type))
        {
            TryParse(node, type, node.WriteTo);
        }
        else if (node.Kind != AnswerKind.Mapping)
        {
            problems.Add(node, $"Here stands a message: write a mapping with fields of {type.FullName}, not {node.Description}.");
        }
        else if (JsonForms.IsAny(type))
        {
            CheckAny(node);
        }
        else
        {
            CheckFields(node.Members, type);
        }
    }

    private void CheckAny(AnswerNode node)
    {
        if (node.Members.Count == 0)
        {
            return;
        }

        if (node.Find("@type") is not { Kind: AnswerKind.Text } url)
        {
            problems.Add(node, "This is a google.protobuf.Any: say which message it holds by \"@type\", such as google.rpc.RetryInfo.");
            return;
        }

        var name = Schema.AnyTypes.NameOf(url.Text);
        if (types.Find(name) is not { } type)
        {
            problems.AddUnknown(new AnswerNode(AnswerKind.Text, url.Line, url.Column) { Text = name }, $"There is no message type \"{name}\" in the schema", types.Names);
            return;
        }

        _texts[url] = new TemplatedText(TextTemplate.Of(name == url.Text ? UrlPrefix + name : url.Text), IsForText: true);
        if (!JsonForms.IsFree(type) && !JsonForms.IsScalar(type) && !JsonForms.IsAny(type))
        {
            CheckFields(node.Members.Where(member => member.Value != url), type);
        }
        else if (node.Find("value") is { } value)
        {
            CheckMessage(value, type);
        }
        else
        {
            problems.Add(node, $"A {name} in an Any stands behind the key \"value\".");
        }
    }

    private void CheckFields(IEnumerable<KeyValuePair<AnswerNode, AnswerNode>> members, MessageDescriptor type)
    {
        foreach (var (key, value) in members)
        {
            if (key.Text.StartsWith('['))
            {
                // An extension: what reads the whole message looks for it.
                NoteTexts(value);
            }
            else if (JsonForms.FindField(type, key.Text) is { } field)
            {
                CheckField(value, field);
            }
            else
            {
                problems.AddUnknown(key, $"{type.FullName} has no field \"{key.Text}\"", type.Fields.InDeclarationOrder().Select(each => each.Name));
            }
        }
    }

    private void CheckField(AnswerNode node, FieldDescriptor field)
    {
        if (node.Kind == AnswerKind.Null)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            CheckValue(node, field);
        }
        else if (TemplateOf(node, isForText: false) is { IsFixed: false, Whole: { } whole })
        {
            if (whole.Sample is { } sample && (field.IsMap ? sample is not JsonObject : sample is not JsonArray))
            {
                problems.Add(node, $"The template gives {KindOf(sample)}, and \"{field.Name}\" is a {(field.IsMap ? "map" : "list")}.");
            }
        }
        else if (field.IsMap && node.Kind == AnswerKind.Mapping)
        {
            foreach (var (_, value) in node.Members)
            {
                CheckValue(value, field.MessageType.FindFieldByNumber(2)!);
            }
        }
        else if (!field.IsMap && node.Kind == AnswerKind.List)
        {
            foreach (var item in node.Items)
            {
                CheckValue(item, field);
            }
        }
        else
        {
            problems.Add(node, $"\"{field.Name}\" is a {(field.IsMap ? "map: write a mapping" : "repeated field: write a list")}, not {node.Description}.");
        }
    }

    private void CheckValue(AnswerNode node, FieldDescriptor field)
    {
        if (field.FieldType is FieldType.Message or FieldType.Group)
        {
            CheckMessage(node, field.MessageType);
            return;
        }

        var isText = field.FieldType == FieldType.String;
        if (TemplateOf(node, isText) is not { IsFixed: false } template)
        {
            TryParse(node, field, node.WriteTo);
        }
        else if (template.Whole?.Sample is { } sample && (!isText || sample is JsonObject or JsonArray))
        {
            TryParse(node, field, json => sample.WriteTo(json));
        }
    }

    private void TryParse(AnswerNode node, FieldDescriptor field, Action<Utf8JsonWriter> value) => TryParse(node, field.ContainingType ?? field.ExtendeeType, json =>
    {
        json.WriteStartObject();
        json.WritePropertyName(field.JsonName);
        if (field.IsRepeated)
        {
            json.WriteStartArray();
        }

        value(json);
        if (field.IsRepeated)
        {
            json.WriteEndArray();
        }

        json.WriteEndObject();
    });

    private void TryParse(AnswerNode node, MessageDescriptor type, Action<Utf8JsonWriter> write)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            write(writer);
        }

        try
        {
            types.Parser.Merge(new DynamicMessage(type), json.WrittenSpan);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidJsonException)
        {
            problems.Add(node, ReasonOf(exception) + (node.Kind is AnswerKind.Number or AnswerKind.Boolean && exception.Message.StartsWith("Expected a string", StringComparison.Ordinal) ? " Put it into quotes." : ""));
        }
    }

    private TextTemplate? TemplateOf(AnswerNode node, bool isForText)
    {
        if (node.Kind != AnswerKind.Text)
        {
            return null;
        }

        if (_texts.TryGetValue(node, out var known))
        {
            return known.Template;
        }

        var template = TextTemplate.Parse(node, input, problems);
        _texts[node] = new TemplatedText(template, isForText);
        return template;
    }

    private void NoteTexts(AnswerNode node)
    {
        _ = TemplateOf(node, isForText: false);
        foreach (var item in node.Items.Concat(node.Members.Select(member => member.Value)))
        {
            NoteTexts(item);
        }
    }

    // Of messages of the parser what stands before the place in the JSON, which is none of the file.
    private static string ReasonOf(Exception exception) => exception.InnerException?.Message ?? exception.Message;

    private static string KindOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => "a list",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "a text",
    };
}
