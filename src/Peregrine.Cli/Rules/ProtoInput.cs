// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Rules;

/// <summary>Files for rules to look at: linked, with positions and comments, without those that they only import.</summary>
/// <param name="Files">The files.</param>
/// <param name="Paths">Where each lies on this machine, by the name that it is imported by.</param>
/// <param name="UnusedImports">The imports that the compiler found nothing used of, by the name of the file that has them.</param>
/// <param name="Places">Where their parts are written.</param>
internal sealed record ProtoInput(
    IReadOnlyList<FileDescriptor> Files,
    IReadOnlyDictionary<string, string> Paths,
    IReadOnlyDictionary<string, IReadOnlyList<string>> UnusedImports,
    SourcePlaces Places)
{
    // The compiler's warning of an import of which nothing is used.
    private const string UnusedImport = "PRG1205";

    /// <summary>Reads .proto files, folders of them, and descriptor sets.</summary>
    /// <param name="module">What is read.</param>
    /// <param name="terminal">Where the errors of .proto files go.</param>
    /// <param name="name">What the file is called, if it is a single .proto file; null for what its place says.</param>
    /// <exception cref="ToolException">Something cannot be read, or does not compile.</exception>
    public static ProtoInput Read(ProtoModule module, Terminal terminal, string? name = null)
    {
        if (module.Paths is [var set] && File.Exists(set) && !set.EndsWith(".proto", StringComparison.Ordinal))
        {
            List<FileDescriptorProto> files = [.. LocalSchema.ReadSet(set)];
            var isImported = files.SelectMany(file => file.Dependency).ToHashSet(StringComparer.Ordinal);

            // A set does not say which files it was made for: the standard ones, which others import, are not meant.
            return Of(files, file => !(isImported.Contains(file) && file.StartsWith("google/protobuf/", StringComparison.Ordinal)), [], []);
        }

        var filter = module.Part is { } part ? module.Filter.And(new PathFilter([part], [])) : module.Filter;
        return Of(ProtoCompilation.Compile(module.Paths, module.ImportPaths, terminal, module.Excludes, filter), name);
    }

    /// <summary>No files.</summary>
    public static ProtoInput None { get; } = Of([], _ => false, [], []);

    /// <summary>Compiles files that a resolver knows.</summary>
    /// <exception cref="ToolException">They do not compile.</exception>
    public static ProtoInput Compile(ImportResolver resolver, IEnumerable<string> names, Terminal terminal) => Of(ProtoCompilation.Compile(resolver, names, terminal));

    /// <summary>Where a file lies on this machine; its name if that is not known.</summary>
    public string PathOf(FileDescriptor file) => Paths.GetValueOrDefault(file.Name, file.Name);

    private static ProtoInput Of(CompilationResult result, string? name = null)
    {
        var roots = result.Roots.Select(root => root.Path).ToHashSet(StringComparer.Ordinal);
        if (name is not null && result.Files.All(file => file.Path != name))
        {
            // Nothing imports the file that all is compiled for.
            return Of([.. result.Files.Select(file => roots.Contains(file.Path) ? Renamed(file.Descriptor, name) : file.Descriptor)], file => file == name, [], []);
        }

        var unused = result.Diagnostics.Where(diagnostic => diagnostic.Id == UnusedImport)
            .GroupBy(diagnostic => diagnostic.Path)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Select(diagnostic => diagnostic.Message.Split('"')[1])]);
        return Of(
            [.. result.Files.Select(file => file.Descriptor)],
            roots.Contains,
            result.Roots.Where(root => root.DiskPath is not null).ToDictionary(root => root.Path, root => Path.GetRelativePath(".", root.DiskPath!).Replace('\\', '/')),
            unused);
    }

    private static FileDescriptorProto Renamed(FileDescriptorProto file, string name)
    {
        var renamed = file.Clone();
        renamed.Name = name;
        return renamed;
    }

    private static ProtoInput Of(
        IReadOnlyList<FileDescriptorProto> files, Func<string, bool> isMeant, Dictionary<string, string> paths, Dictionary<string, IReadOnlyList<string>> unusedImports)
    {
        var pool = new DescriptorPool();
        try
        {
            pool.AddAll(files);
        }
        catch (DescriptorValidationException exception)
        {
            throw new ToolException($"The descriptors cannot be used: {exception.Message} Was the set made with --include_imports?");
        }

        return new ProtoInput([.. pool.Files.Where(file => isMeant(file.Name))], paths, unusedImports, new SourcePlaces(files));
    }
}
