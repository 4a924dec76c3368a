// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class RuntimeFilesTests
{
    [Fact]
    public void Checked_in_files_are_what_the_compiler_writes()
    {
        var root = RepositoryRoot();
        var protos = Path.Combine(root, "proto");
        var paths = new[] { "google/protobuf", "google/rpc", "google/type" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(protos, folder), "*.proto"))
            .Select(path => Path.GetRelativePath(protos, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToList();
        Assert.All(paths, path => Assert.True(CSharpGenerator.IsShipped(path), $"{path} is missing from the lists of CSharpNames."));
        var resolver = new ImportResolver();
        resolver.AddSearchPath(protos);
        var result = new Compilation(resolver).Compile(paths);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        var files = CSharpGenerator.Generate(
            [.. result.Files.Select(file => file.Descriptor)],
            paths,
            new CSharpGeneratorOptions { FileExtension = ".pb.cs", Services = GrpcServices.None });
        var folder = Path.Combine(root, "src", "Peregrine.Protobuf", "Generated");
        Assert.Equal(
            files.Select(file => file.Name).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        foreach (var file in files)
        {
            Assert.True(
                file.Text == File.ReadAllText(Path.Combine(folder, file.Name)),
                $"{file.Name} is not what the compiler writes: run eng/generate.sh.");
        }
    }

    [Fact]
    public void Checked_in_services_are_what_the_compiler_writes()
    {
        var root = RepositoryRoot();
        var protos = Path.Combine(root, "proto");
        var paths = Directory.EnumerateFiles(Path.Combine(protos, "grpc"), "*.proto", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(protos, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal).ToList();
        var resolver = new ImportResolver();
        resolver.AddSearchPath(protos);
        var result = new Compilation(resolver).Compile(paths);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        var files = CSharpGenerator.Generate(
            [.. result.Files.Select(file => file.Descriptor)],
            paths,
            new CSharpGeneratorOptions { FileExtension = ".pb.cs", BaseNamespace = "Grpc" });
        var folder = Path.Combine(root, "src", "Peregrine.Services", "Generated");
        Assert.Equal(
            files.Select(file => file.Name).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.True(
            file.Text == File.ReadAllText(Path.Combine(folder, file.Name)), $"{file.Name} is not what the compiler writes: run eng/generate.sh."));
    }

    private static string RepositoryRoot([CallerFilePath] string path = "")
    {
        var directory = Path.GetDirectoryName(path)!;
        while (!File.Exists(Path.Combine(directory, "Peregrine.slnx")))
        {
            directory = Path.GetDirectoryName(directory)
                ?? throw new InvalidOperationException("The tests must run from a checkout: no Peregrine.slnx above them.");
        }

        return directory;
    }
}
