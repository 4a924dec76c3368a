// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Where an element is declared in its .proto file, and the comments around it.</summary>
public sealed class DescriptorDeclaration
{
    private DescriptorDeclaration(IDescriptor descriptor, SourceCodeInfo.Types.Location location)
    {
        // A span is [start line, start column, end line, end column]; the end line is left out when it is the start line.
        Descriptor = descriptor;
        bool oneLine = location.Span.Count == 3;
        StartLine = location.Span[0];
        StartColumn = location.Span[1];
        EndLine = oneLine ? location.Span[0] : location.Span[2];
        EndColumn = location.Span[oneLine ? 2 : 3];
        LeadingComments = location.LeadingComments;
        TrailingComments = location.TrailingComments;
        LeadingDetachedComments = [.. location.LeadingDetachedComments];
    }

    /// <summary>The element that is declared.</summary>
    public IDescriptor Descriptor { get; }

    /// <summary>The zero-based line on which the declaration starts.</summary>
    public int StartLine { get; }

    /// <summary>The zero-based column at which the declaration starts.</summary>
    public int StartColumn { get; }

    /// <summary>The zero-based line on which the declaration ends.</summary>
    public int EndLine { get; }

    /// <summary>The zero-based column after the declaration's last character.</summary>
    public int EndColumn { get; }

    /// <summary>The comment directly before the declaration, without comment marks; empty if none.</summary>
    public string LeadingComments { get; }

    /// <summary>The comment directly after the declaration, without comment marks; empty if none.</summary>
    public string TrailingComments { get; }

    /// <summary>Comments before the leading one that a blank line separates from it.</summary>
    public IReadOnlyList<string> LeadingDetachedComments { get; }

    internal static DescriptorDeclaration? FromLocation(IDescriptor descriptor, SourceCodeInfo.Types.Location location) =>
        location.Span.Count is 3 or 4 ? new DescriptorDeclaration(descriptor, location) : null;
}
