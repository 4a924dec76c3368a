// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>Reads the rule of one method; <see cref="AnswersReader"/> knows which there are.</summary>
/// <param name="types">The schema.</param>
/// <param name="file">The name of the file, for places.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class RuleReader(AnswerTypes types, string file, AnswerProblems problems)
{
    private static readonly string[] Keys = ["when", "reply", "repeat", "delay", "interval", "status", "headers", "trailers", "fault", "times", "probability", "on"];
    private static readonly string[] Conditions = ["request", "metadata"];

    // A rule that is for several methods counts once for all of them.
    private readonly Dictionary<AnswerNode, RuleLimit> _limits = new(ReferenceEqualityComparer.Instance);

    /// <summary>Reads one.</summary>
    /// <returns>The rule; null when it is no rule at all.</returns>
    public AnswerRule? Read(AnswerNode node, MethodDescriptor method)
    {
        if (node.Kind != AnswerKind.Mapping)
        {
            problems.Add(node, $"A rule is a mapping with keys such as reply, status or delay, not {node.Description}.");
            return null;
        }

        foreach (var (key, _) in node.Members.Where(member => !Keys.Contains(member.Key.Text)))
        {
            problems.AddUnknown(key, $"A rule has no \"{key.Text}\"", Keys);
        }

        var when = node.Find("when");
        CheckKeys(when, "when", Conditions);
        var ending = new RuleEndReader(types, method.InputType, problems);
        var phase = Word(node.Find("on"), "on", Enum.GetValues<RulePhase>(), each => each.ToString().ToLowerInvariant())
            ?? (method.IsClientStreaming && method.IsServerStreaming ? RulePhase.Each : RulePhase.Last);
        var rule = new AnswerRule
        {
            Place = string.Create(CultureInfo.InvariantCulture, $"{file}:{node.Line}"),
            Phase = method.IsClientStreaming ? phase : RulePhase.Last,
            Request = Pattern(when?.Find("request"), method),
            Metadata = [.. (when?.Find("metadata")?.Members ?? []).Select(member => MetadataOf(member.Key, member.Value))],
            Probability = Number(node.Find("probability"), "probability", 0, 1) ?? 1,
            Limit = Limit(node.Find("times")),
            Reply = Reply(node.Find("reply"), method),
            Repeat = node.Find("repeat") is { Text: "forever" } ? null : (int?)Number(node.Find("repeat"), "repeat", 0, int.MaxValue, isWhole: true) ?? 1,
            Delay = Delay(node.Find("delay")),
            Interval = Delay(node.Find("interval")),
            Status = ending.Status(node.Find("status")),
            Headers = ending.Metadata(node.Find("headers")),
            Trailers = ending.Metadata(node.Find("trailers")),
            Fault = ending.Fault(node.Find("fault")),
        };
        CheckWhole(node, rule, method);
        return rule;
    }

    private void CheckWhole(AnswerNode node, AnswerRule rule, MethodDescriptor method)
    {
        var name = $"{method.Service.FullName}/{method.Name}";
        var sent = rule.Repeat * (long)(rule.Reply?.Count ?? 1);
        if (!method.IsServerStreaming && node.Find("repeat") is { } repeat && rule.Repeat != 1)
        {
            problems.Add(repeat, $"{name} has one response, which cannot be repeated.");
        }
        else if (!method.IsServerStreaming && rule.Reply is not null && rule.Status is { Code: not StatusCode.OK })
        {
            problems.Add(node.Find("status")!, $"{name} ends with one response or with a status, not with both. Leave away reply or status.");
        }
        else if (!method.IsServerStreaming && rule is { Phase: RulePhase.Each, Status: not { Code: not StatusCode.OK }, Fault: null or { IsOfMessage: true } })
        {
            problems.Add(node.Find("on")!, $"{name} has one response, so that a rule for each request needs a status other than OK, or a fault that ends the call. Or write first or last.");
        }
        else if (rule.Fault is { IsOfMessage: true } fault && fault.After >= sent)
        {
            problems.Add(node.Find("fault")!, string.Create(CultureInfo.InvariantCulture, $"The fault is of the message behind {fault.After}, but the rule sends {sent}."));
        }
    }

    private RequestPattern? Pattern(AnswerNode? node, MethodDescriptor method) =>
        node is not null && new MessageTemplateReader(types, input: null, problems).Read(node, method.InputType) is { Fixed: { } expected } ? new RequestPattern(node, expected) : null;

    private MetadataPattern MetadataOf(AnswerNode key, AnswerNode value)
    {
        if (value.Kind is AnswerKind.List or AnswerKind.Mapping or AnswerKind.Null)
        {
            problems.Add(value, $"Write the value that the metadata must have, or true for any, false for none; not {value.Description}.");
        }

        var name = key.Text.ToLowerInvariant();
        return value.Kind == AnswerKind.Boolean ? new MetadataPattern(name, null, value.Text == "true") : new MetadataPattern(name, value.Text, true);
    }

    private List<MessageTemplate>? Reply(AnswerNode? node, MethodDescriptor method)
    {
        if (node is null)
        {
            return null;
        }

        if (!method.IsServerStreaming && node.Kind == AnswerKind.List && !JsonForms.IsFree(method.OutputType))
        {
            problems.Add(node, $"{method.Service.FullName}/{method.Name} has one response: write a mapping, not a list.");
            return null;
        }

        var nodes = method.IsServerStreaming && node.Kind == AnswerKind.List ? node.Items : [node];
        return [.. nodes.Select(each => new MessageTemplateReader(types, method.InputType, problems).Read(each, method.OutputType)).OfType<MessageTemplate>()];
    }

    private RuleLimit? Limit(AnswerNode? node)
    {
        if (node is null || Number(node, "times", 1, int.MaxValue, isWhole: true) is not { } times)
        {
            return null;
        }

        if (!_limits.TryGetValue(node, out var limit))
        {
            limit = new RuleLimit((int)times);
            _limits.Add(node, limit);
        }

        return limit;
    }

    private DelayRange Delay(AnswerNode? node)
    {
        var range = default(DelayRange);
        if (node is not null && (node.Kind is not (AnswerKind.Text or AnswerKind.Number) || !DelayRange.TryParse(node.Text, out range)))
        {
            problems.Add(node, "This is no time. Write a number with ms, s, m or h, such as 200ms, or two, such as 50ms-200ms.");
        }

        return range;
    }

    private double? Number(AnswerNode? node, string what, double least, double most, bool isWhole = false)
    {
        if (node is null)
        {
            return null;
        }

        if (node.Kind == AnswerKind.Number && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            && (!isWhole || value == Math.Truncate(value)))
        {
            return value;
        }

        problems.Add(node, string.Create(
            CultureInfo.InvariantCulture, $"{what} is a {(isWhole ? "whole " : "")}number from {least}{(most < int.MaxValue ? $" to {most}" : "")}{(what == "repeat" ? ", or forever" : "")}."));
        return null;
    }

    private T? Word<T>(AnswerNode? node, string what, IReadOnlyList<T> values, Func<T, string> nameOf)
        where T : struct
    {
        if (node is null)
        {
            return null;
        }

        foreach (var value in values)
        {
            if (nameOf(value) == node.Text)
            {
                return value;
            }
        }

        problems.AddUnknown(node, $"{what} cannot be \"{node.Text}\"", values.Select(nameOf));
        return null;
    }

    private void CheckKeys(AnswerNode? node, string what, string[] known)
    {
        if (node is { Kind: not AnswerKind.Mapping })
        {
            problems.Add(node, $"{what} is a mapping with {string.Join(" and ", known)}, not {node.Description}.");
        }

        foreach (var (key, _) in node?.Members.Where(member => !known.Contains(member.Key.Text)) ?? [])
        {
            problems.AddUnknown(key, $"{what} has no \"{key.Text}\"", known);
        }
    }
}
