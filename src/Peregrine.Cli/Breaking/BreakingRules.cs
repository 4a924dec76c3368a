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
    public static ILookup<string, string> Categories(RuleSettings settings) => settings.Version switch
    {
        SettingsVersion.FirstBeta => FirstBetaCategories,
        SettingsVersion.First => FirstCategories,
        _ => LatestCategories,
    };

    private static ILookup<string, string> LatestCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)));

    // What version v1 has in no category.
    private static ILookup<string, string> FirstCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)), "EXTENSION_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE", "FIELD_SAME_DEFAULT");

    // In version v1beta1 a type is the same or breaks everything, and a package is a matter of files.
    private static ILookup<string, string> FirstBetaCategories { get; } = FirstCategories.SelectMany(category => category.Where(rule => rule switch
        {
            "FILE_SAME_PACKAGE" => category.Key == BreakingRule.File,
            "FIELD_WIRE_COMPATIBLE_TYPE" or "FIELD_WIRE_JSON_COMPATIBLE_TYPE" => false,
            _ => true,
        })
        .Concat(category.Key is BreakingRule.WireJson or BreakingRule.Wire ? ["FIELD_SAME_TYPE", "FIELD_SAME_CARDINALITY"] : []).Select(rule => (category.Key, Rule: rule)))
        .ToLookup(pair => pair.Key, pair => pair.Rule);
}
