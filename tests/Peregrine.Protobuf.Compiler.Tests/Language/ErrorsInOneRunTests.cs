// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>As many errors as possible in one run, and none that only follows from another.</summary>
public class ErrorsInOneRunTests
{
    private static List<string> Errors(string text) =>
        [.. AnnotatedText.Compile(text).Diagnostics.Select(error => $"{error.Line}:{error.Id}").Order(StringComparer.Ordinal)];

    [Fact]
    public void Label_and_numbers_of_the_tutorial_are_reported_together()
    {
        CompilationResult result = AnnotatedText.Compile("""
            syntax = "proto3";

            message Order {
              required string id = 1;
              string name = 19500;
              string note = 536870912;
            }
            """);
        Assert.Equal([(6, 17), (4, 12), (5, 17)], result.Diagnostics.Select(error => (error.Line, error.Column)));
        Assert.Equal(["PRG1225", "PRG1103", "PRG1226"], result.Diagnostics.Select(error => error.Id));
    }

    [Fact]
    public void Errors_of_every_phase_are_reported_together() => Assert.Equal(["2:PRG1103", "3:PRG1220", "4:PRG1213", "5:PRG1300", "6:PRG1213"], Errors("""
        syntax = "proto3"; message M {
          required int32 a = 1;
          int32 b = 1;
          Missing c = 3;
          int32 d = 4 [unknown_option = 1]; }
        service S { rpc R(Nowhere) returns (M); }
        """));

    [Fact]
    public void Types_and_constraints_are_reported_together() => Assert.Equal(["2:PRG1213", "3:PRG1408", "4:PRG1417"], Errors("""
        syntax = "proto3"; message M {
          Missing a = 1;
          enum E { A = 1; }
          map<float, Missing> b = 2; }
        """).Where(error => error != "4:PRG1213"));

    [Fact]
    public void What_can_be_known_is_reported_despite_a_syntax_error() => Assert.Equal(["2:PRG1021", "3:PRG1226", "4:PRG1220", "5:PRG1201"], Errors("""
        syntax = "proto3"; message M {
          int32 a 1;
          int32 b = 19000;
          int32 c = 5; int32 d = 5; }
        import "missing.proto";
        """));

    [Theory]
    [InlineData("mesage A { } message M { A a = 1; }")]
    [InlineData("message A { int32 } message M { A a = 1; }")]
    [InlineData("message M { int32 a = ; int32 b = ; int32 c = 0x; }")]
    [InlineData("message M { int32 a = 99999999999; reserved 99999999999; }")]
    [InlineData("message M { oneof o { int32 = 1; } enum E { = 0; } }")]
    [InlineData("message M { message N { int32 a = 1; int32 b = 1; }")]
    [InlineData("message M { } } message M { }")]
    [InlineData("import \"missing.proto\"; message M { Missing a = 1; int32 b = 2 [(missing) = 1]; }")]
    [InlineData("message M { int32 a = 1; Unknown b = 2; } message M { int32 a = 1; Unknown c = 2; message N { } N n = 3; }")]
    [InlineData("import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { Missing x = 50000; } message M { int32 a = 1 [(x) = { b: 1 }]; int32 c = 2 [(x).b = 1]; }")]
    [InlineData("message M { repeated Missing a = 1 [packed = true]; }")]
    [InlineData("message M { Missing a = 1 [lazy = true]; map<string, Missing> b = 2; }")]
    public void No_error_only_follows_from_another(string text)
    {
        string[] ofItsOwn = ["PRG1007", "PRG1018", "PRG1019", "PRG1020", "PRG1023", "PRG1201", "PRG1209", "PRG1213"];
        CompilationResult result = AnnotatedText.Compile("syntax = \"proto3\";\n" + text);
        Assert.False(result.Success);
        Assert.All(result.Diagnostics, error => Assert.Contains(error.Id, ofItsOwn));
        int unknown = result.Diagnostics.Count(error => error.Id == "PRG1213");
        Assert.Equal(System.Text.RegularExpressions.Regex.Count(text, "Unknown b|(?<!\")Missing") * (text.Contains("missing.proto", StringComparison.Ordinal) ? 0 : 1), unknown);
    }

    [Fact]
    public void Errors_of_an_import_and_of_the_file_are_reported_together()
    {
        ImportResolver resolver = new();
        resolver.AddText("a.proto", "syntax = \"proto3\"; import \"b.proto\"; message A { B b = 1; int32 c = 0; }");
        resolver.AddText("b.proto", "syntax = \"proto3\"; message B { int32 a = 536870912; }");
        CompilationResult result = new Compilation(resolver).Compile("a.proto");
        Assert.Equal(["b.proto:PRG1225", "a.proto:PRG1202", "a.proto:PRG1224"], result.Diagnostics.Select(error => $"{error.Path}:{error.Id}"));
    }

    [Fact]
    public void An_extension_of_a_file_with_errors_takes_no_number_from_others()
    {
        ImportResolver resolver = new();
        resolver.AddText("base.proto", "syntax = \"proto2\"; message Base { extensions 10; }");
        resolver.AddText("broken.proto", "syntax = \"proto2\"; import \"base.proto\"; extend Base { optional int32 x = 10; } message M { optional int32 a = 0; }");
        resolver.AddText("whole.proto", "syntax = \"proto2\"; import \"base.proto\"; extend Base { optional int32 y = 10; }");
        CompilationResult result = new Compilation(resolver).Compile("broken.proto", "whole.proto");
        Assert.Equal(["broken.proto:PRG1224"], result.Diagnostics.Select(error => $"{error.Path}:{error.Id}"));
        Assert.Equal("whole.proto", Assert.Single(result.Roots).Path);
    }
}
