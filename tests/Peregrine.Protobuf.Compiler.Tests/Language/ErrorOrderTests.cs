// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>Of several errors the first one is the one that protoc tells first: it goes by phases, and inside them by its own order.</summary>
public class ErrorOrderTests
{
    [Theory]
    [InlineData("syntax = \"proto2\"; message M { option map_entry = true; «int32 a = 1; }", "PRG1102")]
    [InlineData("syntax = \"proto2\"; message M { option «map_entry = true; } message N { int32 a = 1; }", "PRG1120")]
    [InlineData("syntax = \"proto2\"; message M { optional group g «{ } }", "PRG1021")]
    [InlineData("syntax = \"proto2\"; message M { optional group «g = 1; }", "PRG1111")]
    [InlineData("syntax = \"proto2\"; message M { map «a = 1; }", "PRG1102")]
    [InlineData("syntax = \"proto4\"; «\u0001", "PRG1004")]
    [InlineData("syntax = «\"proto4\"; /* */ message M { \u0001 }", "PRG1024")]
    [InlineData("syntax = \"proto2\"; /* a «\0 */", "PRG1003")]
    [InlineData("syntax = \"proto2\"; // a «\0 b\nmessage M { }", "PRG1004")]
    [InlineData("message M { «int32 a = 1; } group '\0\0\0", "PRG1102")]
    public void In_the_syntax_it_goes_by_the_token_that_shows_it(string annotated, string id) => AnnotatedText.AssertFirstError(annotated, id);

    [Theory]
    [InlineData("message M { int32 a = 1; } message M { int32 «a = 2; int32 b = 3; }", "PRG1209")]
    [InlineData("message M { int32 a = 1; } message «M { int32 b = 3; }", "PRG1209")]
    [InlineData("message M { int32 a = «0; int32 a = 2; }", "PRG1224")]
    [InlineData("message M { reserved 20, «1 to 5, 10 to 11, 11 to 12, 3; }", "PRG1228")]
    [InlineData("enum E { A = 0; enum_ = 1; «A = 2; } enum F { }", "PRG1209")]
    [InlineData("service S { rpc A(M) returns (M); rpc «A(M) returns (M); } message M { Missing a = 1; }", "PRG1209")]
    public void Then_names_and_numbers_symbol_by_symbol(string annotated, string id) => AssertProto3(annotated, id);

    [Theory]
    [InlineData("message M { required int32 a = 1; «Missing b = 2; }", "PRG1213")]
    [InlineData("message M { int32 a = 1; int32 b = «1; Missing c = 3; }", "PRG1220")]
    [InlineData("message M { message N { «Missing a = 1; } Missing b = 2; }", "PRG1213")]
    [InlineData("message M { Missing a = 1; oneof o { «} }", "PRG1018")]
    public void Then_types(string annotated, string id) => AssertProto3(annotated, id);

    [Theory]
    [InlineData("message M { required int32 a = 1 [«foo = 1]; }", "PRG1300")]
    [InlineData("message M { option foo = 1; int32 a = 1 [«bar = 1]; } option baz = 1;", "PRG1300")]
    [InlineData("message «M { option features.utf8_validation = NONE; required int32 a = 1; }", "PRG1315")]
    [InlineData("import \"google/protobuf/descriptor.proto\"; message «M { option features.field_presence = EXPLICIT; option (foo) = 1; }", "PRG1315")]
    [InlineData("message M { int32 a = 1 [features = «FOO]; }", "PRG1308")]
    [InlineData("message M { option uninterpreted_option = 1; int32 a = 1 [«foo = 1]; }", "PRG1300")]
    public void Then_options_and_features(string annotated, string id) => AssertProto3(annotated, id);

    [Theory]
    [InlineData("message M { extensions «1 to 9; option message_set_wire_format = true; }", "PRG1122")]
    [InlineData("message M { int32 a = 19000; required «int32 b = 1; }", "PRG1103")]
    [InlineData("message M { option «packed = true; }", "PRG1300")]
    [InlineData("message M { int32 a = 19000; int32 A = 2; enum E { X = «1; } }", "PRG1408")]
    public void Then_what_needs_all_of_it(string annotated, string id) => AssertProto3(annotated, id);

    [Theory]
    [InlineData("«edition = \"2026\"; message M { Missing a = 1; }", "PRG1124")]
    [InlineData("«edition = \"99999_TEST_ONLY\"; message M { M a = 1; M a = 2; }", "PRG1124")]
    [InlineData("«edition = \"1_TEST_ONLY\"; message M { Missing a = 1; }", "PRG1126")]
    [InlineData("«edition = \"UNSTABLE\"; message M { }", "PRG1127")]
    [InlineData("edition = \"UNSTABLE\"; message M { string «has_a = 1; string a = 2; }", "PRG1426")]
    [InlineData("edition = \"UNSTABLE\"; message M { string «a_value = 1; oneof a { string b = 2; } }", "PRG1426")]
    [InlineData("edition = \"UNSTABLE\"; message M { string «descriptor = 1; }", "PRG1426")]
    [InlineData("edition = \"UNSTABLE\"; message M { «fixed32 a = 1; }", "PRG1125")]
    [InlineData("edition = \"2023\"; message «M { option features.json_format = JSON_FORMAT_UNKNOWN; enum E { A = 1; } }", "PRG1317")]
    [InlineData("edition = \"2023\"; message M { «optional map<string, string> a = 1; }", "PRG1104")]
    [InlineData("edition = \"2023\"; message M { map<string, «group> a = 1; }", "PRG1109")]
    [InlineData("syntax = \"proto2\"; message M { map<string, «group> a = 1; }", "PRG1128")]
    [InlineData("edition = \"2023\"; message M { option features.field_presence = LEGACY_REQUIRED; «map<string, string> a = 1; }", "PRG1429")]
    [InlineData("syntax = \"proto2\"; message M { map<string, string> a = 1 [default = «x]; }", "PRG1221")]
    [InlineData("syntax = \"proto2\"; message M { reserved «2147483647; }", "PRG1227")]
    [InlineData("syntax = \"proto3\"; import \"google/protobuf/any.proto\"; «import \"google/protobuf/any.proto\"; message M { Missing a = 1; }", "PRG1204")]
    public void Editions_and_rarer_rules_stand_at_their_place(string annotated, string id) => AnnotatedText.AssertFirstError(annotated, id);

    [Fact]
    public void A_file_of_hostile_bytes_does_not_hide_what_stands_before_them()
    {
        CompilationResult result = AnnotatedText.Compile("group " + string.Concat(Enumerable.Repeat("\0 ", 500)));
        Diagnostic first = result.Diagnostics[0];
        Assert.Equal(("PRG1018", 1, 1), (first.Id, first.Line, first.Column));
    }

    [Fact]
    public void Braces_that_close_nothing_do_not_hide_what_stands_before_them()
    {
        CompilationResult result = AnnotatedText.Compile("message M { import \"a\" } " + new string('}', 500));
        Assert.Equal(("PRG1102", 1, 13), (result.Diagnostics[0].Id, result.Diagnostics[0].Line, result.Diagnostics[0].Column));
    }

    [Fact]
    public void A_hash_comments_out_the_rest_of_a_value() => Assert.Empty(AnnotatedText.Compile(
        "edition = \"2023\"; option features = { field_presence: IMPLICIT # is \"what\" {}\n we = want };").Diagnostics);

    private static void AssertProto3(string annotated, string id) => AnnotatedText.AssertFirstError("syntax = \"proto3\"; " + annotated, id);
}
