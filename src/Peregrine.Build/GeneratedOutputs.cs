// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Output;

namespace Peregrine.Build;

/// <summary>The files that a run generates, kept in memory until all of them are there.</summary>
/// <param name="request">What the run is to do.</param>
/// <param name="log">Where clashes are told.</param>
/// <param name="paths">How paths are compared.</param>
internal sealed class GeneratedOutputs(BuildRequest request, BuildLog log, StringComparer paths)
{
    // The program lives so short that what the runtime has to compile for it counts: collections of value types cost more than they save.
    private readonly Dictionary<string, OutputFile> _files = new(paths);

    /// <summary>The full paths of all files, sorted.</summary>
    public List<string> Written => Sorted(_files.Keys);

    /// <summary>The full paths of those that the project compiles, sorted.</summary>
    public List<string> Compiled => Sorted(_files.Values.Where(file => file.IsCompiled).Select(file => file.Path));

    /// <summary>The directory that an item's output goes to.</summary>
    /// <param name="item">The item.</param>
    /// <param name="importPath">Its import path: below an OutputDir, folders are those of the import path, as with Grpc.Tools.</param>
    /// <param name="services">Whether the output is that of services.</param>
    public string DirectoryOf(BuildItem item, string importPath, bool services)
    {
        var given = services ? item.ServiceOutputDirectory ?? item.OutputDirectory : item.OutputDirectory;

        // Nobody looks for a file by name below the intermediate directory, so items with equal import paths stay apart there.
        return given is null
            ? Path.Combine(request.OutputDirectory, FilePath.FolderFor(item.Path, request.ProjectDirectory))
            : Path.GetFullPath(Path.Combine(given, Path.GetDirectoryName(importPath) ?? ""));
    }

    /// <summary>Adds a file.</summary>
    /// <param name="directory">The directory below which it may lie.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="compile">Whether the project compiles it.</param>
    public void Add(string directory, string name, byte[] content, bool compile)
    {
        var path = Path.GetFullPath(Path.Combine(directory, name));
        if (!_files.TryAdd(path, new OutputFile(path, new OutputDirectory(directory), name, content, compile)))
        {
            log.Error(path, "PRG9004", "Two items are generated into this file. Give one of them another OutputDir.");
        }
    }

    /// <summary>Adds a file of C#.</summary>
    public void Add(string directory, GeneratedFile file, bool compile) => Add(directory, file.Name, Encoding.UTF8.GetBytes(file.Text), compile);

    /// <summary>Adds what a plugin generated.</summary>
    public void Add(BuildPlugin plugin, OutputTree tree)
    {
        foreach (var (name, content) in tree.Files)
        {
            Add(plugin.OutputDirectory, name, content, plugin.CompileOutputs && name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase));
        }
    }

    /// <summary>Writes what differs.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Write()
    {
        foreach (var output in _files.Values)
        {
            output.Directory.Write(output.Name, output.Content);
        }
    }

    /// <summary>Deletes files of the run before that this one does not write: a renamed .proto must not leave its old class behind.</summary>
    public void RemoveStale(IEnumerable<string> before)
    {
        foreach (var path in before.Where(path => path.Length != 0 && !_files.ContainsKey(path)))
        {
            // The folder itself may be gone.
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
    }

    private static List<string> Sorted(IEnumerable<string> paths)
    {
        List<string> sorted = [.. paths];
        sorted.Sort(StringComparer.Ordinal);
        return sorted;
    }
}
