// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public class NamingStyleTests
{
    [Theory]
    [InlineData("package «foo.Bar; message M { }", "must be lower_snake_case")]
    [InlineData("package «foo_1; message M { }", "no letter follows")]
    [InlineData("message «aBc { }", "must begin with a capital letter")]
    [InlineData("message «A_b { }", "must be TitleCase")]
    [InlineData("message M { int32 «aB = 1; }", "must be lower_snake_case")]
    [InlineData("message M { int32 «a_1 = 1; }", "no letter follows")]
    [InlineData("message M { int32 «a_ = 1; }", "no letter follows")]
    [InlineData("message M { int32 «_a = 1; }", "must begin with a small letter")]
    [InlineData("message M { oneof «Choice { int32 a = 1; } }", "must be lower_snake_case")]
    [InlineData("enum «e { Z = 0; }", "must begin with a capital letter")]
    [InlineData("enum E { «Zero = 0; }", "must be UPPER_SNAKE_CASE")]
    [InlineData("enum E { «ZERO_1 = 0; }", "no letter follows")]
    [InlineData("service «s { }", "must begin with a capital letter")]
    [InlineData("message M { } service S { rpc «get(M) returns (M); }", "must begin with a capital letter")]
    public void Edition_2024_enforces_the_style_guide(string annotated, string rule)
    {
        // A package is reported at its statement.
        string marked = annotated.StartsWith("package «", StringComparison.Ordinal) ? "«package " + annotated["package «".Length..] : annotated;
        AnnotatedText.AssertFirstError("edition = \"2024\"; " + marked, "PRG1426");
        string plain = annotated.Replace("«", "", StringComparison.Ordinal);
        Assert.Contains(rule, Assert.Single(AnnotatedText.Compile("edition = \"2024\"; " + plain).Diagnostics).Message, StringComparison.Ordinal);
        Assert.Empty(AnnotatedText.Compile("edition = \"2023\"; " + plain).Diagnostics);
        string[] parts = plain.StartsWith("package", StringComparison.Ordinal) ? plain.Split(';', 2) : ["", plain];
        Assert.Empty(AnnotatedText.Compile($"edition = \"2024\"; {parts[0]}; option features.enforce_naming_style = STYLE_LEGACY; {parts[1]}").Diagnostics);
    }

    [Fact]
    public void Names_of_the_style_guide_pass() => Assert.Empty(AnnotatedText.Compile("""
        edition = "2024";
        package foo_bar.v1alpha;
        message HTTPRequest1 {
          int32 a1 = 1; map<string, string> some_map = 2;
          oneof one_of { int32 field_v1 = 3; }
          enum Kind { KIND_UNSPECIFIED = 0; KIND_V1 = 1; }
        }
        service Good1 { rpc GetOne(HTTPRequest1) returns (HTTPRequest1); }
        """).Diagnostics);
}
