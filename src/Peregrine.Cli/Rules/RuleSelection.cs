// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Rules;

/// <summary>Which rules of a table a user wants: by their names, or by the names of categories.</summary>
internal static class RuleSelection
{
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
