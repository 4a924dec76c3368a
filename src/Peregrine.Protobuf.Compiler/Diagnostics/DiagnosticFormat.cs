// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>How a <see cref="Diagnostic"/> is printed.</summary>
public enum DiagnosticFormat
{
    /// <summary><c>file:line:column: what is wrong</c>, then the source line, a caret and a hint.</summary>
    Text,

    /// <summary>One line, as GCC and protoc print it.</summary>
    Gcc,

    /// <summary>One line in the canonical form of MSBuild: <c>path(line,column): error PRG1001: text</c>.</summary>
    Msvs,

    /// <summary>One JSON object a line.</summary>
    Json,
}
