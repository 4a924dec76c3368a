// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Peregrine.Cli.Mock;

/// <summary>A value of an answers file, and where it stands. Immutable.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
internal sealed record AnswerNode(AnswerKind Kind, long Line, long Column)
{
    /// <summary>Of a text its characters; of a number or a boolean what JSON writes.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of a list its elements.</summary>
    public IReadOnlyList<AnswerNode> Items { get; init; } = [];

    /// <summary>Of a mapping its keys, which are texts, and values, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<AnswerNode, AnswerNode>> Members { get; init; } = [];

    /// <summary>What it is, for messages: <c>a list</c>.</summary>
    public string Description => Kind switch
    {
        AnswerKind.Null => "nothing",
        AnswerKind.Boolean => "true or false",
        AnswerKind.Number => "a number",
        AnswerKind.Text => "a text",
        AnswerKind.List => "a list",
        _ => "a mapping",
    };

    /// <summary>The value of a key; null when the mapping has none.</summary>
    public AnswerNode? Find(string key) => Members.FirstOrDefault(member => member.Key.Text == key).Value;

    /// <summary>Writes it as JSON.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        switch (Kind)
        {
            case AnswerKind.Null:
                json.WriteNullValue();
                break;
            case AnswerKind.Boolean:
                json.WriteBooleanValue(Text == "true");
                break;
            case AnswerKind.Number:
                json.WriteRawValue(Text);
                break;
            case AnswerKind.Text:
                json.WriteStringValue(Text);
                break;
            case AnswerKind.List:
                json.WriteStartArray();
                foreach (var item in Items)
                {
                    item.WriteTo(json);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                foreach (var (key, value) in Members)
                {
                    json.WritePropertyName(key.Text);
                    value.WriteTo(json);
                }

                json.WriteEndObject();
                break;
        }
    }
}
