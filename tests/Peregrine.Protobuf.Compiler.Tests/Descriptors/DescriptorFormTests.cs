// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>
/// The forms of a descriptor, byte for byte as protoc 35.1 writes them. The expected files lie beside the cases; <c>eng/descriptor-forms.sh</c>
/// compares with protoc itself, and writes them anew when it is asked to.
/// </summary>
public class DescriptorFormTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.EnumerateFiles(Folder(), "*.proto").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_stripped_form_is_the_one_protoc_writes(string name) =>
        Assert.Equal(Expected(name, "stripped"), Compile(name).Serialized.ToArray());

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_retained_form_is_the_one_protoc_writes(string name) =>
        Assert.Equal(Expected(name, "retained"), Compile(name).Retained.ToArray());

    [Fact]
    public void Only_the_forms_that_were_asked_for_can_be_had()
    {
        CompiledFile file = Compile("plain", new CompilationOptions { Forms = DescriptorForms.WithoutSourceInfo });
        Assert.False(file.SerializedWithoutSourceInfo.IsEmpty);
        Assert.Throws<InvalidOperationException>(() => file.Serialized);
        Assert.Throws<InvalidOperationException>(() => file.Retained);
        Assert.Throws<InvalidOperationException>(() => file.Descriptor);
    }

    private static CompiledFile Compile(string name, CompilationOptions? options = null)
    {
        ImportResolver resolver = new();
        resolver.AddSearchPath(Folder());
        CompilationResult result = new Compilation(resolver, options).Compile(name + ".proto");
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assert.Single(result.Roots);
    }

    // A set of one file: the length of the file stands between its tag and its bytes.
    private static byte[] Expected(string name, string form)
    {
        byte[] set = File.ReadAllBytes(Path.Combine(Folder(), $"{name}.{form}.binpb"));
        int start = 1;
        while (set[start++] >= 0x80)
        {
        }

        return set[start..];
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Cases");
}
