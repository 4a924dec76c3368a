// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Schema;

/// <summary>Finds names that are near to one that does not exist: of few edits, or with the same last part.</summary>
internal static class NearNames
{
    /// <summary>How many names a message lists.</summary>
    public const int MaxListed = 5;

    // Longer names are not compared, and no more of them than this: the time grows with the product.
    private const int MaxLength = 200;
    private const int MaxCandidates = 20_000;

    /// <summary>The nearest names, the nearest first; none when none is near.</summary>
    /// <param name="written">The name that does not exist.</param>
    /// <param name="candidates">Those that do.</param>
    public static IReadOnlyList<string> Of(string written, IEnumerable<string> candidates)
    {
        var last = LastPart(written);
        List<(int Distance, string Name)> near = [];
        foreach (var name in candidates.Distinct().Take(MaxCandidates))
        {
            var distance = Math.Min(Distance(written, name), Distance(last, LastPart(name)));
            if (distance <= Math.Max(1, last.Length / 3))
            {
                near.Add((distance, name));
            }
        }

        return [.. near.OrderBy(each => each.Distance).ThenBy(each => each.Name, StringComparer.Ordinal).Select(each => each.Name).Take(MaxListed)];
    }

    /// <summary>The names with "or" before the last.</summary>
    public static string Join(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1];

    private static string LastPart(string name) => name[(name.LastIndexOfAny(['.', '/']) + 1)..];

    // Levenshtein's, without regard to case; two letters in the wrong order are one edit.
    private static int Distance(string a, string b)
    {
        if (a.Length > MaxLength || b.Length > MaxLength)
        {
            return int.MaxValue;
        }

        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray());
        for (var i = 1; i <= a.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(last[j - 1] + (IsSame(i, j) ? 0 : 1), Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[b.Length];

        bool IsSame(int i, int j) => char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
    }
}
