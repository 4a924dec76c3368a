// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Build;

/// <summary>Compiles the items of a request, writes the C#, and leaves the lists by which the targets know inputs and outputs.</summary>
/// <remarks>Nothing is written before everything has been generated without an error: a failed run leaves the last good one as it was.</remarks>
internal sealed class ProtobufBuild
{
    private readonly BuildRequest _request;
    private readonly BuildLog _log;
    private readonly BuildState _state;
    private readonly ReferencedTypes _referencedTypes;
    private readonly GeneratedOutputs _outputs;
    private readonly List<string> _packageRoots;
    private readonly Dictionary<string, BuildItem> _itemsByPath = new(PathCase.Comparer);
    private readonly List<string> _inputs = [];
    private readonly HashSet<string> _roots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _packed = new(StringComparer.Ordinal);
    private readonly List<TypeMarker> _markers = [];

    /// <summary>Prepares a run.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="output">Where errors and warnings go.</param>
    /// <exception cref="IOException">A file that the request names cannot be read.</exception>
    /// <exception cref="FormatException">A file that the request names cannot be understood.</exception>
    public ProtobufBuild(BuildRequest request, TextWriter output)
    {
        _state = new BuildState(request.State, request.ProjectDirectory, DateTime.UtcNow);
        _request = request;
        _log = new BuildLog(output, request.Warnings);
        _referencedTypes = ReferencedTypes.Read(request.References, request.Items.Count > 0);
        _outputs = new GeneratedOutputs(request, _log, PathCase.Comparer);
        _packageRoots = request.Assets is { } assets && request.Items.Count > 0 && File.Exists(assets) ? PackageRoots.Find(assets, request.Framework) : [];
    }

    /// <summary>Runs the request.</summary>
    /// <returns>Whether there was no error.</returns>
    public bool Run()
    {
        foreach (var group in DistinctItems().GroupBy(item => string.Join('\n', [item.Root, .. item.ImportDirectories])))
        {
            Compile([.. group]);
        }

        if (!_log.HasErrors && _markers.Count > 0)
        {
            _outputs.Add(
                Path.GetDirectoryName(_request.State)!, new GeneratedFile(Path.GetFileName(_request.State) + ".cs", TypeMarker.Source(_markers)), compile: true);
        }

        if (_log.HasErrors)
        {
            return false;
        }

        // From here to the last line a run that is broken off leaves neither old nor new: nothing counts as good, and what may have been
        // written stands in the list by which the next run finds it.
        var before = _state.ReadWritten().ToList();
        _state.Invalidate();
        _state.WritePaths("written", before.Concat(_outputs.Written).Distinct(PathCase.Comparer));
        _outputs.Write();
        _outputs.RemoveStale(before);
        _state.WritePaths("written", _outputs.Written);
        _state.WritePaths("outputs", _outputs.Compiled);
        _state.Write("roots", _roots.Concat(_request.ReferencedRoots).Distinct(StringComparer.Ordinal));
        _state.Write("packed", _packed.Keys.Order(StringComparer.Ordinal).Select(importPath => $"{Path.GetRelativePath(_request.ProjectDirectory, _packed[importPath])}\t{importPath}"));
        _state.WriteInputs(
            _request.Path,
            [.. ToolFiles(), .. _request.Items.Select(item => item.Path), .. _inputs,
                .. _request.Assets is { } assets ? (string[])[assets] : [],
                .. _request.References.Where(reference => !reference.IsPackaged).Select(reference => reference.Path)],
            // What a sibling writes, too, it may be deleting while the targets hash it.
            [.. _state.Lists, .. _request.HasSiblings ? _outputs.Written.Where(path => FilePath.IsBelow(path, _request.OutputDirectory)) : _outputs.Written]);
        return true;
    }

