// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Diagnostics;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>What errors say: the text, the place and the hint of every rule that beginners meet.</summary>
public class ErrorTextTests
{
    [Theory]
    [InlineData("proto3", "message M { required int32 a = 1; }", "1:41", "The field \"a\" is \"required\", which proto3 does not have.", "Remove \"required\"")]
    [InlineData("proto3", "message M { int32 a = 0; }", "1:42", "A field number must be at least 1.", "from 1 to 536870911")]
    [InlineData("proto3", "message M { int32 a = -1; }", "1:42", "Expected the number of the field, but found \"-\".", "from 1 to 536870911")]
    [InlineData("proto3", "message M { int32 a = 19500; }", "1:42", "The field number 19500 is not allowed: 19000 to 19999 belong to protobuf itself.", "below 19000 or above 19999")]
    [InlineData("proto3", "message M { int32 a = 536870912; }", "1:42", "The field number 536870912 is too large; the largest is 536870911.", "from 1 to 536870911")]
    [InlineData("proto3", "message M { int32 a = 4294967296; }", "1:42", "The integer 4294967296 is out of range; the largest value here is 2147483647.", "from 1 to 536870911")]
    [InlineData("proto3", "message M { int32 a = 1; int32 b = 2; int32 c = 1; }", "1:68", "The field number 1 is used by \"a\" already.", "The next free number is 3.")]
    [InlineData("proto3", "message M { int32 a = 1; int32 a = 2; }", "1:51", "\"M.a\" is already defined, as a field.", "Choose another name.")]
    [InlineData("proto3", "message M {} enum M { Z = 0; }", "1:38", "\"M\" is already defined, as a message.", "Choose another name.")]
    [InlineData("proto3", "enum E { A = 0; } enum F { A = 0; }", "1:47", "\"A\" is already defined, as an enum value.", "as in C++")]
    [InlineData("proto3", "enum E { A = 1; }", "1:33", "The first value of the open enum \"E\" must be 0: it is what an unset field reads as.", "E_UNSPECIFIED = 0;")]
    [InlineData("proto3", "enum E { A = 0; B = 0; }", "1:40", "\"B\" has the same number as \"A\": 0.", "allow_alias")]
    [InlineData("proto3", "enum E { }", "1:25", "The enum \"E\" has no values.", "with the number 0")]
    [InlineData("proto3", "message M { Unknown a = 1; }", "1:32", "\"Unknown\" is not defined.", "Check the spelling")]
    [InlineData("proto3", "message M { reserved 2 to 4; int32 a = 3; }", "1:41", "The field \"a\" uses the reserved number 3.", "Choose another number")]
    [InlineData("proto3", "message M { reserved \"a\"; int32 a = 3; }", "1:52", "The field \"a\" has a reserved name.", "Choose another name")]
    [InlineData("proto3", "message M { reserved 1 to 5, 4 to 6; }", "1:41", "The reserved range 1 to 5 overlaps with the reserved range 4 to 6.", "Change one of them")]
    [InlineData("proto3", "message M { reserved 5 to 4; }", "1:41", "The end of the reserved range must not be less than its start.", "Exchange")]
    [InlineData("proto3", "message M { map<float, int32> a = 1; }", "1:32", "A map cannot have keys of type float.", "integers, bool or string")]
    [InlineData("proto3", "message M { map<bytes, int32> a = 1; }", "1:32", "A map cannot have keys of type bytes.", "integers, bool or string")]
    [InlineData("proto3", "message M { map<M, int32> a = 1; }", "1:32", "A map cannot have keys of type M.", "integers, bool or string")]
    [InlineData("proto3", "message M { repeated map<string, int32> a = 1; }", "1:44", "A map field cannot be \"repeated\".", "Remove \"repeated\".")]
    [InlineData("proto3", "message M { oneof o { repeated int32 a = 1; } }", "1:42", "A field of a oneof cannot be \"repeated\": exactly one of them is set, or none.", "Remove")]
    [InlineData("proto3", "message M { oneof o { map<string, int32> a = 1; } }", "1:45", "A map field cannot be part of a oneof.", "into a message")]
    [InlineData("proto3", "message M { int32 a = 1 [default = 1]; }", "1:55", "proto3 has no default values: a field that is not set reads as zero, empty or false.", "Remove")]
    [InlineData("proto2", "message M { int32 a = 1; }", "1:32", "The field \"a\" has no label; in proto2 every field is \"optional\", \"required\" or \"repeated\".", "Write \"optional\"")]
    [InlineData("proto2", "message M { extensions 1 to 9; optional int32 a = 3; }", "1:43", "The extension range 1 to 9 contains the number 3 of the field \"a\".", "split the range")]
    public void An_error_says_what_is_wrong_where_and_what_to_do(string syntax, string text, string place, string message, string hint)
    {
        Diagnostic error = Assert.Single(AnnotatedText.Compile($"syntax = \"{syntax}\"; {text}").Diagnostics);
        Assert.Equal(("test.proto", place, message), (error.Path, $"{error.Line}:{error.Column}", error.Message));
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("message Person {} message M { Persn a = 1; }", "Person")]
    [InlineData("message Info { message Person {} } message M { Person a = 1; }", "Info.Person")]
    [InlineData("message M { int32 a = 1 [deprecatd = true]; }", "deprecated")]
    [InlineData("mesage M { }", "message")]
    [InlineData("option optimize_for = SPED;", "SPEED")]
    [InlineData("import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FieldOptions { string my_option = 50000; } message M { int32 a = 1 [(my_opton) = \"\"]; }", "my_option")]
    public void A_misspelled_name_brings_the_name_that_was_meant(string text, string meant)
    {
        Diagnostic error = Assert.Single(AnnotatedText.Compile("syntax = \"proto3\"; " + text).Diagnostics);
        Assert.Equal($"Did you mean \"{meant}\"?", error.Hint);
    }

    [Fact]
    public void A_misspelled_field_in_braces_brings_the_name_that_was_meant()
    {
        Diagnostic error = Assert.Single(AnnotatedText.Compile("""
            syntax = "proto3";
            import "google/protobuf/descriptor.proto";
            message Rule { string pattern = 1; }
            extend google.protobuf.FieldOptions { Rule rule = 50000; }
            message M { string a = 1 [(rule) = { patern: "x" }]; }
            """).Diagnostics);
        Assert.EndsWith("\"Rule\" has no field \"patern\"; did you mean \"pattern\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_nothing_brings_no_guess() =>
        Assert.DoesNotContain("Did you mean", Assert.Single(AnnotatedText.Compile("syntax = \"proto3\"; message M { Zygote a = 1; }").Diagnostics).Hint, StringComparison.Ordinal);
}
