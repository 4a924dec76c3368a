// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary><c>--encode</c>, <c>--decode</c> and <c>--decode_raw</c>; eng/text-format.sh compares them with protoc's.</summary>
public sealed class MessageCodecTests : IDisposable
{
    private readonly CommandLine _line = new();

    public MessageCodecTests()
    {
        _line.Write("a.proto", """
            syntax = "proto2";
            package a;
            import "b.proto";
            message M {
              optional int32 i = 1;
              required int32 r = 2;
              optional string s = 3;
              optional M sub = 4;
              repeated M list = 5;
              map<string, M> map = 6;
              optional int32 old = 7 [deprecated = true];
              optional b.B b = 8;
              extensions 100 to 200;
            }
            extend M { optional M ext = 100; }
            """);
        _line.Write("b.proto", "syntax = \"proto3\"; package b; message B { string s = 1; map<int32, int32> m = 2; }");
    }

    public void Dispose() => _line.Dispose();

    private int Encode(string type, string text, params string[] args)
    {
        _line.Input = Encoding.UTF8.GetBytes(text);
        return _line.Compile([$"--encode={type}", "a.proto", .. args]);
    }

    private int Decode(string type, string hex, params string[] args)
    {
        _line.Input = Convert.FromHexString(hex);
        return _line.Compile([$"--decode={type}", "a.proto", .. args]);
    }

    private string Hex => Convert.ToHexStringLower(_line.OutputBytes);

    private string Text => Encoding.UTF8.GetString(_line.OutputBytes);

    [Fact]
    public void Text_becomes_binary_and_binary_becomes_text()
    {
        Assert.Equal(0, Encode("a.M", "r: 1 s: 'x' [a.ext] { r: 2 }"));
        Assert.Equal("10011a0178a206021002", Hex);
        Assert.Equal(0, Decode("a.M", Hex));
        Assert.Equal("r: 1\ns: \"x\"\n[a.ext] {\n  r: 2\n}\n", Text);
        Assert.Equal("", _line.Errors);
    }

