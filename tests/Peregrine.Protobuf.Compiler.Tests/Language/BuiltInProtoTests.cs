// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;
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

    [Theory]
    [InlineData("cpp_features.proto", "google/protobuf/cpp_features.proto")]
    [InlineData("java_features.proto", "google/protobuf/compiler/java/java_features.proto")]
    public void The_features_of_other_languages_are_those_that_protoc_has_in_it(string name, string nameInside)
    {
        CompilationResult result = new Compilation(new ImportResolver()).Compile("google/protobuf/" + name);
        Assert.Empty(result.Diagnostics);
        FileDescriptorProto file = FileDescriptorProto.Parser.ParseFrom(result.Roots[0].SerializedWithoutSourceInfo.Span);
        file.Name = nameInside;
        foreach (FieldDescriptorProto field in (IEnumerable<FieldDescriptorProto>)[.. file.MessageType[0].Field, .. file.Extension])
        {
            field.ClearJsonName();
        }

        // The package has no such .proto files, but its protoc has their descriptors as generated C++ does.
        byte[] protoc = File.ReadAllBytes(Path.Combine(Originals, "../../../tools/linux_x64/protoc"));
        Assert.True(protoc.AsSpan().IndexOf(file.ToByteArray()) >= 0, $"{name} is not as in protoc.");
    }

    [Fact]
    public void The_features_of_other_languages_are_options_without_further_files()
    {
        ImportResolver resolver = new();
        resolver.AddText(
            "features.proto",
            """
            edition = "2024";
            import option "google/protobuf/cpp_features.proto";
            import option "google/protobuf/go_features.proto";
            import option "google/protobuf/java_features.proto";
            option features.(pb.cpp).string_type = CORD;
            option features.(pb.go).api_level = API_OPEN;
            message M { option features.(pb.java).nest_in_file_class = YES; }
            """);
        Assert.Empty(new Compilation(resolver).Compile("features.proto").Diagnostics);
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
