// SPDX-License-Identifier: Apache-2.0

using System;
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
    public static ILookup<string, string> Categories(RuleSettings settings) => settings.Version switch
    {
        SettingsVersion.FirstBeta => FirstBetaCategories,
        SettingsVersion.First => FirstCategories,
        _ => LatestCategories,
    };

    private static ILookup<string, string> LatestCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)));

    // What version v1 has in no category.
    private static ILookup<string, string> FirstCategories { get; } = RuleSelection.Categories(All.Select(rule => (rule.Name, rule.Categories)), "PACKAGE_NO_IMPORT_CYCLE", "FIELD_NOT_REQUIRED");

    // Version v1beta1 cuts the rules into other categories.
    private static ILookup<string, string> FirstBetaCategories { get; } = MakeFirstBeta().ToLookup(pair => pair.Category, pair => pair.Rule);

    private static IEnumerable<(string Category, string Rule)> MakeFirstBeta()
    {
        string[] layout = ["DIRECTORY_SAME_PACKAGE", "PACKAGE_DIRECTORY_MATCH", "PACKAGE_SAME_DIRECTORY"];
        string[] affinity = [.. All.Select(rule => rule.Name).Where(name => name.StartsWith("PACKAGE_SAME_", StringComparison.Ordinal) && name != "PACKAGE_SAME_DIRECTORY")];
        string[] sensible = ["ENUM_NO_ALLOW_ALIAS", "FIELD_NO_DESCRIPTOR", "IMPORT_NO_PUBLIC", "PACKAGE_DEFINED"];
        string[] basicStyle =
        [
            "ENUM_PASCAL_CASE", "ENUM_VALUE_UPPER_SNAKE_CASE", "FIELD_LOWER_SNAKE_CASE", "MESSAGE_PASCAL_CASE", "ONEOF_LOWER_SNAKE_CASE", "PACKAGE_LOWER_SNAKE_CASE",
            "RPC_PASCAL_CASE", "SERVICE_PASCAL_CASE",
        ];
        string[] style =
        [
            .. basicStyle, "ENUM_VALUE_PREFIX", "ENUM_ZERO_VALUE_SUFFIX", "FILE_LOWER_SNAKE_CASE", "PACKAGE_VERSION_SUFFIX", "RPC_REQUEST_RESPONSE_UNIQUE",
            "RPC_REQUEST_STANDARD_NAME", "RPC_RESPONSE_STANDARD_NAME", "SERVICE_SUFFIX",
        ];
        string[] minimal = [.. layout, .. affinity, .. sensible];
        (string Category, string[] Rules)[] categories =
        [
            ("MINIMAL", minimal), ("BASIC", [.. minimal, .. basicStyle]), (LintRule.Standard, [.. minimal, .. style]), ("FILE_LAYOUT", layout), ("PACKAGE_AFFINITY", affinity),
            ("SENSIBLE", sensible), ("STYLE_BASIC", basicStyle), ("STYLE_STANDARD", style), ("STYLE_DEFAULT", style), ("OTHER", ["ENUM_FIRST_VALUE_ZERO"]),
            (LintRule.Comments, [.. LatestCategories[LintRule.Comments]]), (LintRule.UnaryRpc, [.. LatestCategories[LintRule.UnaryRpc]]),
        ];
        return categories.SelectMany(category => category.Rules.Select(rule => (category.Category, rule)));
    }
}
