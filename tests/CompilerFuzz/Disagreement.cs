// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace CompilerFuzz;

/// <summary>How two compilers disagree, the worst first.</summary>
internal enum DisagreementKind
{
    /// <summary>This compiler throws.</summary>
    Crash,

    /// <summary>It takes too much memory.</summary>
    Memory,

    /// <summary>It rejects what protoc accepts.</summary>
    WronglyRejected,

    /// <summary>It accepts what protoc rejects.</summary>
    WronglyAccepted,

    /// <summary>The descriptor sets differ.</summary>
    Bytes,

    /// <summary>The first errors stand at different places.</summary>
    Place,

    /// <summary>The warnings stand at different places.</summary>
    Warnings,

    /// <summary>Formatting changes the meaning, or formatting again changes the text.</summary>
    Format,
}

/// <summary>A disagreement of two outcomes.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Signature">What disagreements of one cause probably have alike.</param>
internal sealed partial record Disagreement(DisagreementKind Kind, string Signature)
{
    /// <summary>Compares outcomes; null if they agree.</summary>
    /// <param name="ours">That of this compiler.</param>
    /// <param name="theirs">That of protoc.</param>
    public static Disagreement? Between(Outcome ours, Outcome theirs)
    {
        if (ours.IsAccepted != theirs.IsAccepted)
        {
            return ours.IsAccepted
                ? new Disagreement(DisagreementKind.WronglyAccepted, Shape(theirs.Message))
                : new Disagreement(DisagreementKind.WronglyRejected, Shape(ours.Message));
        }

        if (ours.IsAccepted && !ours.DescriptorSet.AsSpan().SequenceEqual(theirs.DescriptorSet))
        {
            return new Disagreement(DisagreementKind.Bytes, DescriptorSets.FirstDifference(ours.DescriptorSet, theirs.DescriptorSet));
        }

        // protoc gives no place for some errors; then any place is a better one.
        if (!ours.IsAccepted && theirs.Place is not null && ours.Place != theirs.Place)
        {
            return new Disagreement(DisagreementKind.Place, Shape(theirs.Message) + " | " + Shape(ours.Message));
        }

        return ours.IsAccepted && !SameWarnings(ours.Warnings, theirs.Warnings)
            ? new Disagreement(DisagreementKind.Warnings, WarningShape(ours, theirs))
            : null;
    }

    // protoc keeps unused imports in a hash table, so the order of warnings means nothing; and where it gives no place, any place will do.
    private static bool SameWarnings(IReadOnlyList<string> ours, IReadOnlyList<string> theirs)
    {
        List<string> extra = [.. ours];
        int missing = theirs.Count(place => !extra.Remove(place) && place.Contains(':', StringComparison.Ordinal));
        return missing == 0 && ours.Count == theirs.Count;
    }

    // Names, strings and numbers differ from mutant to mutant of one cause.
    private static string Shape(string message) => Numbers().Replace(Quoted().Replace(message, "\"...\""), "N");

    private static string WarningShape(Outcome ours, Outcome theirs)
    {
        List<string> missing = [.. theirs.Warnings.Except(ours.Warnings)];
        List<string> extra = [.. ours.Warnings.Except(theirs.Warnings)];
        return missing.Count + extra.Count == 0 ? "count" : $"{(missing.Count > 0 ? "missing " : "")}{(extra.Count > 0 ? "extra" : "")}";
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
