// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Rules;

/// <summary>Something that a rule does not allow.</summary>
/// <param name="File">The file, as it is imported.</param>
/// <param name="Line">The line, from 1; 0: the file as a whole.</param>
/// <param name="Column">The column, from 1; 0: the file as a whole.</param>
/// <param name="Rule">The name of the rule.</param>
/// <param name="Message">What is wrong, and how it would be right.</param>
internal sealed record Finding(string File, int Line, int Column, string Rule, string Message)
{
    /// <summary>The line on which the place ends, from 1; 0: the file as a whole.</summary>
    public int EndLine { get; init; }

    /// <summary>The column behind the place, from 1; 0: the file as a whole.</summary>
    public int EndColumn { get; init; }

    /// <summary>The file of which this was there before, of a comparison; null otherwise.</summary>
    public string? FileBefore { get; init; }

    /// <summary>A finding at a place of a file, or of all of it.</summary>
    public static Finding At(FileDescriptor file, SourceCodeInfo.Types.Location? place, string rule, string message) => place is null
        ? new Finding(file.Name, 0, 0, rule, message)
        : new Finding(file.Name, place.Span[0] + 1, place.Span[1] + 1, rule, message)
        {
            // The end line is left out where it is the first.
            EndLine = place.Span[place.Span.Count == 3 ? 0 : 2] + 1,
            EndColumn = place.Span[^1] + 1,
        };
}
