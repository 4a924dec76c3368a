// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>How serious a <see cref="Diagnostic"/> is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>The file cannot be compiled.</summary>
    Error,

    /// <summary>The file compiles, but something in it is probably not meant.</summary>
    Warning,
}
