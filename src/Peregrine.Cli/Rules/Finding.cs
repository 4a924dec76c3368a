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
    /// <summary>A finding at a place of a file.</summary>
    public static Finding At(FileDescriptor file, DescriptorDeclaration? place, string rule, string message) =>
        new(file.Name, place?.StartLine + 1 ?? 0, place?.StartColumn + 1 ?? 0, rule, message);
}
