// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

/// <summary>
/// What is generated from the files in Golden, checked in beside them, so that a change of the generator shows as a change of C#.
/// <c>PEREGRINE_GOLDEN=update</c> writes the files anew; where <c>CI=true</c> that is refused.
/// </summary>
public class GoldenFileTests
{
    private const string Ending = ".cs.golden";

    public static TheoryData<string> Protos =>
        [.. Directory.EnumerateFiles(Folder(), "*.proto").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Protos))]
    public void Generated_files_are_the_golden_ones(string proto)
    {
        foreach (var file in Generate(proto))
        {
            var path = Path.Combine(Folder(), file.Name);
            if (Environment.GetEnvironmentVariable("PEREGRINE_GOLDEN") == "update")
            {
                Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Golden files are not written on a build server.");
                File.WriteAllText(path, file.Text);
            }

            Assert.True(File.Exists(path), $"{file.Name} is missing: run this test with PEREGRINE_GOLDEN=update and read what it writes.");
            Assert.Equal(File.ReadAllText(path), file.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Protos))]
    public void Golden_files_compile(string proto) => Assert.Empty(GeneratedSource.Compile(Generate(proto)));

    [Fact]
    public void Every_golden_file_has_its_input() =>
        Assert.Equal(
            Protos.SelectMany(proto => Generate(proto.Data)).Select(file => file.Name).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Folder(), "*" + Ending).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    private static IReadOnlyList<GeneratedFile> Generate(string proto)
    {
        var resolver = new ImportResolver();
        resolver.AddSearchPath(Folder());
        var result = new Compilation(resolver).Compile([proto]);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return CSharpGenerator.Generate(
            [.. result.Files.Select(file => file.Descriptor)], [proto], new CSharpGeneratorOptions { FileExtension = Ending });
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden");
}
