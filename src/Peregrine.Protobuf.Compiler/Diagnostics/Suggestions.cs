// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>Finds what a misspelled name was meant to be: the nearest one by edit distance, if it is near.</summary>
internal static class Suggestions
{
    // Longer names are not compared: the table of distances grows with the square.
    private const int MaxLength = 100;

    /// <summary>The nearest of some names, or null if none is near: at most one edit in three letters.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        int limit = Math.Max(1, written.Length / 3);
        string? best = null;
        foreach (string candidate in candidates)
        {
            int distance = Distance(written, candidate, limit);
            if (distance <= limit && candidate != written)
            {
                (best, limit) = (candidate, distance - 1);
            }

            if (limit < 0)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The type that a name was probably meant to be, as it can be written in that file, or null.</summary>
    /// <param name="written">The name as it is written.</param>
    /// <param name="file">The file that it is written in.</param>
    /// <param name="types">The types that the file can name.</param>
    public static string? NearestType(string written, FileSymbol file, IEnumerable<Symbol> types)
    {
        string name = written.TrimStart('.');
        string? best = null;
        int limit = Math.Max(1, name.Length / 3);
        foreach (Symbol symbol in types)
        {
            string relative = file.Package.Length > 0 && symbol.FullName.StartsWith(file.Package + ".", StringComparison.Ordinal)
                ? symbol.FullName[(file.Package.Length + 1)..]
                : symbol.FullName;
            int distance = Math.Min(Distance(name, relative, limit), Math.Min(Distance(name, symbol.FullName, limit), Distance(name, symbol.Name, limit)));
            if (distance <= limit)
            {
                (best, limit) = (relative, distance - 1);
            }

            if (limit < 0)
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The hint that names a suggestion, or another one.</summary>
    public static string? Hint(string? suggestion, string? otherwise) =>
        suggestion is null ? otherwise : $"Did you mean \"{suggestion}\"?";

    /// <summary>What to write in place of a name that no value of an enum has.</summary>
    public static string? OfValues(string written, EnumSymbol type)
    {
        const int Shown = 8;
        List<string> names = type.Values.ConvertAll(value => value.Name);
        string? all = names.Count is 0 or > Shown ? null : $"Its values are: {string.Join(", ", names)}.";
        return Hint(Nearest(written, names), all);
    }

    // Levenshtein's distance without regard to case, which costs nothing; more than the limit if it is certainly more.
    private static int Distance(string a, string b, int limit)
    {
        if (limit < 0 || Math.Abs(a.Length - b.Length) > limit || a.Length > MaxLength || b.Length > MaxLength)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[MaxLength + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
