// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>
/// Finds the directories that import paths are relative to, when they are not all given: what the directories declared and the project's
/// own do not resolve, the place of the importing file does, or its package. It looks at files and remembers nothing.
/// </summary>
/// <remarks>
/// A file must have one import path, or its symbols are declared twice. So a directory that some import needs stands before the project's
/// own in the search order: the files below it are then called as that import calls them. A project whose imports all resolve from its own
/// directory keeps that as its only root.
/// </remarks>
public static class ImportRoots
{
    // A parent directory that holds this many others is a home or a temporary folder, not a source tree.
    private const int MaxSiblings = 200;

    /// <summary>Finds the search paths for a set of files.</summary>
    /// <param name="files">Paths on disk of the files to compile; those that cannot be read are passed over.</param>
    /// <param name="declaredRoots">Directories given by the user; they come first, in this order.</param>
    /// <param name="projectDirectory">The directory of the project, or the current one.</param>
    /// <returns>
    /// Directories in search order: the declared ones, those that imports need, the project's own, and for files that lie in none of these
    /// the directory that their package implies, or their own. A directory below <paramref name="projectDirectory"/> is spelled like that.
    /// </returns>
    public static IReadOnlyList<string> Infer(IEnumerable<string> files, IEnumerable<string> declaredRoots, string projectDirectory)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(declaredRoots);
        ArgumentNullException.ThrowIfNull(projectDirectory);
        List<string> given = [.. files];
        List<string> declared = [.. declaredRoots];
        string project = Path.GetFullPath(projectDirectory);
        List<string> known = declared.ConvertAll(Path.GetFullPath);
        known.Add(project);

        List<string> needed = FindNeeded(given.ConvertAll(Path.GetFullPath), known, project);
        List<string> roots = [.. declared, .. needed.ConvertAll(root => Spell(root, project, projectDirectory)), projectDirectory];
        known.AddRange(needed);
        foreach (string file in given)
        {
            string full = Path.GetFullPath(file);
            if (File.Exists(full) && !known.Exists(root => Contains(root, full)))
            {
                string own = OwnRoot(full);
                known.Add(own);
                roots.Add(own);
            }
        }

        return roots;
    }

    /// <summary>Finds a directory from which an import that was not found would be: above the importing file, or beside those above it.</summary>
    /// <param name="importPath">The import path.</param>
    /// <param name="importingFile">The path on disk of the file that imports it.</param>
    /// <returns>The directory to add to the search paths, or null.</returns>
    public static string? Suggest(string importPath, string importingFile)
    {
        ArgumentNullException.ThrowIfNull(importPath);
        ArgumentNullException.ThrowIfNull(importingFile);
        if (!ImportResolver.IsCanonical(importPath))
        {
            return null;
        }

        string full = Path.GetFullPath(importingFile);
        if (Above(importPath, full) is { } above)
        {
            return above;
        }

        for (string? directory = Path.GetDirectoryName(full); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Beside(importPath, directory) is { } beside)
            {
                return beside;
            }
        }

        return null;
    }

    // The roots that imports need, over everything that the files reach.
    private static List<string> FindNeeded(List<string> files, List<string> known, string project)
    {
        List<string> needed = [];
        Queue<string> open = new(files);
        HashSet<string> seen = [.. files];
        while (open.TryDequeue(out string? file))
        {
            foreach (string import in Read(file).Imports)
            {
                if (!ImportResolver.IsCanonical(import) || ImportResolver.IsBuiltInPath(import))
                {
                    continue;
                }

                string? root = known.Find(candidate => File.Exists(Path.Combine(candidate, import)))
                    ?? needed.Find(candidate => File.Exists(Path.Combine(candidate, import)));
                if (root is null)
                {
                    root = Above(import, file) ?? AmongFiles(import, files);
                    if (root is null)
                    {
                        continue;
                    }

                    needed.Add(root);
                }

                string target = Path.GetFullPath(Path.Combine(root, import));
                if (seen.Add(target))
                {
                    open.Enqueue(target);
                }
            }
        }

        // Of two roots one inside the other, files of the inner one must be found there.
        needed.Sort((a, b) => b.Length.CompareTo(a.Length));
        needed.Remove(project);
        return needed;
    }

    private static string? Above(string importPath, string file)
    {
        for (string? directory = Path.GetDirectoryName(file); directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, importPath)))
            {
                return directory;
            }
        }

        return null;
    }

    private static string? AmongFiles(string importPath, List<string> files)
    {
        string tail = Path.DirectorySeparatorChar + importPath.Replace('/', Path.DirectorySeparatorChar);
        string? file = files.Find(candidate => candidate.EndsWith(tail, StringComparison.Ordinal) && File.Exists(candidate));
        return file is null ? null : file.Length == tail.Length ? Path.GetPathRoot(file) : file[..^tail.Length];
    }

    private static string? Beside(string importPath, string directory)
    {
        try
        {
            int count = 0;
            foreach (string sibling in Directory.EnumerateDirectories(directory))
            {
                if (++count > MaxSiblings)
                {
                    return null;
                }

                if (File.Exists(Path.Combine(sibling, importPath)))
                {
                    return sibling;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A directory that may not be listed has nothing to suggest.
        }

        return null;
    }

    // A file of package a.b in a directory .../a/b is called a/b/NAME by its siblings in other projects.
    private static string OwnRoot(string file)
    {
        string directory = Path.GetDirectoryName(file)!;
        string package = Read(file).Package;
        if (package.Length == 0)
        {
            return directory;
        }

        string tail = Path.DirectorySeparatorChar + package.Replace('.', Path.DirectorySeparatorChar);
        return directory.EndsWith(tail, StringComparison.Ordinal) && directory.Length > tail.Length ? directory[..^tail.Length] : directory;
    }

    private static (string Package, List<string> Imports) Read(string file)
    {
        byte[] text;
        try
        {
            text = InputBytes.ReadFile(file, InputBytes.MaxText);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The compilation itself reports what it cannot read.
            return ("", []);
        }

        SourceFile source = new(file, text);
        string package = "";
        List<string> imports = [];
        foreach (SyntaxNode member in SyntaxTree.Parse(source, new DiagnosticBag(source, file)).Root.Members)
        {
            switch (member)
            {
                case PackageSyntax declaration:
                    package = declaration.Name;
                    break;
                case ImportSyntax import:
                    imports.Add(import.Path);
                    break;
                default:
                    break;
            }
        }

        return (package, imports);
    }

    private static bool Contains(string root, string file) =>
        file.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, PathCase.Comparison);

    private static string Spell(string root, string project, string projectDirectory) =>
        !Path.IsPathRooted(projectDirectory) && Contains(project, root) ? Path.Combine(projectDirectory, Path.GetRelativePath(project, root)) : root;
}
