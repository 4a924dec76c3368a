// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Build;

/// <summary>Relations between paths.</summary>
internal static class FilePath
{
    private const string Special = "\"|<>*?\\";

    /// <summary>Whether a file lies in a directory or below it.</summary>
    public static bool IsBelow(string path, string directory) =>
        path.StartsWith(Path.EndsInDirectorySeparator(directory) ? directory : directory + Path.DirectorySeparatorChar, PathCase.Comparison);

    /// <summary>The folder below an output directory that stands for a file's folder: another folder for every folder of sources.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The directory that the result is relative to; for what lies above it, each ".." becomes "__".</param>
    public static string FolderFor(string file, string start)
    {
        var parts = Path.GetRelativePath(start, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        return Path.Combine([.. parts.Select(part => part == ".." ? "__" : Plain(part))]);
    }

    // A folder may be called anything that the system allows, but the C# compiler reads quotes, bars and patterns in the names of its files.
    private static string Plain(string part) =>
        string.Concat(part.Select(c => c == ':' ? "" : c < ' ' || Special.Contains(c, StringComparison.Ordinal) ? $"_{(int)c:x2}" : c.ToString()));
}
