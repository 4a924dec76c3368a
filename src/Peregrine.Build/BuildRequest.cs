// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp;

namespace Peregrine.Build;

/// <summary>What the targets ask for, as they write it: lines of <c>name=value</c> fields, a tab between fields.</summary>
/// <remarks>
/// The first line has <c>project</c> (its directory), <c>output</c> (the default output directory) and <c>state</c> (the stem of the
/// lists that are left for the targets). Every further line is an item.
/// </remarks>
internal sealed class BuildRequest
{
    /// <summary>The stem of the lists.</summary>
    public required string State { get; init; }

    /// <summary>The items.</summary>
    public required IReadOnlyList<BuildItem> Items { get; init; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="FormatException">A field is missing or has a value that is not known.</exception>
    public static BuildRequest Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var head = Fields(lines.Length > 0 ? lines[0] : "");
        var project = Required(head, "project");
        var output = Path.GetFullPath(Required(head, "output"), project);
        return new BuildRequest
        {
            State = Path.GetFullPath(Required(head, "state"), project),
            Items = [.. lines.Skip(1).Where(line => line.Length != 0).Select(line => Item(Fields(line), project, output))],
        };
    }

    private static BuildItem Item(Dictionary<string, string> fields, string project, string output)
    {
        var path = Path.GetFullPath(Required(fields, "file"), project);
        var directory = Path.GetDirectoryName(path)!;
        var root = fields.GetValueOrDefault("root", "");
        var declaredRoot = root.Length == 0 ? null : Path.GetFullPath(root, project);

        // As Grpc.Tools has it: a file of the project is found from the project's directory, any other one from its own.
        var inProject = IsBelow(path, project);
        var importRoot = declaredRoot ?? (inProject ? project : directory);
        var outputDirectory = fields.GetValueOrDefault("outputdir", "");
        var folder = inProject ? Path.GetRelativePath(project, directory)
            : IsBelow(path, importRoot) ? Path.GetRelativePath(importRoot, directory)
            : ".";
        return new BuildItem(
            path,
            importRoot,
            [.. fields.GetValueOrDefault("imports", "").Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(import => Path.GetFullPath(import, project))],
            Choice(fields, "services", [("Both", GrpcServices.Both), ("Client", GrpcServices.Client), ("Server", GrpcServices.Server), ("None", GrpcServices.None)], "GrpcServices"),
            Choice(fields, "access", [("Public", false), ("Internal", true)], "Access"),
            Path.GetFullPath(Path.Combine(outputDirectory.Length == 0 ? output : Path.GetFullPath(outputDirectory, project), folder)),
            Choice(fields, "compile", [("True", true), ("False", false)], "CompileOutputs"));
    }

    private static bool IsBelow(string path, string directory) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static Dictionary<string, string> Fields(string line)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in line.Split('\t'))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                fields[field[..equals]] = field[(equals + 1)..];
            }
        }

        return fields;
    }

    private static string Required(Dictionary<string, string> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.Length != 0
            ? value
            : throw new FormatException($"The request lacks the field \"{name}\".");

    // An empty value is the first choice: the default.
    private static T Choice<T>(Dictionary<string, string> fields, string name, (string Name, T Value)[] choices, string metadata)
    {
        var value = fields.GetValueOrDefault(name, "");
        foreach (var choice in choices)
        {
            if (value.Length == 0 || string.Equals(value, choice.Name, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        throw new FormatException(
            $"{metadata}=\"{value}\" of the Protobuf item \"{fields.GetValueOrDefault("file", "")}\" is not known: "
            + $"say {string.Join(", ", choices.Select(choice => choice.Name))}.");
    }
}
