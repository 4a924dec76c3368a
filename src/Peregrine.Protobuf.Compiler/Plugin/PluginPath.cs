// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>Finds the program of a plugin.</summary>
public static class PluginPath
{
    private static readonly string[] Endings = [".com", ".exe", ".bat", ".cmd"];

    /// <summary>Finds a program in the directories of the environment variable <c>PATH</c>, and nowhere else.</summary>
    /// <param name="name">The name, such as <c>protoc-gen-go</c>; on Windows <c>.com</c>, <c>.exe</c>, <c>.bat</c> and <c>.cmd</c> are tried.</param>
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
        return Candidates(name, path, OperatingSystem.IsWindows()).Select(Path.GetFullPath).FirstOrDefault(IsProgram);
    }

    /// <summary>The program that a user named: that file, or on Windows that file with the ending of a program.</summary>
    /// <param name="path">A path.</param>
    /// <returns>The full path; it need not exist.</returns>
    public static string Resolve(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Path.GetFullPath(WithEndings(path, OperatingSystem.IsWindows()).FirstOrDefault(File.Exists) ?? path);
    }

    /// <summary>The files that are looked for, in this order.</summary>
    /// <param name="name">The name of the program.</param>
    /// <param name="path">The directories.</param>
    /// <param name="windows">Whether they are looked for as Windows does it.</param>
    internal static IEnumerable<string> Candidates(string name, string path, bool windows) =>
        name.Length == 0 || name.AsSpan().ContainsAny('/', '\\', '\0') || (windows && name.Contains(':', StringComparison.Ordinal))
            ? [] // a way out of the directories is no name
            : from directory in path.Split(windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries)
              let plain = windows ? directory.Trim('"') : directory
              where plain.Length != 0
              from file in WithEndings(name, windows)
              select Path.Combine(plain, file);

    // Those that can be started without a program that interprets them; PATHEXT lists further ones. A dot in the name itself
    // (protoc-gen-grpc.web) begins no ending.
    private static IEnumerable<string> WithEndings(string name, bool windows) =>
        !windows || Array.Exists(Endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? [name]
            : Endings.Select(ending => name + ending);

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
