// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class TypeClashTests
{
    private const string Head = "syntax = \"proto3\"; option csharp_namespace = \"Shared\"; ";

    [Fact]
    public void One_type_of_two_files_is_refused_with_both_names()
    {
        var message = Refusal(("a.proto", Head + "package a; message Thing {}"), ("b.proto", Head + "package b; enum Thing { ZERO = 0; }"));
        Assert.Equal(
            "Both the message a.Thing of \"a.proto\" and the enum b.Thing of \"b.proto\" are the C# type \"Shared.Thing\". "
            + "Give one of the files another csharp_namespace, or put them into different projects.",
            message);
    }

    [Fact]
    public void A_type_that_an_import_has_is_refused_too()
    {
        (string, string)[] files =
        [
            ("a.proto", Head + "package a; message Thing {}"),
            ("b.proto", Head + "package b; import \"a.proto\"; message Thing { a.Thing thing = 1; }"),
        ];
        Assert.Contains("\"Shared.Thing\"", Refusal(files, "b.proto"), StringComparison.Ordinal);
        Assert.Empty(GeneratedSource.Compile(GeneratedSource.Generate(new CSharpGeneratorOptions(), files, ["a.proto"])));
    }

    [Fact]
    public void Files_that_are_generated_apart_may_have_the_same_types()
    {
        (string, string)[] files = [("a.proto", Head + "package a; message Thing {}"), ("b.proto", Head + "package b; message Thing {}")];
        Assert.Single(GeneratedSource.Generate(new CSharpGeneratorOptions(), files, ["a.proto"]));
        Assert.Single(GeneratedSource.Generate(new CSharpGeneratorOptions(), files, ["b.proto"]));
    }

    [Fact]
    public void Classes_for_descriptors_count_as_types() =>
        Assert.Contains(
            "\"Shared.ThingReflection\"",
            Refusal(("a/thing.proto", Head + "package a;"), ("b.proto", Head + "package b; message ThingReflection {}")),
            StringComparison.Ordinal);

    [Fact]
    public void A_type_with_the_name_of_a_namespace_is_refused() =>
        Assert.Equal(
            "The message foo.Bar of \"a.proto\" is the C# type \"Foo.Bar\", which is also the namespace of \"b.proto\" or a part of it. "
            + "Give one of the files another csharp_namespace.",
            Refusal(("a.proto", "syntax = \"proto3\"; package foo; message Bar {}"), ("b.proto", "syntax = \"proto3\"; package foo.bar.v1; message X {}")));

    [Fact]
    public void A_namespace_that_is_none_is_refused() =>
        Assert.Equal(
            "The csharp_namespace \"A; class B {}\" of \"a.proto\" is not a C# namespace: identifiers with periods between them.",
            Refusal(("a.proto", "syntax = \"proto3\"; option csharp_namespace = \"A; class B {}\"; message M {}")));

    [Fact]
    public void Many_clashes_are_told_in_few_lines()
    {
        var types = string.Concat(Enumerable.Range(0, 30).Select(i => $"message M{i} {{}} "));
        var lines = Refusal(("a.proto", Head + "package a; " + types), ("b.proto", Head + "package b; " + types)).Split('\n');
        Assert.Equal(11, lines.Length);
        Assert.Equal("There are 20 more.", lines[^1]);
    }

    private static string Refusal(params (string Path, string Text)[] files) => Refusal(files, [.. files.Select(file => file.Path)]);

    private static string Refusal((string Path, string Text)[] files, params string[] generate) =>
        Assert.Throws<CSharpGeneratorException>(() => GeneratedSource.Generate(new CSharpGeneratorOptions(), files, generate)).Message;
}
