// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Rules;

/// <summary>Compares with one .proto file, wherever it lies: it is the same as one that there is, whatever each is called from its own root.</summary>
internal static class SingleFile
{
    /// <summary>Whether a path is that of a .proto file.</summary>
    public static bool Is(string path) => path.EndsWith(".proto", StringComparison.Ordinal) && File.Exists(path);

    /// <summary>Reads a file, and the one that it is now: the only one, or that of the same path in the folder; none if it has gone.</summary>
    /// <param name="path">The file as it was.</param>
    /// <param name="module">What there is.</param>
    /// <param name="terminal">Where the errors of .proto files go.</param>
    /// <exception cref="ToolException">Something cannot be read, or does not compile.</exception>
    public static (ProtoInput Before, ProtoInput After) Pair(string path, ProtoModule module, Terminal terminal)
    {
        var isOne = module.Paths is [var only] && Is(only);
        var after = ProtoInput.Read(module with { ImportPaths = isOne ? Roots(module.Paths[0], module.ImportPaths) : module.ImportPaths, Filter = PathFilter.All }, terminal);
        var now = isOne ? after.Files[0] : Counterpart(path, module, after);
        var before = ProtoInput.Read(new ProtoModule([path], [], Roots(path, module.ImportPaths), RuleSettings.None), terminal, now?.Name);
        return (before, after with { Files = now is null ? [] : [now] });
    }

    // The given roots that the file lies in come first: elsewhere another may have the same name. Without such a one the file's imports tell.
    private static List<string> Roots(string file, IReadOnlyList<string> importPaths)
    {
        List<string> own = [.. importPaths.Where(root => PathFilter.IsWithin(file, root))];
        return [.. own.Count > 0 ? own : ImportRoots.Infer([file], [], Path.GetDirectoryName(Path.GetFullPath(file))!), .. importPaths.Except(own)];
    }

    // In folders, the file whose path there is the longest that the path ends with; of files, that of the same name whose folders are most alike.
    private static FileDescriptor? Counterpart(string path, ProtoModule module, ProtoInput after)
    {
        var parts = Parts(Path.GetFullPath(path));
        return after.Files
            .Select(file => (File: file, Alike: Alike(parts, Parts(Path.GetFullPath(after.PathOf(file)))), Least: Parts(InFolder(after.PathOf(file), module)).Length))
            .Where(each => each.Alike >= each.Least)
            .OrderByDescending(each => each.Alike)
            .Select(each => each.File)
            .FirstOrDefault();
    }

    private static string InFolder(string file, ProtoModule module) => module.Paths switch
    {
        _ when module.Paths.FirstOrDefault(folder => Directory.Exists(folder) && PathFilter.IsWithin(file, folder)) is { } folder => Path.GetRelativePath(folder, file),
        [var set] when !Is(set) => file,
        _ => Path.GetFileName(file),
    };

    private static string[] Parts(string path) => path.Split('/', '\\');

    private static int Alike(string[] a, string[] b) => a.Reverse().Zip(b.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
}
