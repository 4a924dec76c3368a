// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>A text in which <c>${...}</c> stands for a value of the call, and <c>$${</c> for <c>${</c> itself. Immutable.</summary>
internal sealed class TextTemplate
{
    private readonly IReadOnlyList<(string Text, TemplateExpression? Value)> _parts;

    private TextTemplate(IReadOnlyList<(string Text, TemplateExpression? Value)> parts) => _parts = parts;

    /// <summary>Whether it is the same for each call.</summary>
    public bool IsFixed => _parts.All(part => part.Value is null);

    /// <summary>The one value that it is, whatever its type in JSON; null when there is other text beside it.</summary>
    public TemplateExpression? Whole => _parts is [(_, { } value)] ? value : null;

    /// <summary>Whether it asks for all requests of the call.</summary>
    public bool NeedsAllRequests => _parts.Any(part => part.Value is { NeedsAllRequests: true });

    /// <summary>A text that is what it is.</summary>
    public static TextTemplate Of(string text) => new([(text, null)]);

    /// <summary>Reads one.</summary>
    /// <param name="node">The text.</param>
    /// <param name="input">The type of requests; null where nothing but text may stand.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static TextTemplate Parse(AnswerNode node, MessageDescriptor? input, AnswerProblems problems)
    {
        if (input is null)
        {
            return Of(node.Text);
        }

        List<(string, TemplateExpression?)> parts = [];
        var text = new StringBuilder();
        for (var rest = node.Text; rest.Length > 0;)
        {
            var start = rest.IndexOf("${", StringComparison.Ordinal);
            if (start < 0)
            {
                text.Append(rest);
                break;
            }

            if (start > 0 && rest[start - 1] == '$')
            {
                text.Append(rest.AsSpan(0, start - 1)).Append("${");
                rest = rest[(start + 2)..];
                continue;
            }

            text.Append(rest.AsSpan(0, start));
            var end = rest.IndexOf('}', start);
            if (end < 0)
            {
                problems.Add(node, "A template has no end: \"}\" is missing behind \"${\". Write $${ for ${ itself.");
                break;
            }

            if (TemplateExpression.Parse(rest[(start + 2)..end], input, out var problem) is { } value)
            {
                AddText();
                parts.Add(("", value));
            }
            else
            {
                problems.Add(node, problem!);
            }

            rest = rest[(end + 1)..];
        }

        AddText();
        return new TextTemplate(parts);

        void AddText()
        {
            if (text.Length > 0)
            {
                parts.Add((text.ToString(), null));
                text.Clear();
            }
        }
    }

    /// <summary>The text in a call; a value that there is none of is no text.</summary>
    public string Render(AnswerScope scope) => string.Concat(_parts.Select(part => part.Value is null ? part.Text : TextOf(part.Value.Evaluate(scope))));

    /// <summary>A value as text: that of a text itself, JSON of all else, nothing of null.</summary>
    public static string TextOf(JsonNode? value) => value switch
    {
        null => "",
        JsonValue text when text.TryGetValue(out string? written) => written,
        _ => value.ToJsonString(),
    };
}
