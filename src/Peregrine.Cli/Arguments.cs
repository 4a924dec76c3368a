// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Peregrine.Cli;

/// <summary>What protoc's command line allows beyond options and values: values glued to <c>-I</c> and <c>-o</c>, and <c>@FILE</c>.</summary>
internal static class Arguments
{
    /// <summary>Parts <c>-IDIR</c> and <c>-oFILE</c> in two; everything else stays as it is.</summary>
    public static IEnumerable<string> Split(IEnumerable<string> args)
    {
        foreach (var arg in args)
        {
            if (arg.Length > 2 && (arg.StartsWith("-I", StringComparison.Ordinal) || arg.StartsWith("-o", StringComparison.Ordinal)))
            {
                yield return arg[..2];
                yield return arg[2] == '=' ? arg[3..] : arg[2..];
            }
            else
            {
                yield return arg;
            }
        }
    }

    /// <summary>Reads the arguments of <c>@FILE</c> as protoc does: one per line, blanks and quotes belong to it; empty lines are none.</summary>
    /// <param name="name">The name of the file, without the at sign.</param>
    /// <param name="arguments">The arguments; null on an error.</param>
    /// <param name="error">What is wrong; null on success.</param>
    /// <returns>Whether the file could be read.</returns>
    public static bool TryReadFile(string name, out IReadOnlyList<string>? arguments, out string? error)
    {
        try
        {
            arguments = [.. Split(File.ReadLines(name).Where(line => line.Length != 0))];
            error = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            arguments = null;
            error = $"The file of arguments \"@{name}\" cannot be read: {exception.Message}";
            return false;
        }
    }
}
