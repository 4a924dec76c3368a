// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.IO;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>Finds where a path leads when every symbolic link in it is followed.</summary>
internal static class RealPath
{
    // As many as Linux follows (MAXSYMLINKS).
    private const int MaxLinks = 40;

    /// <summary>The path without links; parts that do not exist stay as they are.</summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        Stack<string> open = new();
        PushParts(open, full[real.Length..]);
        int links = 0;
        while (open.TryPop(out string? part))
        {
            string next = Path.GetFullPath(Path.Combine(real, part));
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                throw new IOException($"The symbolic links of \"{path}\" lead in a circle.");
            }

            if (Path.IsPathRooted(target))
            {
                real = Path.GetPathRoot(target)!;
                target = target[real.Length..];
            }

            PushParts(open, target);
        }

        return real;
    }

    private static void PushParts(Stack<string> open, string path)
    {
        string[] parts = path.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i].Length > 0)
            {
                open.Push(parts[i]);
            }
        }
    }
}
