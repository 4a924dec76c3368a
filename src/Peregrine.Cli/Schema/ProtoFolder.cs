// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;

namespace Peregrine.Cli.Schema;

/// <summary>The .proto files of folders. Links to folders are followed, but for those that lead back to one that they lie in.</summary>
internal static class ProtoFolder
{
    /// <summary>The files below a folder, in no order.</summary>
    /// <param name="folder">The folder, which the paths begin with.</param>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> Files(string folder) => Files(folder, [RealPath(folder)], ignoreInaccessible: false);

    /// <summary>The same without those in folders that may not be read.</summary>
    public static IEnumerable<string> ReadableFiles(string folder) => Files(folder, [RealPath(folder)], ignoreInaccessible: true);

    private static IEnumerable<string> Files(string folder, List<string> walked, bool ignoreInaccessible)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = ignoreInaccessible, AttributesToSkip = FileAttributes.None };
        foreach (var file in Directory.EnumerateFiles(folder, "*.proto", options))
        {
            yield return file;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", options))
        {
            var path = new DirectoryInfo(inner).LinkTarget is null ? Path.Combine(walked[^1], Path.GetFileName(inner)) : RealPath(inner);
            if (walked.Contains(path))
            {
                continue;
            }

            foreach (var file in Files(inner, [.. walked, path], ignoreInaccessible))
            {
                yield return file;
            }
        }
    }

    // Links may be anywhere in a path.
    private static string RealPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        var here = Path.Combine(RealPath(parent), Path.GetFileName(full));
        return new DirectoryInfo(here).ResolveLinkTarget(returnFinalTarget: true) is { } target ? RealPath(target.FullName) : here;
    }
}
