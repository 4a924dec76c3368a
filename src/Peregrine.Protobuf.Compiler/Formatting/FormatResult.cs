// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Protobuf.Compiler.Formatting;

/// <summary>What <see cref="ProtoFormatter"/> made of a file.</summary>
public sealed class FormatResult
{
    internal FormatResult(string? text, IReadOnlyList<Diagnostic> diagnostics)
    {
        Text = text;
        Diagnostics = diagnostics;
    }

    /// <summary>The text in its standard form, with LF line ends and one at its end; null if the file has syntax errors.</summary>
    public string? Text { get; }

    /// <summary>The errors.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }
}
