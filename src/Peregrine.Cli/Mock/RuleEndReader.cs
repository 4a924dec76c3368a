// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Cli.Calls;
using Peregrine.Http2;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Cli.Mock;

/// <summary>Reads what a rule says of the end of a call and around its messages: status, metadata, faults.</summary>
/// <param name="types">The schema.</param>
/// <param name="input">The type of requests.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class RuleEndReader(AnswerTypes types, MessageDescriptor input, AnswerProblems problems)
{
    private static readonly string[] StatusKeys = ["code", "message", "details"];
    private static readonly string[] FaultKeys = ["kind", "after", "code"];

    /// <summary>Reads <c>status</c>: a code, or code, message and details.</summary>
    public RuleStatus? Status(AnswerNode? node)
    {
        if (node is null)
        {
            return null;
        }

        if (node.Kind != AnswerKind.Mapping)
        {
            return new RuleStatus(Code(node), TextTemplate.Of(""), []);
        }

        CheckKeys(node, "A status", StatusKeys);
        if (node.Find("code") is not { } code)
        {
            problems.Add(node, "A status has a code, such as NOT_FOUND.");
            return null;
        }

        List<MessageTemplate> details = [];
        if (node.Find("details") is { } all)
        {
            if (all.Kind != AnswerKind.List)
            {
                problems.Add(all, $"details is a list of messages with \"@type\", not {all.Description}.");
            }

            details = [.. all.Items.Select(each => new MessageTemplateReader(types, input, problems).Read(each, Any.Descriptor)).OfType<MessageTemplate>()];
        }

        var value = Code(code);
        if (value == StatusCode.OK && details.Count > 0)
        {
            problems.Add(code, "Details belong to errors, and OK is none.");
        }

        return new RuleStatus(value, node.Find("message") is { } message ? Text(message, "message") : TextTemplate.Of(""), details);
    }

    /// <summary>Reads <c>headers</c> and <c>trailers</c>: names with a value each, or a list of them.</summary>
    public IReadOnlyList<RuleMetadata> Metadata(AnswerNode? node)
    {
        if (node is { Kind: not AnswerKind.Mapping })
        {
            problems.Add(node, $"Metadata is a mapping of names and values, not {node.Description}.");
        }

        return
        [
            .. (node?.Members ?? []).SelectMany(member => (member.Value.Kind == AnswerKind.List ? member.Value.Items : [member.Value]).Select(value => Entry(member.Key, value))),
        ];
    }

    /// <summary>Reads <c>fault</c>: its kind, or kind, place and code.</summary>
    public RuleFault? Fault(AnswerNode? node)
    {
        if (node is null)
        {
            return null;
        }

        CheckKeys(node, "A fault", FaultKeys);
        var kind = node.Kind == AnswerKind.Mapping ? node.Find("kind") : node;
        if (kind is null)
        {
            problems.Add(node, "A fault has a kind, such as reset.");
            return null;
        }

        var kinds = System.Enum.GetValues<RuleFaultKind>();
        var found = kinds.Where(each => NameOf(each) == kind.Text).ToList();
        if (found.Count == 0)
        {
            problems.AddUnknown(kind, $"There is no fault \"{kind.Text}\"", kinds.Select(NameOf));
            return null;
        }

        var after = 0;
        if (node.Find("after") is { } place && (!int.TryParse(place.Text, NumberStyles.None, CultureInfo.InvariantCulture, out after) || place.Kind != AnswerKind.Number))
        {
            problems.Add(place, "after is the number of responses before the fault: a whole number from 0.");
        }

        return new RuleFault(found[0], after, node.Find("code") is { } code ? ResetCode(code) : Http2ErrorCode.InternalError);
    }

    private Http2ErrorCode ResetCode(AnswerNode node)
    {
        var codes = System.Enum.GetValues<Http2ErrorCode>();
        foreach (var code in codes)
        {
            if (string.Equals(Http2Error.NameOf(code), node.Text, StringComparison.OrdinalIgnoreCase))
            {
                return code;
            }
        }

        problems.AddUnknown(node, $"HTTP/2 has no error code \"{node.Text}\"", codes.Select(Http2Error.NameOf));
        return Http2ErrorCode.InternalError;
    }

    private StatusCode Code(AnswerNode node)
    {
        var codes = System.Enum.GetValues<StatusCode>();
        foreach (var code in codes)
        {
            if (StatusNames.Of(code) == node.Text || ((int)code).ToString(CultureInfo.InvariantCulture) == node.Text)
            {
                return code;
            }
        }

        problems.AddUnknown(node, $"gRPC has no status \"{node.Text}\"", codes.Select(StatusNames.Of));
        return StatusCode.Unknown;
    }

    private RuleMetadata Entry(AnswerNode key, AnswerNode value)
    {
        var entry = new RuleMetadata(key.Text.ToLowerInvariant(), Text(value, key.Text));
        if (entry.Name.StartsWith("grpc-", StringComparison.Ordinal))
        {
            problems.Add(key, $"Names that begin with \"grpc-\" belong to gRPC itself: \"{key.Text}\" cannot be sent.");
            return entry;
        }

        try
        {
            _ = RuleMetadata.Make(entry.Name, entry.Value.IsFixed ? value.Text : "");
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            problems.Add(exception is FormatException ? value : key, exception is FormatException
                ? $"The value of \"{key.Text}\" is base64, as that of every name that ends with -bin; this is not."
                : $"\"{key.Text}\" cannot be sent: {exception.Message.Split(" (Parameter ")[0]}");
        }

        return entry;
    }

    private TextTemplate Text(AnswerNode node, string what)
    {
        if (node.Kind is AnswerKind.List or AnswerKind.Mapping)
        {
            problems.Add(node, $"\"{what}\" is a text, not {node.Description}.");
        }

        return TextTemplate.Parse(node, input, problems);
    }

    private void CheckKeys(AnswerNode node, string what, string[] known)
    {
        foreach (var (key, _) in node.Members.Where(member => !known.Contains(member.Key.Text)))
        {
            problems.AddUnknown(key, $"{what} has no \"{key.Text}\"", known);
        }
    }

    private static string NameOf(RuleFaultKind kind) => kind.ToString().ToLowerInvariant();
}
