// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>Compilations of many files: other threads read ahead and write descriptors, and nobody can tell from the result.</summary>
public sealed class ManyFilesTests
{
    private const int Count = 120;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Threads_change_neither_descriptors_nor_the_order_of_files(int threads)
    {
        CompilationResult alone = Compile(1, DescriptorForms.WithSourceInfo, Chain());
        CompilationResult together = Compile(threads, DescriptorForms.WithSourceInfo, Chain());

        Assert.True(alone.Success, string.Join('\n', alone.Diagnostics));
        Assert.Equal(alone.Files.Select(file => file.Path), together.Files.Select(file => file.Path));
        Assert.All(alone.Files.Zip(together.Files), pair => Assert.Equal(pair.First.Serialized.ToArray(), pair.Second.Serialized.ToArray()));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void Threads_change_neither_errors_nor_their_order(int threads)
    {
        Dictionary<string, string> files = Chain();
        for (int i = 0; i < Count; i += 7)
        {
            files[Name(i)] += $"message Broken{i} {{ Missing field = 1; }}\n";
        }

        files[Name(3)] += "import \"nowhere.proto\";\n";
        IEnumerable<string> alone = Compile(1, DescriptorForms.None, files).Diagnostics.Select(diagnostic => diagnostic.ToString());

        Assert.Equal(alone, Compile(threads, DescriptorForms.None, files).Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void Files_that_import_each_other_are_an_error_on_any_number_of_threads()
    {
        Dictionary<string, string> files = Chain();
        files[Name(0)] = $"syntax = \"proto3\"; import \"{Name(Count - 1)}\";\n";

        Assert.Contains(Compile(4, DescriptorForms.None, files).Diagnostics, diagnostic => diagnostic.Message.Contains("imports itself", StringComparison.Ordinal));
    }

    [Fact]
    public void Forms_that_were_not_asked_for_cannot_be_had_and_the_error_names_the_option()
    {
        CompiledFile file = Compile(2, DescriptorForms.WithoutSourceInfo, Chain()).Files[0];

        Assert.False(file.SerializedWithoutSourceInfo.IsEmpty);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => file.Serialized);
        Assert.Contains("CompilationOptions.Forms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_choice_of_forms_every_form_can_be_had_at_any_time()
    {
        CompiledFile file = Compile(2, forms: null, Chain()).Roots[1];

        Assert.True(file.Serialized.Length > file.SerializedWithoutSourceInfo.Length);
        Assert.True(file.Retained.Length > file.Serialized.Length);
        Assert.True(file.RetainedWithoutSourceInfo.Length > file.SerializedWithoutSourceInfo.Length);
    }

    [Fact]
    public void Degrees_of_parallelism_below_one_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompilationOptions { MaxDegreeOfParallelism = 0 });

    [Fact]
    public void Comments_that_are_not_UTF8_stay_the_bytes_that_they_are()
    {
        ImportResolver resolver = new();
        resolver.AddBytes("bytes.proto", [.. "// caf"u8, 0xE9, .. "\nmessage M {}\n"u8]);

        ReadOnlySpan<byte> descriptor = new Compilation(resolver).Compile("bytes.proto").Roots[0].Serialized.Span;

        Assert.True(descriptor.IndexOf((ReadOnlySpan<byte>)[.. " caf"u8, 0xE9, (byte)'\n']) >= 0);
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"file{index}.proto");

    // Each file imports the one before, and extends options that the first defines, so that much is looked up in files that are done.
    private static Dictionary<string, string> Chain()
    {
        Dictionary<string, string> files = [];
        files[Name(0)] = "syntax = \"proto3\"; package p; import \"google/protobuf/descriptor.proto\";\n"
            + "message Note { string text = 1; int32 hidden = 2 [retention = RETENTION_SOURCE]; }\n"
            + "extend google.protobuf.MessageOptions { Note note = 50000; }\nmessage M0 {}\n";
        for (int i = 1; i < Count; i++)
        {
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"syntax = \"proto3\"; package p; import public \"{Name(i - 1)}\";\n// The message {i}.\n");
            text.Append(CultureInfo.InvariantCulture, $"message M{i} {{ option (note) = {{ text: \"{i}\" hidden: {i} }}; M{i - 1} before = 1; map<string, M0> first = 2; }}\n");
            files[Name(i)] = text.ToString();
        }

        return files;
    }

    private static CompilationResult Compile(int threads, DescriptorForms? forms, Dictionary<string, string> files)
    {
        ImportResolver resolver = new();
        foreach ((string name, string text) in files)
        {
            resolver.AddText(name, text);
        }

        return new Compilation(resolver, new CompilationOptions { Forms = forms, MaxDegreeOfParallelism = threads }).Compile(files.Keys);
    }
}
