// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>What stands between <c>${</c> and <c>}</c>: one value of the call. Immutable.</summary>
internal sealed class TemplateExpression
{
    private const string Epoch = "1970-01-01T00:00:00Z";
    private static readonly string[] Sources = ["request", "requests", "metadata", "index", "count", "now", "uuid"];

    private readonly string _source;
    private readonly IReadOnlyList<string> _steps;

    private TemplateExpression(string source, IReadOnlyList<string> steps, JsonNode? sample)
    {
        _source = source;
        _steps = steps;
        Sample = sample;
    }

    /// <summary>A value of the kind that it gives, to check with before there is a call; null when nothing is known of it.</summary>
    public JsonNode? Sample { get; }

    /// <summary>Whether it asks for all requests of the call.</summary>
    public bool NeedsAllRequests => _source == "requests";

    /// <summary>Reads one.</summary>
    /// <param name="text">What stands between the braces.</param>
    /// <param name="input">The type of requests.</param>
    /// <param name="problem">What is wrong, when null is given.</param>
    public static TemplateExpression? Parse(string text, MessageDescriptor input, out string? problem)
    {
        var end = text.AsSpan().IndexOfAny('.', '[');
        var source = (end < 0 ? text : text[..end]).Trim();
        if (!Sources.Contains(source))
        {
            var near = NearNames.Of(source, Sources);
            problem = $"\"${{{text}}}\" is nothing that a template can say."
                + (near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : $" Write one of {string.Join(", ", Sources.Select(each => $"${{{each}}}"))}; $${{ for ${{ itself.");
            return null;
        }

        if (!TrySplit(end < 0 ? "" : text[end..].TrimEnd(), source == "metadata", out var steps))
        {
            problem = $"\"${{{text}}}\" has no form such as ${{request.field.list[0]}}.";
            return null;
        }

        switch (source)
        {
            case "request" or "requests":
                var path = new RequestPath(input, isList: source == "requests");
                problem = steps.Select(path.Enter).FirstOrDefault(each => each is not null);
                return problem is null ? new TemplateExpression(source, path.Steps, path.Sample) : null;
            case "metadata":
                problem = steps is [_] ? null : "Say which metadata: ${metadata.name}.";
                return problem is null ? new TemplateExpression(source, [steps[0].ToLowerInvariant()], null) : null;
            default:
                problem = steps.Count == 0 ? null : $"${{{source}}} has no parts.";
                return problem is null ? new TemplateExpression(source, [], source is "index" or "count" ? JsonValue.Create(0) : JsonValue.Create(Epoch)) : null;
        }
    }

    /// <summary>Its value in a call; null when there is none, such as metadata that was not sent.</summary>
    public JsonNode? Evaluate(AnswerScope scope) => _source switch
    {
        "request" => Walk(scope.RequestJson),
        "requests" => Walk(scope.RequestsJson),
        "metadata" => scope.Metadata.Get(_steps[0]) is { } entry ? JsonValue.Create(entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes) : entry.Value) : null,
        "index" => JsonValue.Create(scope.ResponseCount),
        "count" => JsonValue.Create(scope.RequestCount),
        "now" => JsonValue.Create(scope.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(Guid.NewGuid().ToString()),
    };

    private static bool TrySplit(string text, bool isOneName, out List<string> steps)
    {
        steps = [];
        while (text.Length > 0)
        {
            var isBracket = text[0] == '[';
            var end = isBracket ? text.IndexOf(']', StringComparison.Ordinal) : isOneName ? text.Length : text.AsSpan(1).IndexOfAny('.', '[') + 1;
            end = end <= 0 && !isBracket ? text.Length : end;
            if (end < 2)
            {
                return false;
            }

            steps.Add(text[1..end].Trim().Trim('"', '\''));
            text = text[(isBracket ? end + 1 : end)..];
            if (text.Length > 0 && text[0] is not ('.' or '['))
            {
                return false;
            }
        }

        return true;
    }

    private JsonNode? Walk(JsonNode? node)
    {
        foreach (var step in _steps)
        {
            node = node switch
            {
                JsonObject map => map[step],
                JsonArray list when int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return node;
    }
}
