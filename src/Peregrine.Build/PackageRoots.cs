// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Peregrine.Build;

/// <summary>
/// Finds the .proto files that packages carry: a package's folder <c>proto</c> or <c>content/protos</c> is an import root of every
/// project that references the package, directly or not.
/// </summary>
internal static class PackageRoots
{
    // Where "dotnet pack" puts the files of a project that uses this package, and where packages made otherwise are known to have them.
    private static readonly string[] Folders = ["proto", "content/protos"];

    /// <summary>Reads what NuGet resolved.</summary>
    /// <param name="assets">The file <c>project.assets.json</c>.</param>
    /// <param name="framework">The project's target framework, in each way that the file may spell it, apart by semicolons.</param>
    /// <returns>Directories, in the order in which the file names the packages.</returns>
    /// <exception cref="FormatException">The file is not what NuGet writes.</exception>
    public static List<string> Find(string assets, string framework)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
            var root = document.RootElement;
            return
            [
                .. from library in Libraries(root, framework)
                   from folder in Folders
                   where Carries(library, folder)
                   from packages in root.GetProperty("packageFolders").EnumerateObject()
                   let directory = Path.Combine(packages.Name, library.GetProperty("path").GetString()!, folder)
                   where Directory.Exists(directory)
                   select Path.GetFullPath(directory),
            ];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"\"{assets}\" cannot be understood; restore the project again. ({exception.Message})", exception);
        }
    }

    // The packages of this target framework; with a target that is not named, those of all.
    private static List<JsonElement> Libraries(JsonElement root, string framework)
    {
        var names = framework.Split(';');
        var targets = root.GetProperty("targets").EnumerateObject().ToList();
        var mine = targets.Where(target => names.Contains(target.Name.Split('/')[0], StringComparer.OrdinalIgnoreCase)).ToList();
        var resolved = (mine.Count == 0 ? targets : mine)
            .SelectMany(target => target.Value.EnumerateObject()).Select(library => library.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. root.GetProperty("libraries").EnumerateObject()
                .Where(library => resolved.Contains(library.Name) && library.Value.GetProperty("type").ValueEquals("package"))
                .Select(library => library.Value),
        ];
    }

    private static bool Carries(JsonElement library, string folder) =>
        library.TryGetProperty("files", out var files) && files.EnumerateArray().Any(file =>
            file.GetString() is { } name && name.StartsWith(folder + "/", StringComparison.OrdinalIgnoreCase)
            && name.EndsWith(".proto", StringComparison.Ordinal));
}
