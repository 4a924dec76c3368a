// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Linting;

/// <summary>The table of all rules of <c>lint</c>.</summary>
internal static class LintRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } = [.. PackageRules.All, .. FileRules.All, .. NameRules.All, .. EnumRules.All, .. RpcRules.All, .. CommentRules.All];

    /// <summary>The rules of each category, by name.</summary>
    /// <param name="settings">The settings, whose version decides.</param>
    public static ILookup<string, string> Categories(RuleSettings settings) => settings.IsFirstVersion ? FirstCategories : LatestCategories;

    private static ILookup<string, string> LatestCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)));

    // What version v1 has in no category.
    private static ILookup<string, string> FirstCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)), "PACKAGE_NO_IMPORT_CYCLE", "FIELD_NOT_REQUIRED");
}
