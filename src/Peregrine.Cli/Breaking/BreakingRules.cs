// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Breaking;

/// <summary>The table of all rules of <c>breaking</c>.</summary>
internal static class BreakingRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
        [.. DeletionRules.All, .. MemberRules.All, .. FieldRules.All, .. MethodRules.All, .. OptionRules.All];

    /// <summary>The rules of each category, by name.</summary>
    /// <param name="settings">The settings, whose version decides.</param>
    public static ILookup<string, string> Categories(RuleSettings settings) => settings.IsFirstVersion ? FirstCategories : LatestCategories;

    private static ILookup<string, string> LatestCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)));

    // What version v1 has in no category.
    private static ILookup<string, string> FirstCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)), "EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE", "FIELD_SAME_DEFAULT");
}
