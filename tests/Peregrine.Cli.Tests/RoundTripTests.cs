// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>What <c>call --json</c> prints, as the requests of another call.</summary>
public sealed class RoundTripTests : IDisposable
{
    private const string Proto = """
        syntax = "proto3";
        package post.v1;
        import "google/protobuf/any.proto";
        import "google/protobuf/struct.proto";
        import "google/protobuf/wrappers.proto";

        service Post {
          rpc Plain(stream Letter) returns (stream Letter);
          rpc One(Letter) returns (Letter);
          rpc Said(stream Saying) returns (stream Saying);
          rpc Deep(stream Envelope) returns (stream Envelope);
          rpc Open(stream google.protobuf.Struct) returns (stream google.protobuf.Struct);
          rpc Word(stream google.protobuf.StringValue) returns (stream google.protobuf.StringValue);
        }

        message Letter { string to = 1; google.protobuf.Any in = 2; string status = 3; }
        message Saying { string message = 1; }
        message Envelope { Envelope message = 1; string to = 2; }
        """;

    private readonly CommandLine _line = new();

    public RoundTripTests() => _line.Write("post.proto", Proto);

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("Plain", """{"to": "a"} {"to": "b", "status": "new"} {}""")]
    [InlineData("Plain", """{"in": {"@type": "x/post.v1.Saying", "message": "hi"}}""")]
    [InlineData("Said", """{"message": "a"} {"message": "{}"} {}""")]
    [InlineData("Word", "\"a\" \"\"")]
    [InlineData("Deep", """{"message": {"to": "a"}} {"to": "b"} {}""", "--lines")]
    [InlineData("Open", """{"message": {"to": "a"}} {"status": {"code": 5}, "headers": {}, "trailers": {}}""", "--lines")]
    public async Task Responses_of_a_call_are_requests_of_the_next(string method, string data, params string[] args)
    {
        await using var server = await EchoAsync();
        Assert.Equal(0, await CallAsync(server, method, "-d", data));
        var first = Messages();
        Assert.NotEmpty(first);
        _line.Input = Encoding.UTF8.GetBytes(_line.Output);
        _line.Clear();
        Assert.Equal(0, await CallAsync(server, method, ["-d", "@", .. args]));
        Assert.Equal(first, Messages());
    }

    [Fact]
    public async Task One_response_is_one_request()
    {
        await using var server = await EchoAsync();
        _line.Input = """
            {"message":{"to":"a"}}
            {"status":{"code":0,"name":"OK","message":""},"headers":{},"trailers":{}}

            """u8.ToArray();
        Assert.Equal(0, await CallAsync(server, "One", "-d", "@"));
        Assert.Equal(["""{"message":{"to":"a"}}"""], Messages());
    }

    [Fact]
    public async Task A_message_that_has_no_JSON_goes_as_text()
    {
        await using var server = await EchoAsync();
        _line.Write("text.txt", "to: 'a' in { type_url: 'x/other.Unknown' value: '\\010\\001' }");
        Assert.Equal(0, await CallAsync(server, "Plain", "--format", "text", "-d", "@" + _line["text.txt"]));
        var first = Messages();
        Assert.StartsWith("""{"message":{"@text":""", Assert.Single(first));
        _line.Input = Encoding.UTF8.GetBytes(_line.Output);
        _line.Clear();
        Assert.Equal(0, await CallAsync(server, "Plain", "-d", "@"));
        Assert.Equal(first, Messages());
    }

    [Fact]
    public async Task What_may_be_a_request_itself_is_one_unless_lines_are_asked_for()
    {
        await using var server = await EchoAsync();
        const string Line = """{"message": {"to": "a"}}""";
        Assert.Equal(0, await CallAsync(server, "Deep", "-d", Line));
        Assert.Equal(["""{"message":{"message":{"to":"a"}}}"""], Messages());
        _line.Clear();
        Assert.Equal(0, await CallAsync(server, "Deep", "--lines", "-d", Line));
        Assert.Equal(["""{"message":{"to":"a"}}"""], Messages());
        _line.Clear();
        Assert.Equal(1, await CallAsync(server, "Said", "-d", """{"message": ["a"]}"""));
        Assert.Contains("does not suit post.v1.Saying", _line.Errors);
    }

    [Fact]
    public async Task The_end_of_a_call_that_failed_is_no_end_of_requests()
    {
        await using var server = await EchoAsync();
        _line.Input = """
            {"message":{"to":"a"}}
            {"status":{"code":5,"name":"NOT_FOUND","message":"no more \u001b"},"headers":{},"trailers":{}}
            """u8.ToArray();
        Assert.Equal(1, await CallAsync(server, "Plain", "-d", "@"));
        Assert.Contains("The call that these requests come from failed: NOT_FOUND (5): no more \uFFFD", _line.Errors);
    }

    private Task<Mock.MockRun> EchoAsync() => Mock.MockRun.StartAsync(null, "--proto", _line["post.proto"], "--echo");

    private Task<int> CallAsync(Mock.MockRun server, string method, params string[] args) =>
        _line.RunAsync(["call", server.Address, "post.v1.Post/" + method, "--json", .. args]);

    private string[] Messages() => [.. _line.Output.Split('\n').Where(line => line.StartsWith("{\"message\":", StringComparison.Ordinal))];
}
