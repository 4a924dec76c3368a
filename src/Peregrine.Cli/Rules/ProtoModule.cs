// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Rules;

/// <summary>A folder of .proto files with settings of its own: files of a workspace import each other from the folders of all modules.</summary>
/// <param name="Paths">Its folder, or what else the user named.</param>
/// <param name="Excludes">Folders in it that do not belong to it.</param>
/// <param name="ImportPaths">Where imports are looked up; none for what the files imply.</param>
/// <param name="Settings">Its settings.</param>
internal sealed record ProtoModule(IReadOnlyList<string> Paths, IReadOnlyList<string> Excludes, IReadOnlyList<string> ImportPaths, RuleSettings Settings)
{
    /// <summary>The folder in it that the user named; null for all of it.</summary>
    public string? Part { get; init; }

    /// <summary>Which of its files are looked at, beside that.</summary>
    public PathFilter Filter { get; init; } = PathFilter.All;

    /// <summary>
    /// The modules of a folder, by its <c>buf.work.yaml</c> or <c>buf.yaml</c>, or by those of a workspace above it that lists it as a module, or
    /// modules in it; null if there are none. Of a folder in a module, the files of that folder are looked at.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="section">The section of the settings.</param>
    /// <exception cref="ToolException">A file cannot be read, or is wrong.</exception>
    public static IReadOnlyList<ProtoModule>? Find(string folder, string section)
    {
        var name = Join(".", folder);
        IReadOnlyList<ProtoModule>? own = null;
        for (var above = new DirectoryInfo(folder); above is not null; above = above.Parent)
        {
            if (FindAll(above.FullName, section, out var isWorkspace) is not { } modules)
            {
                continue;
            }

            if (own is null && Join(".", above.FullName) == name)
            {
                own = modules;
            }

            if (isWorkspace && Within(modules, name, own is not null) is { Count: > 0 } within)
            {
                return within;
            }
        }

        return own;
    }

    /// <summary>The modules of a folder by a file that may lie elsewhere.</summary>
    /// <exception cref="ToolException">The file cannot be read, or is wrong.</exception>
    public static IReadOnlyList<ProtoModule> Read(string path, string folder, string section)
    {
        var file = SettingsFile.Read(path);
        if (!file.Has("modules"))
        {
            return [Of(file, folder, [], section)];
        }

        var modules = file.Sections("modules");
        List<string> folders = [.. modules.Select(module => Join(folder, module.Text("path", ".")))];
        return
        [
            .. modules.Select((module, i) => new ProtoModule(
                [folders[i]],
                [.. module.List("excludes").Select(each => Join(folder, each))],
                folders,
                new RuleSettings((module.Has(section) ? module : file).Section(section), SettingsFile.VersionOf(file), folder))),
        ];
    }

    /// <summary>The same, but of a part of a module a module of its own, with the settings of the whole: two such folders can be compared.</summary>
    public ProtoModule Alone() => Part is null ? this : this with { Paths = [Part], ImportPaths = [], Part = null };

    /// <summary>Whether a file is looked at, or was.</summary>
    /// <param name="file">Where it lies; where it has gone, how it was imported.</param>
    public bool Takes(string file) =>
        File.Exists(file) || !Paths.Any(Directory.Exists) ? Filter.Takes(file)
            : Paths.Concat(ImportPaths).Where(Directory.Exists).Any(folder => Filter.Takes(Path.Combine(folder, file)));

    private static IReadOnlyList<ProtoModule>? FindAll(string folder, string section, out bool isWorkspace)
    {
        isWorkspace = true;
        var work = Path.Combine(folder, BufYaml.WorkFileName);
        if (File.Exists(work))
        {
            List<string> folders = [.. SettingsFile.ReadWorkspace(work).List("directories").Select(each => Join(folder, each))];
            return [.. folders.Select(each => OfFolder(each, folders, section))];
        }

        var settings = Path.Combine(folder, BufYaml.FileName);
        if (!File.Exists(settings))
        {
            return null;
        }

        var modules = Read(settings, folder, section);
        isWorkspace = modules.Any(module => module.Settings.Version == SettingsVersion.Second);
        return modules;
    }

    // The modules in a folder, or the part of the module that the folder is in.
    private static List<ProtoModule> Within(IReadOnlyList<ProtoModule> modules, string folder, bool wholeOnly)
    {
        List<ProtoModule> within = [.. modules.Where(module => PathFilter.IsWithin(module.Paths[0], folder))];
        return within.Count > 0 || wholeOnly ? within
            : [.. modules.Where(module => PathFilter.IsWithin(folder, module.Paths[0])).Select(module => module with { Part = folder })];
    }

    private static ProtoModule OfFolder(string folder, IReadOnlyList<string> importPaths, string section)
    {
        var path = Path.Combine(folder, BufYaml.FileName);
        return File.Exists(path) ? Of(SettingsFile.Read(path), folder, importPaths, section)
            : new ProtoModule([folder], [], importPaths, new RuleSettings(BufYaml.None, SettingsVersion.First, folder));
    }

    private static ProtoModule Of(BufYaml file, string folder, IReadOnlyList<string> importPaths, string section)
    {
        var build = file.Section("build");
        List<string> roots = [.. build.List("roots").Select(root => Join(folder, root))];
        return new ProtoModule(
            roots.Count > 0 ? roots : [Join(".", folder)],
            [.. build.List("excludes").Select(each => Join(folder, each))],
            importPaths.Count > 0 ? importPaths : roots,
            new RuleSettings(file.Section(section), SettingsFile.VersionOf(file), folder));
    }

    // Without "./" before it, as users write paths.
    private static string Join(string folder, string path) => Path.GetRelativePath(".", Path.Combine(folder, path)).Replace('\\', '/');
}
