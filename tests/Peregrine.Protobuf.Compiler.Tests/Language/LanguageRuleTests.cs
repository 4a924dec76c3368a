// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public class LanguageRuleTests
{
    private const string Sets = "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; ";

    [Theory]
    [InlineData("syntax = \"proto3\"; message M { required «int32 a = 1; }", "PRG1103")]
    [InlineData("syntax = \"proto2\"; message M { «int32 a = 1; }", "PRG1102")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = «0; }", "PRG1224")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = «536870912; }", "PRG1225")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = «19000; }", "PRG1226")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = «19999; }", "PRG1226")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = 1; int32 b = «1; }", "PRG1220")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = 1; int32 «a = 2; }", "PRG1209")]
    [InlineData("syntax = \"proto3\"; enum E { A = «1; }", "PRG1408")]
    [InlineData("syntax = \"proto3\"; enum E { A = 0; B = «0; }", "PRG1409")]
    [InlineData("syntax = \"proto3\"; enum «E { }", "PRG1233")]
    [InlineData("syntax = \"proto3\"; message M { oneof o { «repeated int32 a = 1; } }", "PRG1105")]
    [InlineData("syntax = \"proto3\"; message M { oneof o { map«<string, string> a = 1; } }", "PRG1107")]
    [InlineData("syntax = \"proto3\"; message M { «map<double, string> a = 1; }", "PRG1417")]
    [InlineData("syntax = \"proto3\"; message M { reserved «2; int32 a = 2; }", "PRG1230")]
    [InlineData("syntax = \"proto3\"; message M { reserved \"a\"; int32 «a = 2; }", "PRG1231")]
    [InlineData("syntax = \"proto3\"; message M { int32 a «; }", "PRG1021")]
    [InlineData("syntax = \"proto3\"; message M { «Missing a = 1; }", "PRG1213")]
    [InlineData("syntax = \"proto3\"; «import \"missing.proto\";", "PRG1201")]
    [InlineData("syntax = \"proto3\"; message M { int32 a = 1 [default = «1]; }", "PRG1121")]
    [InlineData("syntax = \"proto3\"; option «missing = 1;", "PRG1300")]
    [InlineData("syntax = «\"proto4\";", "PRG1024")]
    [InlineData("edition = «\"2022\";", "PRG1025")]
    [InlineData("syntax = \"proto3\"; message M { string a = 1; /* «", "PRG1003")]
    [InlineData("syntax = \"proto3\"; «}", "PRG1018")]
    [InlineData("syntax = \"proto2\"; message M { option deprecated = -true«; }", "PRG1028")]
    [InlineData(Sets + "message M { option (google.protobuf.MessageOptions.message_set_wire_format) = true; optional int32 «a = 1; }", "PRG1415")]
    [InlineData(Sets + "message M { option (google.protobuf.MessageOptions.message_set_wire_format) = true; extensions 4 to max; } extend M { optional «int32 a = 5; }", "PRG1416")]
    [InlineData("syntax = \"proto3\"; import \"google/protobuf/descriptor.proto\"; message «M { option (google.protobuf.MessageOptions.message_set_wire_format) = true; }", "PRG1123")]
    public void Wrong_source_is_reported_at_its_place(string annotated, string id) => AnnotatedText.AssertFirstError(annotated, id);

    [Theory]
    [InlineData("message «NAME { message Inner { } }")]
    [InlineData("enum «NAME { A = 0; }")]
    [InlineData("message M { int32 «NAME = 1; }")]
    [InlineData("message M { enum E { «NAME = 0; } }")]
    [InlineData("service S { rpc «NAME(M) returns (M); } message M { }")]
    public void Names_of_more_than_16_bits_are_refused_where_they_are_longest_outside(string annotated) =>
        AnnotatedText.AssertFirstError("syntax = \"proto3\"; package p.q; " + annotated.Replace("NAME", new string('N', 65_533), StringComparison.Ordinal), "PRG1239");

    [Fact]
    public void Names_of_16_bits_with_their_scopes_are_accepted() =>
        Assert.True(AnnotatedText.Compile($"syntax = \"proto3\"; package p.q; message {new string('N', 65_531)} {{ }}").Success);

    [Theory]
    [InlineData(101)]
    [InlineData(100_000)]
    public void Names_of_options_with_more_parts_than_messages_can_be_nested_are_refused(int parts)
    {
        const string Types = "import \"google/protobuf/descriptor.proto\"; message R { optional R r = 1; } extend google.protobuf.MessageOptions { optional R x = 50000; }";
        string name = "(x)" + string.Concat(Enumerable.Repeat(".r", parts - 1));

        AnnotatedText.AssertFirstError($"syntax = \"proto2\"; {Types} message M {{ option «{name} = {{ }}; }}", "PRG1318");
    }

    [Theory]
    [InlineData("{ }", "the message lacks required fields: a.")]
    [InlineData("{ a: 1 items { a: 1 } items { } }", "the message lacks required fields: items[1].a.")]
    [InlineData("{ a: 1 [extra] { } }", "the message lacks required fields: (extra).a.")]
    [InlineData("{ a: 1 any { [type.googleapis.com/R] { } } }", "the \"R\" in the Any lacks required fields: a.")]
    public void Values_of_options_have_the_required_fields_of_their_types(string value, string problem)
    {
        const string Types = """
            syntax = "proto2"; import "google/protobuf/descriptor.proto"; import "google/protobuf/any.proto";
            message R { required int32 a = 1; repeated R items = 2; optional google.protobuf.Any any = 3; extensions 10 to 20; }
            extend R { optional R extra = 10; }
            extend google.protobuf.MessageOptions { optional R r = 50000; }

            """;

        Diagnostic error = Assert.Single(AnnotatedText.Compile($"{Types}message M {{ option (r) = {value}; }}").Diagnostics);

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Equal((5, 26), (error.Line, error.Column));
    }

    [Fact]
    public void Several_errors_of_a_file_are_reported_in_one_run()
    {
        CompilationResult result = AnnotatedText.Compile("syntax = \"proto3\";\nmessage M {\n  int32 a;\n  int32 = 2;\n  Q b 3;\n}\n");
        Assert.False(result.Success);
        Assert.Equal([3, 4, 5], result.Diagnostics.Select(d => d.Line));
    }

    [Fact]
    public void A_missing_import_lists_the_places_that_were_tried()
    {
        Sources.ImportResolver resolver = new();
        resolver.AddSearchPath("no-such-directory");
        resolver.AddText("test.proto", "syntax = \"proto3\"; import \"other.proto\";");
        Diagnostic error = Assert.Single(new Compilation(resolver).Compile("test.proto").Diagnostics);
        Assert.Contains(Path.Combine("no-such-directory", "other.proto"), error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_rendered_with_source_line_caret_and_hint()
    {
        Diagnostic error = Assert.Single(AnnotatedText.Compile("syntax = \"proto3\";\nmessage M {\n\trequired int32 a = 1;\n}\n").Diagnostics);
        StringWriter text = new();
        DiagnosticRenderer.Render(text, error);
        string[] lines = text.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith("test.proto:3:18: The field \"a\" is \"required\", which proto3 does not have.", lines[0], StringComparison.Ordinal);
        Assert.Equal("  \trequired int32 a = 1;", lines[1]);
        Assert.Equal("  \t         ^~~~~", lines[2]);
        Assert.StartsWith("  hint: ", lines[3], StringComparison.Ordinal);
        StringWriter msvs = new();
        DiagnosticRenderer.Render(msvs, error, DiagnosticFormat.Msvs);
        Assert.StartsWith("test.proto(3,18): error PRG1103: ", msvs.ToString(), StringComparison.Ordinal);
    }
}
