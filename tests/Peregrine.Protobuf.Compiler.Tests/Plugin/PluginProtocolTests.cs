// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Plugin;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Plugin;

public class PluginProtocolTests
{
    private const string Name = "syntax = \"proto3\"; package greet; message Name { string text = 1; }";
    private const string Hello = "syntax = \"proto3\"; package greet; import \"name.proto\"; message Hello { optional Name name = 1; } service Greeter { rpc Greet(Hello) returns (Hello); }";

    [Fact]
    public void A_request_says_which_files_to_generate_and_holds_their_imports()
    {
        CodeGeneratorRequest request = Parse(CodeGeneratorRequest.Create(Compile("hello.proto"), "a=b,c"));
        Assert.Equal(["hello.proto"], request.FilesToGenerate);
        Assert.Equal("a=b,c", request.Parameter);
        Assert.Equal(["name.proto", "hello.proto"], request.Descriptors.Select(file => file.Name));
        Assert.Equal("hello.proto", Reflection.FileDescriptorProto.Parser.ParseFrom(Assert.Single(request.SourceFiles).ToArray()).Name);
        Assert.NotNull(request.Descriptors[1].SourceCodeInfo);
    }

    [Fact]
    public void A_request_that_was_read_is_written_the_same()
    {
        byte[] bytes = Bytes(CodeGeneratorRequest.Create(Compile("hello.proto", "name.proto"), "x"));
        Assert.Equal(bytes, Bytes(CodeGeneratorRequest.Parse(bytes)));
    }

    [Fact]
    public void The_plugin_generates_what_the_compiler_generates()
    {
        CompilationResult result = Compile("hello.proto", "name.proto");
        using MemoryStream input = new(Bytes(CodeGeneratorRequest.Create(result, "services=client,internal_access")));
        using MemoryStream output = new();
        StringWriter errors = new();
        Assert.Equal(0, PluginMain.Run(input, output, errors));
        Assert.Empty(errors.ToString());
        CodeGeneratorResponse response = CodeGeneratorResponse.Parse(output.ToArray());
        Assert.Empty(response.Error);
        Assert.Equal(3UL, response.SupportedFeatures);
        Assert.Equal((998, 1001), (response.MinimumEdition, response.MaximumEdition));
        Assert.Null(FeatureSupport.FindMissing("peregrine", response, result));
        IReadOnlyList<GeneratedFile> expected = CSharpGenerator.Generate([.. result.Files.Select(file => file.Descriptor)],
            ["hello.proto", "name.proto"], new CSharpGeneratorOptions { Services = GrpcServices.Client, InternalAccess = true });
        Assert.Equal(expected.Select(file => (file.Name, file.Text)), response.Files.Select(file => (file.Name, Encoding.UTF8.GetString(file.Content.Span))));
    }

    [Theory]
    [InlineData("no_such_option", "no_such_option")]
    [InlineData("services=all", "services=all")]
    public void A_parameter_that_is_wrong_is_an_error_of_the_response(string parameter, string message)
    {
        CodeGeneratorResponse response = new CSharpCodeGenerator(new CSharpGeneratorOptions()).Generate(CodeGeneratorRequest.Create(Compile("name.proto"), parameter));
        Assert.Contains(message, response.Error, StringComparison.Ordinal);
        Assert.Empty(response.Files);
    }

