// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Peregrine.Cli.Rules;

/// <summary>A folder of .proto files with settings of its own: files of a workspace import each other from the folders of all modules.</summary>
/// <param name="Paths">Its folder, or what else the user named.</param>
/// <param name="Excludes">Folders in it that do not belong to it.</param>
/// <param name="ImportPaths">Where imports are looked up; none for what the files imply.</param>
/// <param name="Settings">Its settings.</param>
internal sealed record ProtoModule(IReadOnlyList<string> Paths, IReadOnlyList<string> Excludes, IReadOnlyList<string> ImportPaths, RuleSettings Settings)
{
    /// <summary>
    /// The modules of a folder, by its <c>buf.work.yaml</c> or <c>buf.yaml</c>; null if it has neither. A folder that the current one lists as a
    /// module is that.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="section">The section of the settings.</param>
    /// <exception cref="ToolException">A file cannot be read, or is wrong.</exception>
    public static IReadOnlyList<ProtoModule>? Find(string folder, string section)
    {
        var name = Join(".", folder);
        return name != "." && FindAll(".", section)?.FirstOrDefault(module => module.Paths[0] == name) is { } listed ? [listed] : FindAll(folder, section);
    }

    /// <summary>The modules of a folder by a file that may lie elsewhere.</summary>
    /// <exception cref="ToolException">The file cannot be read, or is wrong.</exception>
    public static IReadOnlyList<ProtoModule> Read(string path, string folder, string section)
    {
        var file = BufYaml.Read(path);
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
                new RuleSettings((module.Has(section) ? module : file).Section(section), IsFirst(file), folder))),
        ];
    }

    private static IReadOnlyList<ProtoModule>? FindAll(string folder, string section)
    {
        var work = Path.Combine(folder, BufYaml.WorkFileName);
        if (File.Exists(work))
        {
            List<string> folders = [.. BufYaml.Read(work).List("directories").Select(each => Join(folder, each))];
            return [.. folders.Select(each => OfFolder(each, folders, section))];
        }

        var settings = Path.Combine(folder, BufYaml.FileName);
        return File.Exists(settings) ? Read(settings, folder, section) : null;
    }

    private static ProtoModule OfFolder(string folder, IReadOnlyList<string> importPaths, string section)
    {
        var path = Path.Combine(folder, BufYaml.FileName);
        return File.Exists(path) ? Of(BufYaml.Read(path), folder, importPaths, section)
            : new ProtoModule([folder], [], importPaths, new RuleSettings(BufYaml.None, isFirstVersion: true, folder));
    }

    private static ProtoModule Of(BufYaml file, string folder, IReadOnlyList<string> importPaths, string section) =>
        new([folder], [.. file.Section("build").List("excludes").Select(each => Join(folder, each))], importPaths, new RuleSettings(file.Section(section), IsFirst(file), folder));

    private static bool IsFirst(BufYaml file) => file.Text("version", "v2").StartsWith("v1", StringComparison.Ordinal);

    // Without "./" before it, as users write paths.
    private static string Join(string folder, string path) => Path.GetRelativePath(".", Path.Combine(folder, path)).Replace('\\', '/');
}
