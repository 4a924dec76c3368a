// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Peregrine.Protobuf.Compiler.Formatting;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Formatting;

public class ProtoFormatterTests
{
    private const string Messy = """
        /* header
           comment */
        syntax="proto2"; // trailing


        package  a . b;
        import   "google/protobuf/descriptor.proto" ;
        message   M{ // M's
          // first
          optional   int32   a=1[deprecated=true,(foo)={a:1 b:<a:2>}];/* t */ map < string ,.a.b.M > m=2;


          /* starred
        * lines */
          optional group G=3{}
          repeated .a.b.M r = 4;  ;
          // last
        }
        enum E{ NONE=0; }
        service S{rpc F ( stream .a.b.M )returns( M ){} rpc G(M) returns (M){option (http)={a:-1 /*c*/ b:{a:2},
        list:[ 1,2 ]};}}
        option (long) = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
           "bbbbbbbbbbbbb";
        message O { oneof x { int32 a = 1 [json_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", deprecated = true, (foo) = {}]; }; reserved 2 to 5 , 7;
          // own

          // detached
          optional string /* inline */ s = 20
            // before semicolon
            ;
        }
        message V { optional int32 a = 1; optional V b = 2; repeated int32 list = 3; }
        extend google.protobuf.FieldOptions { optional V foo = 50000; }
        extend google.protobuf.MethodOptions { optional V http = 50000; }
        extend google.protobuf.FileOptions { optional string long = 50000; }
        """;

    private const string Neat = """
        /* header
           comment */
        syntax = "proto2"; // trailing

        package a.b;
        import "google/protobuf/descriptor.proto";
        message M { // M's
          // first
          optional int32 a = 1 [
            deprecated = true,
            (foo) = { a: 1 b: < a: 2 > }
          ]; /* t */
          map<string, .a.b.M> m = 2;

          /* starred
           * lines */
          optional group G = 3 {}
          repeated .a.b.M r = 4;
          // last
        }
        enum E {
          NONE = 0;
        }
        service S {
          rpc F(stream .a.b.M) returns (M) {}
          rpc G(M) returns (M) {
            option (http) = {
              a: -1 /*c*/
              b: { a: 2 }
              list: [1, 2]
            };
          }
        }
        option (long) = "aaaaaaaaaaaaaaaaaaaaaaaaaa"
            "bbbbbbbbbbbbb";
        message O {
          oneof x {
            int32 a = 1 [
              json_name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              deprecated = true,
              (foo) = {}
            ];
          }
          reserved 2 to 5, 7;
          // own

          // detached
          optional string /* inline */ s = 20
              // before semicolon
              ;
        }
        message V {
          optional int32 a = 1;
          optional V b = 2;
          repeated int32 list = 3;
        }
        extend google.protobuf.FieldOptions {
          optional V foo = 50000;
        }
        extend google.protobuf.MethodOptions {
          optional V http = 50000;
        }
        extend google.protobuf.FileOptions {
          optional string long = 50000;
        }

        """;

    [Fact]
    public void A_messy_file_gets_its_standard_form() => Assert.Equal(Neat.ReplaceLineEndings("\n"), Format(Messy));

    [Fact]
    public void Formatting_twice_is_formatting_once() => Assert.Equal(Format(Messy), Format(Format(Messy)));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("  ")]
    public void Blanks_and_line_ends_between_tokens_do_not_change_the_meaning(string blank)
    {
        string spread = Neat.ReplaceLineEndings("\n").Replace(" ", blank == "  " ? blank : " ", StringComparison.Ordinal).Replace("\n", blank == "  " ? "\n" : blank, StringComparison.Ordinal);
        Assert.Equal(Descriptor(Messy), Descriptor(Format(spread)));
        Assert.Equal(Descriptor(Messy), Descriptor(Format(Messy)));
    }

    [Fact]
    public void The_standard_files_keep_their_meaning_and_are_stable()
    {
        foreach (string path in Directory.EnumerateFiles(ProtoFolder(), "*.proto", SearchOption.AllDirectories))
        {
            string once = Format(File.ReadAllText(path));
            Assert.Equal(once, Format(once));
        }
    }

    [Fact]
    public void Every_cut_of_a_file_is_formatted_or_refused_and_what_is_formatted_is_stable()
    {
        byte[] text = Encoding.UTF8.GetBytes(Messy);
        for (int length = 0; length < text.Length; length++)
        {
            FormatResult result = ProtoFormatter.Format(text[..length]);
            Assert.Equal(result.Text is null, result.Diagnostics.Count > 0);
            if (result.Text is { } once)
            {
                Assert.Equal(once, Format(once));
            }
        }
    }

    [Theory]
    [InlineData("message A{;}", "message A {}\n")]
    [InlineData("message A{}\n\n;", "message A {}\n")]
    [InlineData(";/* a */;message A{}", "/* a */ message A {}\n")]
    public void Empty_statements_go(string text, string formatted) => Assert.Equal(formatted, Format(text));

    [Theory]
    [InlineData("message {", "PRG")]
    [InlineData("option (a) = { < };", "PRG1902")]
    [InlineData("option (a) = { b: };", "PRG1902")]
    [InlineData("option (a) = { b 1 };", "PRG1902")]
    [InlineData("option (a) = { b: [1 2] };", "PRG1902")]
    [InlineData("option (a) = { [b: 1 };", "PRG1902")]
    public void What_cannot_be_read_is_left_alone_with_the_reason(string text, string id)
    {
        FormatResult result = ProtoFormatter.Format(text);
        Assert.Null(result.Text);
        Assert.StartsWith(id, result.Diagnostics[0].Id, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_nested_without_end_are_refused() =>
        Assert.Null(ProtoFormatter.Format("option (a) = " + string.Concat(Enumerable.Repeat("{ a ", 100_000)) + "{}" + new string('}', 100_000) + ";").Text);

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused() => Assert.Equal("PRG1901", ProtoFormatter.Format([(byte)'/', (byte)'/', 0xff]).Diagnostics[0].Id);

    [Fact]
    public void An_empty_file_stays_empty_and_a_byte_order_mark_goes()
    {
        Assert.Equal("", Format(""));
        Assert.Equal("syntax = \"proto3\";\n", Format("\uFEFFsyntax=\"proto3\";"));
    }

    private static string Format(string text)
    {
        FormatResult result = ProtoFormatter.Format(text);
        Assert.Empty(result.Diagnostics);
        return result.Text!;
    }

    private static byte[] Descriptor(string text)
    {
        CompilationResult result = Compilation.CompileText(text);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        return result.Roots[0].SerializedWithoutSourceInfo.ToArray();
    }

    private static string ProtoFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Peregrine.slnx")))
            {
                return Path.Combine(folder.FullName, "proto");
            }
        }

        throw new DirectoryNotFoundException("The tests run outside of the repository.");
    }
}
