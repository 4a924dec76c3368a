// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Protobuf.Compiler;

/// <summary>What a <see cref="Compilation"/> made of its files. Immutable.</summary>
public sealed class CompilationResult
{
    internal CompilationResult(bool success, IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<CompiledFile> files, IReadOnlyList<CompiledFile> roots)
    {
        Success = success;
        Diagnostics = diagnostics;
        Files = files;
        Roots = roots;
    }

    /// <summary>Whether there are no errors; there may be warnings.</summary>
    public bool Success { get; }

    /// <summary>Errors and warnings: those of imported files first, those of one file phase by phase.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Every file without errors that was asked for or imported; a file stands behind those it imports.</summary>
    public IReadOnlyList<CompiledFile> Files { get; }

    /// <summary>The files without errors that were asked for, in that order.</summary>
    public IReadOnlyList<CompiledFile> Roots { get; }
}
