// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;

namespace Peregrine.Protobuf.Compiler;

/// <summary>Writes a serialized <c>google.protobuf.FileDescriptorSet</c>, and knows the order of the files in one.</summary>
public static class DescriptorSet
{
    private const byte FileTag = (1 << 3) | 2;

    /// <summary>
    /// The files that belong into a set, in protoc's order: what a file imports stands before it, what it imports for its options only
    /// behind the other imports.
    /// </summary>
    /// <param name="result">What was compiled.</param>
    /// <param name="includeImports">Whether the set holds everything that the files import, too, and what those import.</param>
    public static IReadOnlyList<CompiledFile> Order(CompilationResult result, bool includeImports)
    {
        ArgumentNullException.ThrowIfNull(result);
        return Order(includeImports ? result.Files : result.Roots, result.Roots);
    }

    /// <summary>Some of the files that were compiled, and what they import, in the same order.</summary>
    /// <param name="files">The files to choose from; imports that are not among them are left out.</param>
    /// <param name="roots">The files that are wanted.</param>
    public static IReadOnlyList<CompiledFile> Order(IEnumerable<CompiledFile> files, IEnumerable<CompiledFile> roots)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(roots);
        Dictionary<string, CompiledFile> known = new(StringComparer.Ordinal);
        foreach (CompiledFile file in files)
        {
            known.TryAdd(file.Path, file);
        }

        List<CompiledFile> ordered = [];
        HashSet<CompiledFile> seen = [];
        foreach (CompiledFile root in roots)
        {
            Add(root, known, seen, ordered);
        }

        return ordered;
    }

    /// <summary>Writes a set.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="files">The files.</param>
    /// <param name="form">The one form of each file's descriptor that is written.</param>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public static void Write(Stream output, IEnumerable<CompiledFile> files, DescriptorForms form)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(files);

        // A set is the concatenation of its one field: bytes go out as they are.
        foreach (CompiledFile file in files)
        {
            ReadOnlyMemory<byte> bytes = file.Serialize(form);
            output.WriteByte(FileTag);
            uint length = (uint)bytes.Length;
            for (; length >= 0x80; length >>= 7)
            {
                output.WriteByte((byte)(length | 0x80));
            }

            output.WriteByte((byte)length);
            output.Write(bytes.Span);
        }
    }

    // Imports are no deeper than the compiler lets them be.
    private static void Add(CompiledFile file, Dictionary<string, CompiledFile> known, HashSet<CompiledFile> seen, List<CompiledFile> ordered)
    {
        if (seen.Add(file))
        {
            AddAll(file.Imports, known, seen, ordered);
            AddAll(file.OptionImports, known, seen, ordered);
            ordered.Add(file);
        }
    }

    private static void AddAll(IReadOnlyList<string> imports, Dictionary<string, CompiledFile> known, HashSet<CompiledFile> seen, List<CompiledFile> ordered)
    {
        foreach (string import in imports)
        {
            if (known.TryGetValue(import, out CompiledFile? file))
            {
                Add(file, known, seen, ordered);
            }
        }
    }
}
