// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Linting;

/// <summary>The table of all rules of <c>lint</c>.</summary>
internal static class LintRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } = [.. PackageRules.All, .. FileRules.All, .. NameRules.All, .. EnumRules.All, .. RpcRules.All, .. CommentRules.All];

    /// <summary>The rules of each category, by name.</summary>
    public static ILookup<string, string> Categories { get; } =
        All.SelectMany(rule => rule.Categories.Select(category => (category, rule.Name))).ToLookup(pair => pair.category, pair => pair.Name);
}
