// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>What imports make of files: rules that hold for files that are compiled, not for those they import; uses; options messages.</summary>
public class ImportRuleTests
{
    private static CompilationResult Compile(string root, params (string Path, string Text)[] imports)
    {
        ImportResolver resolver = new();
        resolver.AddText("root.proto", root);
        foreach ((string path, string text) in imports)
        {
            resolver.AddText(path, text);
        }

        return new Compilation(resolver).Compile("root.proto");
    }

    [Theory]
    [InlineData("syntax = \"proto3\"; message M { int32 a = 19000; }")]
    [InlineData("syntax = \"proto3\"; message M { option ctype = 1; }", "syntax = \"proto3\"; import \"google/protobuf/descriptor.proto\"; message M { } extend google.protobuf.FieldOptions { int32 n = 50000 [targets = TARGET_TYPE_FILE]; } message N { int32 a = 1 [(n) = 1]; }")]
    [InlineData("edition = \"UNSTABLE\"; message M { }")]
    public void Some_rules_hold_only_for_files_that_are_compiled_themselves(string text, string? instead = null)
    {
        string imported = instead ?? text;
        Assert.True(Compile("syntax = \"proto3\"; import \"imported.proto\"; message R { M m = 1; }", ("imported.proto", imported)).Success);
        Assert.False(Compile(imported).Success);
    }

    [Fact]
    public void Two_extensions_of_one_number_in_different_files_are_a_warning()
    {
        CompilationResult result = Compile(
            "syntax = \"proto2\"; import \"a.proto\"; extend M {\n  optional int32 y = 100; }",
            ("a.proto", "syntax = \"proto2\"; message M { extensions 100; } extend M { optional int32 x = 100; }"));
        Assert.True(result.Success);
        Diagnostic warning = Assert.Single(result.Diagnostics);
        Assert.Equal(("PRG1236", DiagnosticSeverity.Warning, 2, 22), (warning.Id, warning.Severity, warning.Line, warning.Column));
    }

    private const string Definitions = "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; import \"inner.proto\"; extend google.protobuf.MessageOptions { optional Inner inner = 50000; optional Level level = 50001; }";
    private const string Inner = "syntax = \"proto2\"; message Inner { optional int32 n = 1; extensions 100; } enum Level { LOW = 0; } extend Inner { optional int32 more = 100; }";

    [Theory]
    [InlineData("option (inner).n = 1;", true)]
    [InlineData("option (inner) = { n: 1 };", true)]
    [InlineData("option (inner) = { [more]: 1 };", false)]
    [InlineData("option (inner).(more) = 1;", false)]
    [InlineData("option (level) = LOW;", false)]
    public void An_import_counts_as_used_when_a_name_is_looked_up_in_it(string option, bool isUnused)
    {
        CompilationResult result = Compile(
            "syntax = \"proto2\"; import \"definitions.proto\"; import \"inner.proto\"; import \"google/protobuf/descriptor.proto\"; message M { " + option + " }",
            ("definitions.proto", Definitions),
            ("inner.proto", Inner));
        Assert.True(result.Success);
        Assert.Equal(isUnused ? ["PRG1205"] : [], result.Diagnostics.Select(warning => warning.Id));
    }

    [Fact]
    public void Options_are_those_of_a_descriptor_proto_of_the_users_own()
    {
        const string Own = "syntax = \"proto2\"; package google.protobuf; message MessageOptions { optional string team = 900; extensions 1000 to max; } message FieldOptions { extensions 1000 to max; }";
        CompilationResult result = Compile(
            "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; message M { option team = \"a\"; optional int32 n = 1; } enum E { option allow_alias = true; A = 0; B = 0; }",
            ("google/protobuf/descriptor.proto", Own));
        Assert.Empty(result.Diagnostics);
        Assert.False(Compile("syntax = \"proto2\"; message M { option team = \"a\"; }").Success);
    }

    [Fact]
    public void Options_are_those_of_any_file_that_defines_their_message()
    {
        CompilationResult result = Compile(
            "syntax = \"proto2\"; import \"other.proto\"; message M { option team = \"a\"; }",
            ("other.proto", "syntax = \"proto2\"; package google.protobuf; message MessageOptions { optional string team = 70000; }"));
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public void A_feature_may_be_used_in_its_own_file_inside_braces_but_not_by_its_name()
    {
        const string Feature = "edition = \"2023\"; import \"google/protobuf/descriptor.proto\"; message F { bool on = 1; } extend google.protobuf.FeatureSet { F f = 9996; } ";
        Assert.Empty(Compile(Feature + "option features = { [f] { on: true } };").Diagnostics);
        Assert.Equal("PRG1316", Assert.Single(Compile(Feature + "option features.(f).on = true;").Diagnostics).Id);
    }

    [Fact]
    public void What_descriptor_proto_declares_about_its_extensions_is_not_enforced() => Assert.Empty(Compile(
        "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; message F { } extend google.protobuf.FeatureSet { optional F f = 1000; }").Diagnostics);
}
