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
    /// <summary>Checks a name, and puts it into its one spelling.</summary>
    /// <returns>The parts joined by <c>/</c>, without those that say nothing.</returns>
    /// <exception cref="ArgumentException">The name is no relative path, or leads out.</exception>
    public static string Normalize(string name)
    {
        string? problem = name switch
        {
            "" => "is empty",
            _ when name.Contains('\0', StringComparison.Ordinal) => "contains a NUL character",
            _ when name.Contains('\\', StringComparison.Ordinal) => "contains a backslash; forward slashes part folders",
            _ when name[0] == '/' => "is an absolute path",
            [_, ':', ..] when char.IsAsciiLetter(name[0]) => "begins with the letter of a drive",
            _ when OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal) => "contains a colon",
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
}