    [Fact]
    public void All_map_entries_are_written_in_the_order_given_or_in_that_of_their_keys()
    {
        const string Entries = "r: 1 map { key: 'b' value { r: 1 } } map { key: 'a' value { r: 2 } } map { key: 'b' value { r: 3 } } map { value { r: 4 } }";
        Assert.Equal(0, Encode("a.M", Entries));
        Assert.Equal("1001" + "32070a016212021001" + "32070a016112021002" + "32070a016212021003" + "32060a0012021004", Hex);
        Assert.Equal(0, Encode("a.M", Entries, "--deterministic_output"));
        Assert.Equal("1001" + "32060a0012021004" + "32070a016112021002" + "32070a016212021001" + "32070a016212021003", Hex);
        Assert.Equal(0, Encode("b.B", "m { key: 5 } m { key: -1 value: 1 } m { key: -1 }", "--deterministic_output"));
        Assert.Equal("120d08ffffffffffffffffff011001" + "120d08ffffffffffffffffff011000" + "120408051000", Hex);
        Assert.Equal(0, Encode("b.B", "m {} m { key: 1 } m { value: 2 }"));
        Assert.Equal("120408001000" + "120408011000" + "120408001002", Hex);
        Assert.Equal("", _line.Errors);
        Assert.Equal(0, Encode("a.M", "r: 1 map { key: '\\377' }"));
        Assert.Equal("1001" + "32050a01ff1200", Hex);
        Assert.Contains("map[0].value.r", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Binary_map_entries_are_all_shown_in_the_order_of_their_keys_without_what_they_do_not_know()
    {
        Assert.Equal(0, Decode("b.B", "120408021001" + "120408011001" + "1206080210021805" + "1200"));
        Assert.Equal(
            "m {\n  key: 0\n  value: 0\n}\nm {\n  key: 1\n  value: 1\n}\nm {\n  key: 2\n  value: 1\n}\nm {\n  key: 2\n  value: 2\n}\n",
            Text);
        Assert.Equal("", _line.Errors);
    }

    [Fact]
    public void A_binary_map_entry_whose_enum_does_not_define_its_value_is_an_unknown_field()
    {
        _line.Write("a.proto", """
            syntax = "proto2";
            message E { enum Kind { A = 0; B = 1; } map<string, Kind> kinds = 1; }
            """);
        Assert.Equal(0, Decode("E", "0a050a01611001" + "2801" + "0a0710070a01621809" + "3001"));
        Assert.Equal("kinds {\n  key: \"a\"\n  value: B\n}\n5: 1\n1 {\n  1: \"b\"\n  2: 7\n}\n6: 1\n", Text);
    }

    [Fact]
    public void Wrapper_messages_keep_what_they_do_not_know()
    {
        _line.Write("a.proto", """
            syntax = "proto3";
            import "google/protobuf/wrappers.proto";
            message W { google.protobuf.Int32Value i = 1; repeated google.protobuf.StringValue s = 2; }
            """);
        Assert.Equal(0, Decode("W", "0a0408011005" + "0a021807" + "1204" + "0a02c3a4" + "12020801"));
        Assert.Equal("i {\n  value: 1\n  2: 5\n  3: 7\n}\ns {\n  value: \"\\303\\244\"\n}\ns {\n  1: 1\n}\n", Text);
        Assert.Equal(0, Encode("W", "i { value: 0 } s { value: '\\377' } s {}"));
        Assert.Equal("0a00" + "12030a01ff" + "1200", Hex);
    }

    [Fact]
    public void The_type_may_be_one_of_an_import()
    {
        Assert.Equal(0, Encode("b.B", "s: 'x'"));
        Assert.Equal("0a0178", Hex);
    }

    [Fact]
    public void A_type_that_is_not_there_is_an_error()
    {
        Assert.Equal(1, Encode("a.N", ""));
        Assert.Equal("Type not defined: a.N\n", _line.Errors);
    }

    [Fact]
    public void Binary_is_decoded_without_a_type()
    {
        _line.Input = Convert.FromHexString("08051a020801");
        Assert.Equal(0, _line.Run("compile", "--decode_raw"));
        Assert.Equal("1: 5\n3 {\n  1: 1\n}\n", Text);
    }

    [Fact]
    public void Missing_required_fields_are_a_warning_with_their_paths_that_is_not_fatal()
    {
        Assert.Equal(0, Encode("a.M", "sub {} list { r: 1 } list {} map { key: 'k' value {} } [a.ext] { r: 1 sub {} }", "--fatal_warnings"));
        Assert.Equal("warning:  Input message is missing required fields:  r, sub.r, list[1].r, map[0].value.r, (a.ext).sub.r\n", _line.Errors);
        Assert.NotEmpty(_line.OutputBytes);
    }

    [Fact]
    public void An_error_of_the_text_tells_its_place_in_the_form_that_is_asked_for()
    {
        Assert.Equal(1, Encode("a.M", "r: 1\n  t: 2"));
        Assert.Equal("input:2:3: a.M has no field \"t\".\nFailed to parse input.\n", _line.Errors);
        Assert.Empty(_line.OutputBytes);
        Assert.Equal(1, Encode("a.M", "t: 2", "--error_format=msvs"));
        Assert.Contains("input(1,1): error PRG1500: a.M has no field \"t\".", _line.Errors, StringComparison.Ordinal);
        Assert.Equal(1, Encode("a.M", "t: 2", "--error_format=json"));
        Assert.Contains("\"line\":1,\"column\":1", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deprecated_field_is_a_warning()
    {
        Assert.Equal(0, Encode("a.M", "r: 1 old: 1"));
        Assert.Equal("input:1:6: warning: text format contains deprecated field \"old\"\n", _line.Errors);
    }

    [Fact]
    public void Malformed_binary_is_an_error()
    {
        Assert.Equal(1, Decode("a.M", "0a05"));
        Assert.EndsWith("\nFailed to parse input.\n", _line.Errors, StringComparison.Ordinal);
        Assert.Empty(_line.OutputBytes);
    }

    [Fact]
    public void Strings_that_need_not_be_UTF8_keep_their_bytes_and_others_are_refused_in_binary()
    {
        Assert.Equal(0, Encode("a.M", "r: 1 s: '\\377'"));
        Assert.Equal("10011a01ff", Hex);
        Assert.Equal(0, Decode("a.M", Hex));
        Assert.Equal("r: 1\ns: \"\\377\"\n", Text);
        Assert.Equal(0, Encode("b.B", "s: '\\377'"));
        Assert.Equal(1, Decode("b.B", "0a01ff"));
    }

    [Fact]
    public void Maps_are_written_in_the_order_of_keys_when_asked_for()
    {
        Assert.Equal(0, Encode("b.B", "m { key: 2 } m { key: 1 }"));
        Assert.Equal("12040802100012040801" + "1000", Hex);
        Assert.Equal(0, Encode("b.B", "m { key: 2 } m { key: 1 }", "--deterministic_output"));
        Assert.Equal("12040801100012040802" + "1000", Hex);
    }

    [Fact]
    public void Types_come_from_descriptor_sets_too()
    {
        Assert.Equal(0, _line.Compile("--include_imports", "-o", _line["set"], "a.proto"));
        _line.Input = "r: 1 [a.ext] { r: 1 }"u8.ToArray();
        Assert.Equal(0, _line.Run("compile", $"--descriptor_set_in={_line["set"]}", "--encode=a.M"));
        Assert.Equal("1001a206021001", Hex);
    }

    [Fact]
    public void Text_that_nests_too_deeply_for_the_stack_is_refused()
    {
        Assert.Equal(0, Encode("a.M", string.Concat(Enumerable.Repeat("sub{r:1 ", 200)) + new string('}', 200) + " r: 1"));
        Assert.Equal(1, Encode("a.M", string.Concat(Enumerable.Repeat("sub{", 1_000_000))));
        Assert.Contains("stack", _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--encode= a.proto", "needs a value")]
    [InlineData("--decode_raw=x", "takes no value")]
    [InlineData("--decode_raw a.proto", "--decode_raw knows no types")]
    [InlineData("--decode_raw --descriptor_set_in=x", "--decode_raw knows no types")]
    [InlineData("--encode=a.M --decode=a.M a.proto", "only one of")]
    [InlineData("--encode=a.M", "must come from somewhere")]
    [InlineData("--decode=a.M --deterministic_output a.proto", "--deterministic_output")]
    [InlineData("--deterministic_output -o x a.proto", "--deterministic_output")]
    [InlineData("--encode=a.M -o x a.proto", "nothing else")]
    [InlineData("--encode=a.M --csharp_out=x a.proto", "nothing else")]
    [InlineData("--encode=a.M --dependency_out=x a.proto", "nothing else")]
    [InlineData("--encode=a.M --edition_defaults_out=x a.proto", "nothing else")]
    [InlineData("--encode=a.M --print_free_field_numbers a.proto", "nothing else")]
    public void Combinations_that_mean_nothing_are_refused(string args, string message)
    {
        Assert.Equal(2, _line.Compile(args.Split(' ')));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
    }
}
