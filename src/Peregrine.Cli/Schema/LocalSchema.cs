// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>A schema of files on this machine, read whole: .proto files, compiled in this process, and descriptor sets.</summary>
internal sealed class LocalSchema : SchemaSource
{
    private readonly HashSet<string> _roots;

    private LocalSchema(string origin, IEnumerable<FileDescriptorProto> files, HashSet<string> roots, IReadOnlyList<string> paths)
    {
        Origin = origin;
        Files = paths;
        _roots = roots;
        Pool.AddAll(files);
    }

    /// <inheritdoc/>
    public override string Origin { get; }

    /// <summary>The files of this machine that it was read from, imports included.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Reads it.</summary>
    /// <param name="protos">.proto files, and folders of them.</param>
    /// <param name="importPaths">Where imports are looked up; none for what the files imply.</param>
    /// <param name="descriptorSets">Files that hold a <c>FileDescriptorSet</c>.</param>
    /// <param name="terminal">Where the errors of .proto files go.</param>
    /// <exception cref="ToolException">Something cannot be read, or does not compile.</exception>
    public static LocalSchema Load(IReadOnlyList<string> protos, IReadOnlyList<string> importPaths, IReadOnlyList<string> descriptorSets, Terminal terminal)
    {
        Dictionary<string, FileDescriptorProto> files = [];
        HashSet<string> roots = [];
        List<string> paths = [.. descriptorSets];
        foreach (var path in descriptorSets)
        {
            foreach (var file in ReadSet(path))
            {
                files.TryAdd(file.Name, file);
                roots.Add(file.Name);
            }
        }

        if (protos.Count > 0)
        {
            var result = ProtoCompilation.Compile(protos, importPaths, terminal);
            foreach (var file in result.Files)
            {
                files.TryAdd(file.Path, file.Descriptor);
            }

            roots.UnionWith(result.Roots.Select(root => root.Path));
            paths.AddRange(result.Files.Select(file => file.DiskPath).OfType<string>());
        }

        try
        {
            return new LocalSchema(string.Join(", ", protos.Concat(descriptorSets).Select(path => $"\"{path}\"")), files.Values, roots, paths);
        }
        catch (DescriptorValidationException exception)
        {
            throw new ToolException($"The descriptors cannot be used: {exception.Message} Was the set made with --include_imports?");
        }
    }

    /// <inheritdoc/>
    public override Task<IReadOnlyList<string>> ListServicesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        [.. Pool.Files.Where(file => _roots.Contains(file.Name)).SelectMany(file => file.Services).Select(service => service.FullName).Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    protected override Task<bool> TryLoadSymbolAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Pool.FindSymbol(name) is not null);

    /// <inheritdoc/>
    protected override Task<bool> TryLoadFileAsync(string path, CancellationToken cancellationToken) => Task.FromResult(Pool.FindFile(path) is not null);

    /// <inheritdoc/>
    protected override Task<bool> TryLoadExtensionAsync(string type, int number, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>The files of a descriptor set.</summary>
    /// <exception cref="ToolException">It cannot be read.</exception>
    internal static RepeatedField<FileDescriptorProto> ReadSet(string path)
    {
        try
        {
            return FileDescriptorSet.Parser.ParseFrom(InputBytes.ReadFile(path, InputBytes.MaxMessages)).File;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The descriptor set \"{path}\" cannot be read: {exception.Message}");
        }
    }
}
