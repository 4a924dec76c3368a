// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Peregrine.Cli.Schema;

/// <summary>Which files are wanted of those that a folder holds.</summary>
/// <param name="Only">The files, and folders of files, that are wanted; none for all.</param>
/// <param name="Except">The files, and folders of files, that are not.</param>
internal sealed record PathFilter(IReadOnlyList<string> Only, IReadOnlyList<string> Except)
{
    private readonly PathFilter? _also;

    /// <summary>Takes every file.</summary>
    public static PathFilter All { get; } = new([], []);

    /// <summary>Takes the files that another filter takes, too.</summary>
    public PathFilter And(PathFilter other) => new(this, other);

    /// <summary>Whether a file is wanted.</summary>
    public bool Takes(string file) =>
        (Only.Count == 0 || Only.Any(each => IsWithin(file, each))) && !Except.Any(each => IsWithin(file, each)) && _also?.Takes(file) != false;

    /// <summary>Whether a file is another path, or lies below it.</summary>
    public static bool IsWithin(string file, string path) => Path.GetRelativePath(path, file) is var relative
        && (relative == "." || !(Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)));

    private PathFilter(PathFilter filter, PathFilter also)
        : this(filter) => _also = filter._also?.And(also) ?? also;
}
