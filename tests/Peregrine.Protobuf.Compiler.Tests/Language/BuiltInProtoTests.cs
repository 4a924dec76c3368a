// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public class BuiltInProtoTests
{
    private const string Prefix = "proto/";

    private static string Originals { get; } = typeof(BuiltInProtoTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "OriginalProtos").Value!;

    public static TheoryData<string> Paths()
    {
        TheoryData<string> paths = [];
        foreach (string name in typeof(Compilation).Assembly.GetManifestResourceNames())
        {
            // The package with the originals does not carry all of them.
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && File.Exists(Path.Combine(Originals, name[Prefix.Length..])))
            {
                paths.Add(name[Prefix.Length..]);
            }
        }

        return paths;
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_built_in_file_means_what_the_original_means(string path)
    {
        ImportResolver onDisk = new() { IncludeBuiltIn = false };
        onDisk.AddSearchPath(Originals);
        CompilationResult original = new Compilation(onDisk).Compile(path);
        CompilationResult builtIn = new Compilation(new ImportResolver()).Compile(path);
        Assert.Empty(original.Diagnostics);
        Assert.Empty(builtIn.Diagnostics);
        Assert.False(original.Roots[0].IsBuiltIn);
        Assert.True(builtIn.Roots[0].IsBuiltIn);
        Assert.Equal(original.Roots[0].SerializedWithoutSourceInfo.ToArray(), builtIn.Roots[0].SerializedWithoutSourceInfo.ToArray());
    }

    [Fact]
    public void The_well_known_types_are_all_there() =>
        Assert.Superset(
            new HashSet<string>(["any", "api", "descriptor", "duration", "empty", "field_mask", "source_context", "struct", "timestamp", "type", "wrappers"]),
            Paths().Select(row => Path.GetFileNameWithoutExtension(row.Data)).ToHashSet());
}
