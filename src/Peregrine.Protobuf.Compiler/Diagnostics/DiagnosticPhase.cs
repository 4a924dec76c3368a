// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>
/// When protoc finds something out. It stops behind the first phase that has errors; we go on, and tell what we found in the same
/// order, so that the first error is the same one.
/// </summary>
internal enum DiagnosticPhase
{
    /// <summary>Tokens and syntax.</summary>
    Syntax,

    /// <summary>Names, numbers and ranges, as the symbols are made.</summary>
    Declarations,

    /// <summary>What the names of types mean.</summary>
    Types,

    /// <summary>Options without parentheses.</summary>
    Options,

    /// <summary>Which features hold where.</summary>
    Features,

    /// <summary>Options in parentheses.</summary>
    CustomOptions,

    /// <summary>What needs types, options and features.</summary>
    Constraints,

    /// <summary>Imports of which nothing is used.</summary>
    UnusedImports,

    /// <summary>The style guide, and which symbols are exported.</summary>
    Style,

    /// <summary>Options and features in editions that do not have them.</summary>
    Lifetimes,

    /// <summary>What only matters for files that are compiled themselves, not for those they import.</summary>
    Roots,
}