    // The same file twice is a mistake, unless both say the same: then a glob and a name overlap.
    private List<BuildItem> DistinctItems()
    {
        foreach (var item in _request.Items)
        {
            if (!_itemsByPath.TryAdd(item.Path, item) && !Same(item, _itemsByPath[item.Path]))
            {
                _log.Error(
                    item.Path, "PRG9008",
                    "Two Protobuf items with different metadata name this file. Change the item that is there with <Protobuf Update=\"...\" />.");
            }
        }

        return [.. _itemsByPath.Values];

        static bool Same(BuildItem a, BuildItem b) =>
            a with { ImportDirectories = b.ImportDirectories } == b && a.ImportDirectories.SequenceEqual(b.ImportDirectories);
    }

    // Items with the same roots are compiled together: what they import is read once.
    private void Compile(IReadOnlyList<BuildItem> items)
    {
        var roots = SearchPath(items);
        var resolver = new ImportResolver();
        foreach (var root in roots)
        {
            resolver.AddSearchPath(root);
        }

        var importPaths = new Dictionary<string, BuildItem>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (ImportPath(item, resolver) is not { } importPath)
            {
                continue;
            }

            _roots.Add(item.Path[..^(importPath.Length + 1)] is { Length: > 0 } root ? root : Path.GetPathRoot(item.Path)!);
            if (item.Pack)
            {
                AddToPackage(item, importPath);
            }

            if (item.Generate)
            {
                importPaths.Add(importPath, item);
            }
        }

        var plans = _referencedTypes.Plan(importPaths, _log);
        var result = new Compilation(resolver, new CompilationOptions()).Compile(plans.Keys);
        foreach (var diagnostic in result.Diagnostics)
        {
            _log.Add(diagnostic, diagnostic.DiskPath is { } path ? _itemsByPath.GetValueOrDefault(Path.GetFullPath(path)) : null);
        }

        if (!result.Success || _log.HasErrors)
        {
            return;
        }

