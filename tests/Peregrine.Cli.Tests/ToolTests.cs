// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>The tool as a whole: help, completion, and <c>convert</c>.</summary>
public sealed class ToolTests : IDisposable
{
    private readonly CommandLine _line = new();

    public ToolTests() => _line.Write("shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    private int Convert(params string[] args) => _line.Run(["convert", "--proto", _line["shop.proto"], "shop.v1.Order", .. args]);

    [Theory]
    [InlineData("binary", "0a037465611002")]
    [InlineData("json", "7b0a2020226974656d223a2022746561222c0a202022636f756e74223a20320a7d0a")]
    [InlineData("text", "6974656d3a2022746561220a636f756e743a20320a")]
    public void A_message_becomes_every_form_of_every_form(string to, string hex)
    {
        foreach (var (from, input) in new[] { ("binary", "\n\u0003tea\u0010\u0002"), ("json", """{"item":"tea","count":2}"""), ("text", "item: 'tea' count: 2") })
        {
            _line.Input = Encoding.Latin1.GetBytes(input);
            Assert.Equal(0, Convert("--from", from, "--to", to));
            Assert.Equal(hex, System.Convert.ToHexStringLower(_line.OutputBytes));
        }
    }

    [Fact]
    public void Files_are_read_and_written()
    {
        _line.Write("in.json", """{"item":"tea"}""");
        Assert.Equal(0, Convert("--from", "json", "--to", "text", "-i", _line["in.json"], "-o", _line["out.txt"]));
        Assert.Equal("item: \"tea\"\n", _line.Read("out.txt"));
    }

    [Theory]
    [InlineData("binary", "\n\u0005x", "The input is no shop.v1.Order")]
    [InlineData("json", "{\"item\":\n1}", "line 2, column")]
    [InlineData("text", "item: 1", "line 1, column 7")]
    public void A_malformed_message_is_told_with_its_place(string form, string input, string message)
    {
        _line.Input = Encoding.Latin1.GetBytes(input);
        Assert.Equal(1, Convert("--from", form));
        Assert.Contains(message, _line.Errors);
        Assert.Empty(_line.OutputBytes);
    }

    [Theory]
    [InlineData("cert set --key dsa", "--key: \"dsa\" is no choice. Write one of ecdsa, rsa.", "peregrine cert set --help")]
    [InlineData("bench localhost a.B/C --seed abc", "--seed: \"abc\" is no whole number of at most 2,147,483,647.", "peregrine bench --help")]
    [InlineData("bench localhost a.B/C -n 99999999999999999999", "--calls: \"99999999999999999999\" is no whole number of at most 9,223,372,036,854,775,807.", "peregrine bench --help")]
    [InlineData("bench localhost a.B/C --rate fast", "--rate: \"fast\" is no number.", "peregrine bench --help")]
    public void A_value_of_another_kind_is_told_in_the_words_of_the_tool(string args, string message, string help)
    {
        Assert.Equal(2, _line.Run(args.Split(' ')));
        Assert.Contains(message, _line.Errors);
        Assert.Contains($"Run \"{help}\" for what is possible.", _line.Errors);
    }

    [Theory]
    [InlineData("json", "\uFEFF{\"item\": \"tea\"}")]
    [InlineData("text", "\uFEFFitem: 'tea'")]
    public void A_byte_order_mark_is_skipped(string form, string input)
    {
        _line.Input = Encoding.UTF8.GetBytes(input);
        Assert.Equal(0, Convert("--from", form, "--to", "text"));
        Assert.Equal("item: \"tea\"\n", Encoding.UTF8.GetString(_line.OutputBytes));
    }

    [Theory]
    [InlineData("list { extra { type_url: 't/other.Unknown' value: 'x' } }", "\"other.Unknown\"", "field \"list[0].extra\" of shop.v1.Book", "with --proto, or use --to text")]
    [InlineData("list { } list { at { seconds: 999999999999999 } }", "A google.protobuf.Timestamp", "field \"list[1].at\" of shop.v1.Book", "Use --to text.")]
    [InlineData("named { key: 'a' value { at { nanos: -1 } } }", "A google.protobuf.Timestamp", "field \"named[a].at\" of shop.v1.Book", "Use --to text.")]
    public void A_message_without_JSON_is_an_error_that_names_type_and_field(string text, string type, string field, string advice)
    {
        _line.Write("book.proto", "syntax = \"proto3\"; package shop.v1; import \"shop.proto\"; message Book { repeated Receipt list = 1; map<string, Receipt> named = 2; }");
        string[] args = ["convert", "--proto", _line["book.proto"], "shop.v1.Book", "--from", "text", "-o", _line["out"]];
        _line.Input = Encoding.UTF8.GetBytes(text);
        Assert.Equal(1, _line.Run(args));
        Assert.Contains(type, _line.Errors);
        Assert.Contains(field, _line.Errors);
        Assert.Contains(advice, _line.Errors);
        Assert.False(File.Exists(_line["out"]));
        Assert.Equal(0, _line.Run([.. args, "--to", "text"]));
    }

    [Fact]
    public void A_type_that_is_not_there_is_told_with_near_ones()
    {
        Assert.Equal(1, _line.Run("convert", "--proto", _line["shop.proto"], "shop.v1.Ordr"));
        Assert.Contains("There is no message type \"shop.v1.Ordr\"", _line.Errors);
        Assert.Contains("Did you mean shop.v1.Order?", _line.Errors);
    }

    [Theory]
    [InlineData("--help", "call ")]
    [InlineData("help", "compile ")]
    [InlineData("call --help", "--timeout, --deadline TIME")]
    [InlineData("help list", "Examples:")]
    [InlineData("describe -h", "SYMBOL")]
    [InlineData("convert --help", "--from FORM")]
    [InlineData("completion --help", "source <(peregrine completion bash)")]
    public void Help_has_groups_and_examples_and_no_colour_when_redirected(string args, string text)
    {
        Assert.Equal(0, _line.Run(args.Split(' ')));
        Assert.Contains(text, _line.Output);
        Assert.DoesNotContain('\u001b', _line.Output);
        Assert.All(_line.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Theory]
    [InlineData("cal", "Did you mean call?")]
    [InlineData("--frobnicate", "is no command")]
    [InlineData("call", "ADDRESS is missing")]
    [InlineData("call localhost:1", "METHOD is missing")]
    [InlineData("list a b c", "c")]
    public void A_wrong_command_line_is_told(string args, string message)
    {
        Assert.Equal(2, _line.Run(args.Split(' ')));
        Assert.Contains(message, _line.Errors);
        Assert.Contains("--help\" for what is possible.", _line.Errors);
    }

    [Theory]
    [InlineData("c", "call\ncert\ncompile\ncompletion\nconvert\n")]
    [InlineData("call|--comp", "--compression\n")]
    [InlineData("call|x|y|--format|", "json\ntext\n")]
    [InlineData("completion|", "bash\nfish\npowershell\nzsh\n")]
    public void Shells_are_told_what_may_follow(string words, string candidates)
    {
        Assert.Equal(0, _line.Run(["complete", .. words.Split('|')]));
        Assert.Equal(candidates, string.Concat(_line.Output.Split('\n').Where(line => words == "completion|" ? !line.StartsWith('-') && line.Length > 0 : line.Length > 0).Select(line => line + "\n")));
    }

    [Fact]
    public async Task Shells_are_told_the_services_and_methods_of_files_and_servers()
    {
        await using var mock = await Mock.MockRun.StartAsync(null);
        _line.Write("a.proto", "syntax = \"proto3\"; package a; message M {} service S { rpc One(M) returns (M); rpc Two(stream M) returns (M); }");
        Assert.Equal(["a.S/One", "a.S/Two"], await CompleteAsync("call", "localhost:1", "--proto", _line["a.proto"], "a."));
        Assert.Equal(["a.S", "a.S/One", "a.S/Two"], await CompleteAsync("describe", "--proto", _line["a.proto"], "a."));
        Assert.Equal(["a.S"], await CompleteAsync("list", "--proto", _line["a.proto"], "a"));
        var parts = mock.Address.Split(':');
        Assert.Equal(["zoo.v1.Zoo/Admit"], await CompleteAsync("call", parts[0], ":", parts[1], "zoo.v1.Zoo/A"));
        Assert.Contains("grpc.reflection.v1.ServerReflection", await CompleteAsync("list", mock.Address, "grpc"));
        Assert.Empty(await CompleteAsync("call", "127.0.0.1:1", "a"));
        Assert.Empty(await CompleteAsync("call", mock.Address, "a.S/One", "a"));

        // With more time than who presses a key has: the machine may be busy.
        static async Task<string[]> CompleteAsync(params string[] words)
        {
            var limit = TimeSpan.FromMinutes(1);
            var output = new StringWriter();
            Assert.Equal(0, await Task.Run(() => Commands.Completion.Run(words, Terminal.Of(output, output, ByteStreams.OfProcess), limit)).WaitAsync(limit));
            return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    [Fact]
    public void Colour_is_for_terminals()
    {
        var output = new StringWriter();
        var terminal = new Terminal(output, output, ByteStreams.OfProcess, isInteractive: true, usesColor: true, errorsUseColor: true);
        terminal.Error("a \u001b[2J");
        Assert.Equal("\u001b[31;1mperegrine:\u001b[0m a \uFFFD[2J" + Environment.NewLine, output.ToString());
        Assert.Equal("\u001b[36m\"a\"\u001b[0m: \u001b[32m\"b\\\"\"\u001b[0m", Calls.JsonColors.Paint("\"a\": \"b\\\"\""));
        Assert.Equal("\"\\u009b\\u202e\u00e4\"", Terminal.EscapeJson("\"\u009b\u202e\u00e4\""));
    }
}
