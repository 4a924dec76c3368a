// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>
/// The rules for names of generated files. A name comes from a schema or from a plugin, and whatever it says, it must not lead out of the
/// folder that the user named.
/// </summary>
internal static class OutputName
{
    // Windows: characters that no name has, and names that are devices in every folder and with every ending.
    // https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    private const string NotOnWindows = "<>\"|?*";

    private static readonly string[] WindowsDevices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>Checks a name, and puts it into its one spelling.</summary>
    /// <returns>The parts joined by <c>/</c>, without those that say nothing.</returns>
    /// <exception cref="ArgumentException">The name is no relative path, leads out, or is none on this system.</exception>
    public static string Normalize(string name) => Normalize(name, OperatingSystem.IsWindows());

    /// <summary>The same for a system that may be another one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="windows">Whether the rules of Windows apply, too.</param>
    public static string Normalize(string name, bool windows)
    {
        string? problem = name switch
        {
            "" => "is empty",
            _ when name.Contains('\0', StringComparison.Ordinal) => "contains a NUL character",
            _ when name.Contains('\\', StringComparison.Ordinal) => "contains a backslash; forward slashes part folders",
            _ when name[0] == '/' => "is an absolute path",
            [_, ':', ..] when char.IsAsciiLetter(name[0]) => "begins with the letter of a drive",
            _ when windows && name.Contains(':', StringComparison.Ordinal) => "contains a colon",
            _ => null,
        };
        List<string> parts = [];
        foreach (string part in name.Split('/'))
        {
            if (part == "..")
            {
                problem ??= "leads out of the folder by \"..\"";
            }
            else if (part is not ("" or "."))
            {
                problem ??= windows ? WindowsProblem(part) : null;
                parts.Add(part);
            }
        }

        if (parts.Count == 0 || name[^1] == '/')
        {
            problem ??= "names no file";
        }

        return problem is null ? string.Join('/', parts)
            : throw new ArgumentException($"The name of the output file \"{DisplayText.OneLine(name)}\" {problem}.");
    }

    private static string? WindowsProblem(string part)
    {
        foreach (char c in part)
        {
            if (c < ' ' || NotOnWindows.Contains(c, StringComparison.Ordinal))
            {
                return "contains a character that names of files do not have on Windows";
            }
        }

        string stem = part.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        bool isDevice = Array.IndexOf(WindowsDevices, stem) >= 0
            || (stem is ['C', 'O', 'M', _] or ['L', 'P', 'T', _] && stem[3] is (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3');
        return isDevice ? $"is that of the device {stem} on Windows"
            : part[^1] is '.' or ' ' ? "ends with a dot or a blank, which Windows leaves out" : null;
    }
}