        var files = result.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var file in result.Files)
        {
            AddInputs(file, roots);
        }

        foreach (var (importPath, options) in plans)
        {
            CheckImports(importPaths[importPath], files[importPath], files, roots);
        }

        Generate(plans, importPaths, files);
        foreach (var plugin in plans.Count > 0 && !_log.HasErrors ? _request.Plugins : [])
        {
            _inputs.Add(plugin.Program ?? plugin.Item);
            _outputs.Add(plugin, plugin.Run(result, _log));
        }
    }

    // What the items declare, what their imports need, the project's directory; last, what references bring, so that a file of the project
    // is never taken for one of theirs that has the same import path.
    private List<string> SearchPath(IReadOnlyList<BuildItem> items)
    {
        string[] declared = [.. items[0].Root is { } root ? (string[])[root] : [], .. items[0].ImportDirectories, .. _request.Roots];
        HashSet<string> referenced = new([.. _request.ReferencedRoots, .. _packageRoots], StringComparer.Ordinal);
        referenced.ExceptWith(declared);
        referenced.Remove(_request.ProjectDirectory);
        var roots = ImportRoots.Infer(items.Select(item => item.Path), [.. declared, .. referenced], _request.ProjectDirectory);
        return [.. roots.Where(path => !referenced.Contains(path)).Concat(_request.ReferencedRoots).Concat(_packageRoots).Distinct(StringComparer.Ordinal)];
    }

    private string? ImportPath(BuildItem item, ImportResolver resolver)
    {
        if (!File.Exists(item.Path))
        {
            _log.Error(item.Path, "PRG9002", "The file of this Protobuf item does not exist.");
            return null;
        }

        if ((item.Root is not { } root || FilePath.IsBelow(item.Path, root)) && resolver.TryGetImportPath(item.Path, out var importPath))
        {
            return importPath;
        }

        _log.Error(
            item.Path, "PRG9003",
            item.Root is { } declared
                ? $"The file does not lie below its ProtoRoot \"{declared}\", or another file hides it there. Set ProtoRoot to a directory above it."
                : Path.DirectorySeparatorChar != '\\' && item.Path.Contains('\\', StringComparison.Ordinal)
                ? "An import path has no backslash, so that nothing can import this file. Rename it, or the folder that has the backslash."
                : "Another file with the same import path hides this one. Set ProtoRoot of one of them to another directory above it.");
        return null;
    }

    private void AddToPackage(BuildItem item, string importPath)
    {
        if (!_packed.TryAdd(importPath, item.Path) && _packed[importPath] != item.Path && File.Exists(item.Path)
            && TypeMarker.DigestOf(File.ReadAllBytes(item.Path)) != TypeMarker.DigestOf(File.ReadAllBytes(_packed[importPath])))
        {
            _log.Warning(
                item, "PRG9014",
                $"The package can hold one file with the import path \"{importPath}\" and holds \"{_packed[importPath]}\". Set Pack=\"false\" on one of the two, or "
                + "another ProtoRoot.");
        }
    }

    // The file itself, and every place where one would be found before it.
    private void AddInputs(CompiledFile file, List<string> roots)
    {
        var place = file.DiskPath is { } path ? Path.GetFullPath(path) : null;
        foreach (var root in roots)
        {
            var candidate = Path.GetFullPath(Path.Combine(root, file.Path));
            _inputs.Add(candidate);
            if (candidate == place)
            {
                return;
            }
        }
    }

    private void CheckImports(BuildItem item, CompiledFile file, Dictionary<string, CompiledFile> files, List<string> roots)
    {
        foreach (var dependency in file.Descriptor.Dependency)
        {
            var import = files[dependency];
            if (import.DiskPath is not { } path)
            {
                continue;
            }

            path = Path.GetFullPath(path);
            if (!_itemsByPath.ContainsKey(path) && !_referencedTypes.Has(dependency, path))
            {
                _log.Warning(
                    item, "PRG9010",
                    $"The import \"{dependency}\" is found at \"{path}\", but nothing generates its types. Add <Protobuf Include=\"{path}\" />, or reference "
                    + "the project or package that has them; if they come from elsewhere, add it with ProtoCompile=\"False\".");
            }

            if (_request.ReferencedRoots.Concat(_packageRoots).Any(root => path == Path.GetFullPath(Path.Combine(root, dependency)))
                && roots.Select(root => Path.GetFullPath(Path.Combine(root, dependency)))
                    .FirstOrDefault(other => other != path && File.Exists(other) && !File.ReadAllBytes(other).AsSpan().SequenceEqual(File.ReadAllBytes(path))) is { } other)
            {
                _log.Warning(
                    item, "PRG9013",
                    $"Two references bring a different \"{dependency}\": \"{path}\" is used, not \"{other}\". If that is meant, add the one's directory with "
                    + "<ProtoRoot Include=\"...\" />.");
            }
        }
    }

    // Files that go to the same folder with the same options are generated in one go.
    private void Generate(
        Dictionary<string, CSharpGeneratorOptions> plans, Dictionary<string, BuildItem> items, Dictionary<string, CompiledFile> files)
    {
        foreach (var group in plans.Keys.GroupBy(path => new OutputGroup(
            plans[path], items[path].CompileOutputs, _outputs.DirectoryOf(items[path], path, services: false), _outputs.DirectoryOf(items[path], path, services: true))))
        {
            var importPaths = group.ToList();
            var descriptors = DescriptorSet.Order(files.Values, importPaths.Select(path => files[path])).Select(file => file.Descriptor).ToList();
            var (options, compile, messages, services) = group.Key;
            if (options.Messages)
            {
                foreach (var file in CSharpGenerator.Generate(descriptors, importPaths, options with { Services = GrpcServices.None }))
                {
                    _outputs.Add(messages, file, compile);
                }
            }

            if (options.Services != GrpcServices.None)
            {
                foreach (var file in CSharpGenerator.Generate(descriptors, importPaths, options with { Messages = false }))
                {
                    _outputs.Add(services, file, compile);
                }
            }

            if (compile && !options.InternalAccess)
            {
                _markers.AddRange(importPaths.Select(path => new TypeMarker(
                    "", TypeMarker.DigestOf(File.ReadAllBytes(items[path].Path)), options.Messages, options.Services, path)));
            }
        }
    }

    private static IEnumerable<string> ToolFiles() =>
        ((Type[])[typeof(ProtobufBuild), typeof(Compilation), typeof(Peregrine.Protobuf.IMessage)])
            .Select(type => Path.Combine(AppContext.BaseDirectory, type.Assembly.GetName().Name + ".dll"));
}
