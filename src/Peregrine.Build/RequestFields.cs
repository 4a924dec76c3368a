// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;

namespace Peregrine.Build;

/// <summary>The fields of one line of a request; a field that is not there is an empty text.</summary>
internal sealed class RequestFields
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">A part of the line is no field: the value before it holds a tab.</exception>
    public RequestFields(string line)
    {
        foreach (var field in line.Split('\t'))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                _fields[field[..equals]] = field[(equals + 1)..];
            }
            else if (line.Length != 0)
            {
                throw new FormatException($"A path or a metadata value holds a tab or a line break, which is not possible here: \"{line}\".");
            }
        }
    }

    /// <summary>Whether the line has a field.</summary>
    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>A value.</summary>
    public string Text(string name) => _fields.TryGetValue(name, out var value) ? value.Trim() : "";

    /// <summary>A value that must be there.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public string Required(string name) =>
        _fields.TryGetValue(name, out var value) && value.Length != 0
            ? value
            : throw new FormatException($"The request lacks the field \"{name}\".");

    /// <summary>A value that is a path, made absolute; null if it is empty.</summary>
    public string? Directory(string name, string project) =>
        _fields.TryGetValue(name, out var value) && value.Length != 0 ? Absolute(value, project) : null;

    /// <summary>The parts of a value that is a list, apart by semicolons or one of the further separators.</summary>
    public string[] List(string name, params ReadOnlySpan<char> separators) =>
        Text(name).Split([';', .. separators], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A path of a project file made absolute; both slashes part folders, as in all of MSBuild.</summary>
    public static string Absolute(string path, string project) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.DirectorySeparatorChar == '/' ? path.Replace('\\', '/') : path, project));
}
