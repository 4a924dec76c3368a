// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Breaking;

/// <summary>The table of all rules of <c>breaking</c>.</summary>
internal static class BreakingRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
        [.. DeletionRules.All, .. MemberRules.All, .. FieldRules.All, .. MethodRules.All, .. OptionRules.All];

    /// <summary>The rules of each category, by name.</summary>
    public static ILookup<string, string> Categories { get; } =
        All.SelectMany(rule => rule.Categories.Select(category => (category, rule.Name))).ToLookup(pair => pair.category, pair => pair.Name);
}
