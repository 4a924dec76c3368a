// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Peregrine.Cli.Rules;

/// <summary>Findings as they are told: without those that settings take out, by file and line, with the paths that users know.</summary>
internal static class FindingList
{
    /// <summary>Makes the list.</summary>
    /// <param name="findings">What rules found.</param>
    /// <param name="paths">Where files lie, by the names that they are imported by.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="categories">The categories of rules.</param>
    public static IReadOnlyList<Finding> Of(
        IEnumerable<Finding> findings, IReadOnlyDictionary<string, string> paths, RuleSettings settings, ILookup<string, string> categories)
    {
        var ignored = new IgnoredPaths(settings, categories);
        return
        [
            .. findings.Where(finding => !IsIgnored(finding.File, finding.Rule) && (finding.FileBefore is null || !IsIgnored(finding.FileBefore, finding.Rule)))
                .Select(finding => finding with { File = paths.GetValueOrDefault(finding.File, finding.File) })
                .OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column),
        ];

        bool IsIgnored(string file, string rule) => ignored.Covers(file, rule)
            || (paths.TryGetValue(file, out var path) && ignored.Covers(Path.GetRelativePath(settings.Folder, path).Replace('\\', '/'), rule));
    }
}
