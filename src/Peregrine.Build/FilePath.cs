// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Linq;

namespace Peregrine.Build;

/// <summary>Relations between paths.</summary>
internal static class FilePath
{
    /// <summary>Whether a file lies in a directory or below it.</summary>
    public static bool IsBelow(string path, string directory) =>
        path.StartsWith(Path.EndsInDirectorySeparator(directory) ? directory : directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The folder below an output directory that stands for a file's folder: another folder for every folder of sources.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The directory that the result is relative to; for what lies above it, each ".." becomes "__".</param>
    public static string FolderFor(string file, string start)
    {
        var parts = Path.GetRelativePath(start, Path.GetDirectoryName(file)!).Split('/', '\\');
        return Path.Combine([.. parts.Select(part => part == ".." ? "__" : part.Replace(":", "", StringComparison.Ordinal))]);
    }
}