    [Theory]
    [InlineData("imports itself", "a cycle", """[{ "name": "hello.proto", "dependency": ["hello.proto"] }]""")]
    [InlineData("imports in a ring", "a cycle", """[{ "name": "hello.proto", "dependency": ["b.proto"] }, { "name": "b.proto", "dependency": ["hello.proto"] }]""")]
    [InlineData("lacks an import", "\"b.proto\"", """[{ "name": "hello.proto", "dependency": ["b.proto"] }]""")]
    [InlineData("holds a file twice", "two files of this name", """[{ "name": "hello.proto" }, { "name": "hello.proto" }]""")]
    [InlineData("has two fields of one number", "Number 1", """[{ "name": "hello.proto", "messageType": [{ "name": "M", "field": [{ "name": "a", "number": 1, "label": 1, "type": 5 }, { "name": "b", "number": 1, "label": 1, "type": 5 }] }] }]""")]
    [InlineData("has a default that is no bytes", "default value", """[{ "name": "hello.proto", "messageType": [{ "name": "M", "field": [{ "name": "a", "number": 1, "label": 1, "type": 12, "defaultValue": "\\x" }] }] }]""")]
    [InlineData("has a field in no oneof of its", "oneof_index", """[{ "name": "hello.proto", "messageType": [{ "name": "M", "field": [{ "name": "a", "number": 1, "label": 1, "type": 5, "oneofIndex": 7 }] }] }]""")]
    [InlineData("has a syntax that does not exist", "proto9", """[{ "name": "hello.proto", "syntax": "proto9" }]""")]
    public void A_request_is_refused_that(string what, string message, string files)
    {
        Reflection.FileDescriptorSet set = JsonParser.Default.Parse<Reflection.FileDescriptorSet>($$"""{ "file": {{files}} }""");
        using MemoryStream bytes = new();
        CodedOutputStream request = new(bytes, leaveOpen: true);
        request.WriteTag((1 << 3) | 2);
        request.WriteString("hello.proto");
        foreach (Reflection.FileDescriptorProto file in set.File)
        {
            request.WriteTag((15 << 3) | 2);
            request.WriteMessage(file);
        }

        request.Flush();
        bytes.Position = 0;
        using MemoryStream output = new();
        Assert.True(PluginMain.Run(bytes, output, TextWriter.Null) == 0, what);
        CodeGeneratorResponse response = CodeGeneratorResponse.Parse(output.ToArray());
        Assert.Contains(message, response.Error, StringComparison.Ordinal);
        Assert.Empty(response.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u000a\u0050x")]
    public void What_is_no_request_ends_the_plugin_with_a_message(string input)
    {
        using MemoryStream bytes = new(Encoding.Latin1.GetBytes(input));
        using MemoryStream output = new();
        StringWriter errors = new();
        Assert.Equal(1, PluginMain.Run(bytes, output, errors));
        Assert.StartsWith("protoc-gen-peregrine: ", errors.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public void A_part_without_name_continues_the_file_before()
    {
        OutputTree tree = new();
        new CodeGeneratorResponse
        {
            Files = [File("a", "", "one "), File("", "", "two "), File("", "", "three"), File("b", "", "@@protoc_insertion_point(p)"), File("b", "p", "x"), File("", "", "y")],
        }.AddTo(tree);
        Assert.Equal("one two three", Encoding.UTF8.GetString(tree.Files["a"]));
        Assert.Equal("xy\n@@protoc_insertion_point(p)", Encoding.UTF8.GetString(tree.Files["b"]));
        Assert.Throws<ArgumentException>(() => new CodeGeneratorResponse { Files = [File("", "", "x")] }.AddTo(tree));
    }

    [Fact]
    public void Malformed_responses_are_errors_and_never_crash()
    {
        using MemoryStream valid = new();
        new CodeGeneratorResponse { Error = "e", SupportedFeatures = 3, MinimumEdition = 998, MaximumEdition = 1001, Files = [File("a", "p", "text")] }.WriteTo(valid);
        byte[] bytes = valid.ToArray();
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutant = bytes[..random.Next(bytes.Length + 1)];
            if (mutant.Length > 0)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(() => CodeGeneratorResponse.Parse(mutant));
            Assert.True(error is null or InvalidProtocolBufferException, $"seed {seed}: {error}");
        }
    }

    [Theory]
    [InlineData(0UL, 0, 0, "hasn't been updated to support optional fields in proto3")]
    [InlineData(1UL, 0, 0, "hasn't been updated to support editions yet")]
    [InlineData(3UL, 1001, 1001, "Please upgrade your file to at least edition 2024.")]
    [InlineData(3UL, 998, 999, "switch back to a maximum of edition proto3.")]
    [InlineData(3UL, 998, 1000, null)]
    public void A_generator_must_support_what_the_files_use(ulong features, int minimum, int maximum, string? problem)
    {
        CodeGeneratorResponse response = new() { SupportedFeatures = features, MinimumEdition = minimum, MaximumEdition = maximum };
        string? found = FeatureSupport.FindMissing("g", response, Compile("hello.proto", "edition.proto"));
        if (problem is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(problem, found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_program_is_found_in_the_directories_of_the_path_only()
    {
        string folder = Directory.CreateTempSubdirectory("peregrine path ").FullName;
        string name = OperatingSystem.IsWindows() ? "protoc-gen-test.cmd" : "protoc-gen-test";
        string path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, "");
        string list = "no-such-directory" + Path.PathSeparator + folder;
        if (!OperatingSystem.IsWindows())
        {
            Assert.Null(PluginPath.Find("protoc-gen-test", list)); // not executable
            System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        Assert.Equal(path, PluginPath.Find("protoc-gen-test", list));
        Assert.Null(PluginPath.Find("protoc-gen-test", "no-such-directory"));
        Directory.Delete(folder, recursive: true);
    }

    private static ResponseFile File(string name, string point, string text) => new(name, point, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(CodeGeneratorRequest request)
    {
        using MemoryStream stream = new();
        request.WriteTo(stream);
        return stream.ToArray();
    }

    private static CodeGeneratorRequest Parse(CodeGeneratorRequest request) => CodeGeneratorRequest.Parse(Bytes(request));

    private static CompilationResult Compile(params string[] files)
    {
        ImportResolver resolver = new();
        resolver.AddText("name.proto", Name);
        resolver.AddText("hello.proto", Hello);
        resolver.AddText("edition.proto", "edition = \"2023\"; message E {}");
        CompilationResult result = new Compilation(resolver).Compile(files);
        Assert.Empty(result.Diagnostics);
        return result;
    }
}
