// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Rules;

/// <summary>The files and folders that settings take out, of all rules or of some.</summary>
internal sealed class IgnoredPaths
{
    private readonly List<(string Path, HashSet<string>? Rules)> _paths;

    /// <summary>Reads <c>ignore</c> and <c>ignore_only</c>.</summary>
    public IgnoredPaths(RuleSettings settings, ILookup<string, string> categories)
    {
        _paths = [.. settings.Ignore.Select(path => (Clean(path), (HashSet<string>?)null))];
        foreach (var (name, paths) in settings.IgnoreOnly)
        {
            var upper = name.ToUpperInvariant();
            HashSet<string> rules = categories.Contains(upper) ? [.. categories[upper]] : [upper];
            _paths.AddRange(paths.Select(path => (Clean(path), (HashSet<string>?)rules)));
        }
    }

    /// <summary>Whether a rule says nothing of a file.</summary>
    /// <param name="file">The file, as it is imported, or as it lies in the folder of the settings.</param>
    /// <param name="rule">The rule.</param>
    public bool Covers(string file, string rule) => _paths.Exists(each =>
        (each.Rules is null || each.Rules.Contains(rule))
        && (each.Path is "" or "." || file == each.Path || file.StartsWith(each.Path + "/", StringComparison.Ordinal)));

    private static string Clean(string path)
    {
        var clean = path.Replace('\\', '/').TrimEnd('/');
        return clean.StartsWith("./", StringComparison.Ordinal) ? clean[2..] : clean;
    }
}
