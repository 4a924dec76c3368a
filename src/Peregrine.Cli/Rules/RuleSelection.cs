// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Rules;

/// <summary>Which rules of a table a user wants: by their names, or by the names of categories.</summary>
internal static class RuleSelection
{
    // What buf has renamed: each old name stands for the rules that took its place.
    private static readonly Dictionary<string, string[]> Renamed = new(StringComparer.Ordinal)
    {
        ["FIELD_SAME_CTYPE"] = ["FIELD_SAME_CPP_STRING_TYPE"],
        ["FIELD_SAME_LABEL"] = ["FIELD_SAME_CARDINALITY", "FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY"],
        ["FILE_SAME_JAVA_STRING_CHECK_UTF8"] = ["FIELD_SAME_JAVA_UTF8_VALIDATION"],
        ["FILE_SAME_PHP_GENERIC_SERVICES"] = [],
    };

    /// <summary>The rules of each category, by name.</summary>
    /// <param name="rules">The rules with their categories.</param>
    /// <param name="without">Rules that belong to no category.</param>
    public static ILookup<string, string> Categories(IEnumerable<(string Name, IReadOnlyList<string> Categories)> rules, params string[] without) =>
        rules.Where(rule => !without.Contains(rule.Name))
            .SelectMany(rule => rule.Categories.Select(category => (category, rule.Name))).ToLookup(pair => pair.category, pair => pair.Name);

    /// <summary>Selects rules.</summary>
    /// <param name="rules">The table.</param>
    /// <param name="categories">The categories and the rules of each.</param>
    /// <param name="use">The names of rules and categories that are wanted; none for <paramref name="defaultCategory"/>.</param>
    /// <param name="except">The names of rules and categories that are not.</param>
    /// <param name="defaultCategory">The category for those who name none.</param>
    /// <param name="nameOf">The name of a rule.</param>
    /// <returns>The names, each once.</returns>
    /// <exception cref="ToolException">A name is neither; the message lists near ones.</exception>
    public static HashSet<string> Select<T>(
        IReadOnlyList<T> rules, ILookup<string, string> categories, IReadOnlyList<string> use, IReadOnlyList<string> except, string defaultCategory, Func<T, string> nameOf)
    {
        var names = rules.Select(nameOf).ToHashSet(StringComparer.Ordinal);
        HashSet<string> selected = [.. (use.Count > 0 ? use : [defaultCategory]).SelectMany(Expand)];
        selected.ExceptWith(except.SelectMany(Expand));
        return selected;

        IEnumerable<string> Expand(string name)
        {
            var upper = name.ToUpperInvariant();
            if (names.Contains(upper))
            {
                return [upper];
            }

            if (Renamed.TryGetValue(upper, out var renamed))
            {
                return renamed;
            }

            // Of buf's rules this is the one that is not there; settings that leave it out are right.
            if (upper == "PROTOVALIDATE")
            {
                return [];
            }

            // buf's older name of its standard category.
            var category = upper == "DEFAULT" ? defaultCategory : upper;
            if (categories.Contains(category))
            {
                return categories[category];
            }

            var near = NearNames.Of(upper, names.Concat(categories.Select(each => each.Key)));
            throw new ToolException(
                $"\"{name}\" is no rule and no category.{(near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : $" Categories: {string.Join(", ", categories.Select(each => each.Key))}.")}",
                ExitCode.Usage);
        }
    }
}
