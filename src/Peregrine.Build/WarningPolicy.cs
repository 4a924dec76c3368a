// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;

namespace Peregrine.Build;

/// <summary>What the project's properties make of a warning, as for the C# compiler: nothing, a warning, or an error.</summary>
/// <remarks>
/// MSBuild itself could turn a warning into an error, but only after this program has succeeded: the next build would find nothing to do
/// and pass. So the program decides.
/// </remarks>
/// <param name="allAreErrors"><c>TreatWarningsAsErrors</c>.</param>
/// <param name="errors"><c>WarningsAsErrors</c>.</param>
/// <param name="notErrors"><c>WarningsNotAsErrors</c>.</param>
/// <param name="ignored"><c>NoWarn</c>.</param>
internal sealed class WarningPolicy(bool allAreErrors, string errors, string notErrors, string ignored)
{
    private readonly HashSet<string> _errors = Ids(errors);
    private readonly HashSet<string> _notErrors = Ids(notErrors);
    private readonly HashSet<string> _ignored = Ids(ignored);

    /// <summary>Whether the warning is not shown.</summary>
    public bool IsIgnored(string id) => _ignored.Contains(id);

    /// <summary>Whether the warning is an error.</summary>
    /// <param name="id">The warning.</param>
    /// <param name="fatal">Whether warnings of this file are errors.</param>
    public bool IsError(string id, bool fatal) => (allAreErrors || fatal || _errors.Contains(id)) && !_notErrors.Contains(id);

    private static HashSet<string> Ids(string list) =>
        new(list.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries), StringComparer.OrdinalIgnoreCase);
}
