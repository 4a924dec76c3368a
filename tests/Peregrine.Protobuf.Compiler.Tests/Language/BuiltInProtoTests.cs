// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Peregrine.Protobuf.Compiler.CSharp;
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

    [Fact]
    public void Shipped_google_types_are_imported_without_further_files_and_not_generated_again()
    {
        ImportResolver resolver = new();
        resolver.AddText(
            "price.proto",
            """
            syntax = "proto3";
            import "google/rpc/status.proto";
            import "google/type/datetime.proto";
            import "google/type/money.proto";
            message Price { google.type.Money money = 1; google.type.DateTime since = 2; google.rpc.Status status = 3; }
            """);
        CompilationResult result = new Compilation(resolver).Compile("price.proto");
        Assert.Empty(result.Diagnostics);
        GeneratedFile file = Assert.Single(CSharpGenerator.Generate(
            [.. result.Files.Select(file => file.Descriptor)], ["price.proto"], new CSharpGeneratorOptions()));
        Assert.Contains("global::Google.Type.Money? Money", file.Text, StringComparison.Ordinal);
        Assert.Contains("global::Google.Type.DatetimeReflection.Descriptor", file.Text, StringComparison.Ordinal);
    }
}
