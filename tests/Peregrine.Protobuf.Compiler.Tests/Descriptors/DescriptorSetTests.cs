// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>Files that come from a descriptor set are as good as those that come as text.</summary>
public class DescriptorSetTests
{
    public static TheoryData<string> Cases => DescriptorFormTests.Cases;

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_from_a_set_has_the_descriptors_that_its_text_has(string name)
    {
        ImportResolver text = new();
        text.AddSearchPath(Folder());
        CompilationResult fromText = new Compilation(text).Compile(name + ".proto");
        ImportResolver set = new();
        set.AddDescriptorSet(Write(fromText, includeImports: true, DescriptorForms.RetainedWithSourceInfo));
        CompilationResult fromSet = new Compilation(set).Compile(name + ".proto");
        Assert.True(fromSet.Success, string.Join('\n', fromSet.Diagnostics));
        foreach (DescriptorForms form in (IEnumerable<DescriptorForms>)[DescriptorForms.WithSourceInfo, DescriptorForms.WithoutSourceInfo,
            DescriptorForms.RetainedWithSourceInfo, DescriptorForms.RetainedWithoutSourceInfo])
        {
            Assert.Equal(Write(fromText, includeImports: true, form), Write(fromSet, includeImports: true, form));
        }
    }

    [Fact]
    public void Text_can_import_files_of_a_set_and_use_their_options()
    {
        ImportResolver text = new();
        text.AddSearchPath(Folder());
        byte[] bytes = Write(new Compilation(text).Compile("many_a.proto"), includeImports: true, DescriptorForms.WithoutSourceInfo);
        ImportResolver mixed = new();
        mixed.AddDescriptorSet(bytes);
        const string Mine = "syntax = \"proto3\"; import \"many_a.proto\"; import \"knobs.proto\"; message M { option (forms.message_knob) = { secret: \"x\" level: 1 }; forms.many.B b = 1; }";
        text.AddText("mine.proto", Mine);
        mixed.AddText("mine.proto", Mine);
        CompiledFile expected = Assert.Single(new Compilation(text).Compile("mine.proto").Roots);
        CompiledFile actual = Assert.Single(new Compilation(mixed).Compile("mine.proto").Roots);
        Assert.Equal(expected.Serialized.ToArray(), actual.Serialized.ToArray());
        Assert.Equal(expected.Retained.ToArray(), actual.Retained.ToArray());
    }

    [Fact]
    public void A_set_that_lacks_an_import_or_a_type_is_an_error_of_the_file()
    {
        FileDescriptorProto file = new() { Name = "a.proto", Dependency = { "missing.proto" } };
        FileDescriptorProto other = new()
        {
            Name = "b.proto",
            MessageType = { new DescriptorProto { Name = "M", Field = { new FieldDescriptorProto { Name = "f", Number = 1, Type = FieldDescriptorProto.Types.Type.Message, TypeName = ".Missing" } } } },
        };
        ImportResolver resolver = new();
        resolver.AddDescriptorSet(new FileDescriptorSet { File = { file, other } }.ToByteArray());
        Assert.Contains(new Compilation(resolver).Compile("a.proto").Diagnostics, error => error.Id == "PRG1201");
        Assert.Contains(new Compilation(resolver).Compile("b.proto").Diagnostics, error => error.Id == "PRG1238");
    }

    [Fact]
    public void A_set_that_breaks_a_rule_of_the_language_is_an_error_of_the_file()
    {
        FileDescriptorProto file = new() { Name = "a.proto" };
        file.MessageType.Add(new DescriptorProto { Name = "M" });
        file.MessageType[0].Field.Add(new FieldDescriptorProto { Name = "f", Number = 19_000, Type = FieldDescriptorProto.Types.Type.Int32, Label = FieldDescriptorProto.Types.Label.Optional });
        ImportResolver resolver = new();
        resolver.AddDescriptorSet(new FileDescriptorSet { File = { file } }.ToByteArray());
        var error = Assert.Single(new Compilation(resolver).Compile("a.proto").Diagnostics);
        Assert.Equal("PRG1238", error.Id);
        Assert.Contains("M.f: Numbers 19000 to 19999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_may_have_what_only_deprecated_options_allow()
    {
        ImportResolver text = new();
        text.AddText("a.proto", "syntax = \"proto3\"; message M { option deprecated_legacy_json_field_conflicts = true; uint32 fooBar = 1; uint32 foo_bar = 2; }");
        byte[] bytes = Write(new Compilation(text).Compile("a.proto"), includeImports: true, DescriptorForms.WithoutSourceInfo);
        ImportResolver set = new();
        set.AddDescriptorSet(bytes);
        Assert.True(new Compilation(set).Compile("a.proto").Success);
    }

    [Fact]
    public void Malformed_sets_never_crash_the_compiler()
    {
        ImportResolver text = new();
        text.AddSearchPath(Folder());
        byte[] valid = Write(new Compilation(text).Compile("many_b.proto"), includeImports: true, DescriptorForms.RetainedWithoutSourceInfo);
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int i = 0; i < 300; i++)
        {
            byte[] mutant = [.. valid];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            Exception? error = Record.Exception(() =>
            {
                ImportResolver resolver = new();
                resolver.AddDescriptorSet(mutant);
                CompilationResult result = new Compilation(resolver).Compile("many_b.proto");
                Assert.All(result.Files, file => Assert.False(file.Serialized.IsEmpty));
            });
            Assert.True(error is null or InvalidProtocolBufferException, $"seed {seed}: {error}");
        }
    }

    private static byte[] Write(CompilationResult result, bool includeImports, DescriptorForms form)
    {
        using MemoryStream stream = new();
        DescriptorSet.Write(stream, DescriptorSet.Order(result, includeImports), form);
        return stream.ToArray();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Cases");
}
