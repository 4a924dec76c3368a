// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;

namespace Peregrine.Cli.Rules;

/// <summary>Findings as they are told: without those that settings take out, by file and line, with the paths that users know.</summary>
internal static class FindingList
{
    /// <summary>Makes the list.</summary>
    /// <param name="findings">What rules found.</param>
    /// <param name="paths">Where files lie, by the names that they are imported by.</param>
    /// <param name="ignored">What the settings take out.</param>
    public static IReadOnlyList<Finding> Of(IEnumerable<Finding> findings, IReadOnlyDictionary<string, string> paths, IgnoredPaths ignored) =>
    [
        .. findings.Select(finding => (Finding: finding, Path: paths.GetValueOrDefault(finding.File, finding.File)))
            .Where(each => !ignored.Covers(each.Finding.File, each.Finding.Rule) && !ignored.Covers(each.Path, each.Finding.Rule))
            .Select(each => each.Finding with { File = each.Path })
            .OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column),
    ];
}
