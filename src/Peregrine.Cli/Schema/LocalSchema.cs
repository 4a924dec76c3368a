// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>A schema of files on this machine, read whole: .proto files, compiled in this process, and descriptor sets.</summary>
internal sealed class LocalSchema : SchemaSource
{
    private readonly HashSet<string> _roots;

    private LocalSchema(string origin, IEnumerable<FileDescriptorProto> files, HashSet<string> roots)
    {
        Origin = origin;
        _roots = roots;
        Pool.AddAll(files);
    }

    /// <inheritdoc/>
    public override string Origin { get; }

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
            var result = Compile(protos, importPaths, terminal);
            foreach (var file in result.Files)
            {
                files.TryAdd(file.Path, file.Descriptor);
            }

            roots.UnionWith(result.Roots.Select(root => root.Path));
        }

        try
        {
            return new LocalSchema(string.Join(", ", protos.Concat(descriptorSets).Select(path => $"\"{path}\"")), files.Values, roots);
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

    private static RepeatedField<FileDescriptorProto> ReadSet(string path)
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

    private static CompilationResult Compile(IReadOnlyList<string> protos, IReadOnlyList<string> importPaths, Terminal terminal)
    {
        List<string> files = [.. protos.SelectMany(Expand)];
        var resolver = new ImportResolver();
        var roots = importPaths.Count > 0 ? importPaths : ImportRoots.Infer(files, [], protos is [var only] && Directory.Exists(only) ? only : ".");
        foreach (var root in roots)
        {
            resolver.AddSearchPath(root);
        }

        List<string> names = [];
        foreach (var file in files)
        {
            names.Add(
                resolver.TryGetImportPath(file, out var importPath) ? importPath
                : !File.Exists(file) && resolver.Contains(file) ? file
                : throw new ToolException(File.Exists(file)
                    ? $"The file \"{file}\" does not lie below an --import-path directory, or another file of the same name hides it there. Tried: {string.Join(", ", roots)}."
                    : $"There is no file or folder \"{file}\". Tried: {string.Join(", ", roots.Select(root => Path.Combine(root, file)))}."));
        }

        var result = new Compilation(resolver, new CompilationOptions { Forms = DescriptorForms.WithSourceInfo }).Compile(names.Distinct());
        if (!result.Success)
        {
            foreach (var diagnostic in result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            {
                DiagnosticRenderer.Render(terminal.Errors, diagnostic, DiagnosticFormat.Text, terminal.ErrorsUseColor);
            }

            throw new ToolException("The .proto files have errors; they are above.");
        }

        return result;
    }

    private static IEnumerable<string> Expand(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        List<string> files = [.. Directory.EnumerateFiles(path, "*.proto", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Count > 0 ? files : throw new ToolException($"The folder \"{path}\" holds no .proto file.");
    }
}
