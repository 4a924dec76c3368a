// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler;

/// <summary>What a <see cref="Compilation"/> made of its files. Immutable.</summary>
public sealed class CompilationResult
{
    internal CompilationResult(bool success, IReadOnlyList<Diagnostic> diagnostics, IReadOnlyList<CompiledFile> files, IReadOnlyList<CompiledFile> roots, IReadOnlyList<CompiledFile> incomplete)
    {
        Success = success;
        Diagnostics = diagnostics;
        Files = files;
        Roots = roots;
        Incomplete = incomplete;
    }

    /// <summary>Whether there are no errors; there may be warnings.</summary>
    public bool Success { get; }

    /// <summary>Errors and warnings: those of imported files first, those of one file phase by phase.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Every file without errors that was asked for or imported; a file stands behind those it imports.</summary>
    public IReadOnlyList<CompiledFile> Files { get; }

    /// <summary>The files without errors that were asked for, in that order.</summary>
    public IReadOnlyList<CompiledFile> Roots { get; }

    /// <summary>
    /// The files with errors, if <see cref="CompilationOptions.IncludeIncomplete"/> asked for them: their descriptors hold what could be
    /// understood, with positions and comments. Names of types that were not found are as they are written, like in what a parser makes that
    /// does not look at imports; options that mean nothing are left out; a declaration that broke off may lack its name or its number.
    /// </summary>
    public IReadOnlyList<CompiledFile> Incomplete { get; }

    /// <summary>Links <see cref="Files"/> to descriptors for use at run time, in the same order.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms than <see cref="DescriptorForms.WithSourceInfo"/>.</exception>
    public IReadOnlyList<FileDescriptor> CreateFileDescriptors()
    {
        List<ByteString> serialized = new(Files.Count);
        foreach (CompiledFile file in Files)
        {
            serialized.Add(UnsafeByteOperations.UnsafeWrap(file.Serialized));
        }

        return FileDescriptor.BuildFromByteStrings(serialized);
    }
}
