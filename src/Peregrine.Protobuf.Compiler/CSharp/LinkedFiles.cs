// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.CSharp.Model;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// File descriptors with their C# names, linked once for several calls of <see cref="CSharpGenerator"/>. Immutable; safe for
/// use by several threads.
/// </summary>
public sealed class LinkedFiles
{
    /// <summary>Links descriptors, which must not change from then on.</summary>
    /// <param name="files">The files with everything they import, imports first, with source information for comments.</param>
    /// <exception cref="ArgumentException">A type that a file refers to is in none of the files.</exception>
    public LinkedFiles(IReadOnlyList<FileDescriptorProto> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        Models = ModelBuilder.Build(files);
    }

    /// <summary>The files by import path.</summary>
    internal IReadOnlyDictionary<string, FileModel> Models { get; }
}
