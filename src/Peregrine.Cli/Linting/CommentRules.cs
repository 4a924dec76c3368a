// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules that everything has a comment.</summary>
internal static class CommentRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        Rule("COMMENT_ENUM", "Enum", DescriptorWalk.AllEnums),
        Rule("COMMENT_ENUM_VALUE", "Enum value", file => file.AllEnums().SelectMany(each => each.Values)),

        // The comment before a group is its message's.
        Rule("COMMENT_FIELD", "Field", file => file.AllFields().Where(field => field.ToProto().Type != FieldDescriptorProto.Types.Type.Group)),
        Rule("COMMENT_MESSAGE", "Message", DescriptorWalk.AllMessages),
        Rule("COMMENT_ONEOF", "Oneof", DescriptorWalk.AllOneofs),
        Rule("COMMENT_RPC", "RPC", DescriptorWalk.AllMethods),
        Rule("COMMENT_SERVICE", "Service", file => file.Services),
    ];

    private static LintRule Rule<T>(string name, string kind, Func<FileDescriptor, IEnumerable<T>> elements)
        where T : DescriptorBase => LintRule.OfEach(
            name, [LintRule.Comments], $"Each {kind.ToLowerInvariant()} has a comment before it.", elements, "",
            (_, element) => IsComment(element.Declaration?.LeadingComments) ? null : $"{kind} \"{element.Name}\" should have a non-empty comment for documentation.");

    // What only switches rules off is no documentation.
    private static bool IsComment(string? text) =>
        text is not null && text.Split('\n').Any(line => line.Trim() is { Length: > 0 } words && !words.StartsWith("buf:lint:ignore", StringComparison.Ordinal));
}
