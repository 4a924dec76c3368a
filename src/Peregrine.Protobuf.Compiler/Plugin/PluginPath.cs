// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>Finds the program of a plugin.</summary>
public static class PluginPath
{
    /// <summary>Finds a program in the directories of the environment variable <c>PATH</c>, and nowhere else.</summary>
    /// <param name="name">The name, such as <c>protoc-gen-go</c>; on Windows <c>.exe</c>, <c>.cmd</c> and <c>.bat</c> are tried, too.</param>
    /// <returns>The full path, or null.</returns>
    public static string? Find(string name) => Find(name, Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>Finds a program in a list of directories.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The directories, parted as the platform does it.</param>
    /// <returns>The full path, or null.</returns>
    public static string? Find(string name, string path)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(path);
        if (name.AsSpan().ContainsAny('/', '\\', '\0'))
        {
            return null; // a way out of the directories is no name
        }

        foreach (string directory in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string candidate in Candidates(name))
            {
                string full = Path.GetFullPath(Path.Combine(directory, candidate));
                if (IsProgram(full))
                {
                    return full;
                }
            }
        }

        return null;
    }

    /// <summary>The program that a user named: that file, or on Windows that file with the ending of a program.</summary>
    /// <param name="path">A path.</param>
    /// <returns>The full path; it need not exist.</returns>
    public static string Resolve(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        foreach (string candidate in Candidates(path))
        {
            if (File.Exists(candidate))
            {
                return Path.GetFullPath(candidate);
            }
        }

        return Path.GetFullPath(path);
    }

    private static IEnumerable<string> Candidates(string name) =>
        OperatingSystem.IsWindows() && Path.GetExtension(name).Length == 0 ? [name + ".exe", name + ".cmd", name + ".bat"] : [name];

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
