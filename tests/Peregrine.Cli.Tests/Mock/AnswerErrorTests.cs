// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary>Answers files with errors: all are told at the start, with place and cause.</summary>
public sealed class AnswerErrorTests
{
    [Theory]
    [InlineData("zoo.v1.Zoo/Admti: {}", "answers.yaml:1:1: No method \"zoo.v1.Zoo/Admti\" is served. Did you mean zoo.v1.Zoo/Admit?")]
    [InlineData("zoo.v1.Zo/*: {}", "answers.yaml:1:1: No service \"zoo.v1.Zo/*\" is served. Did you mean zoo.v1.Zoo?")]
    [InlineData("zoo.v1.Zoo/Admit: { repyl: {} }", "1:21: A rule has no \"repyl\". Did you mean reply?")]
    [InlineData("zoo.v1.Zoo/Admit: 5", "1:19: A rule is a mapping with keys such as reply, status or delay, not a number.")]
    [InlineData("[]", "1:1: An answers file is a mapping of methods")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { nmae: x } }", "1:30: zoo.v1.Ticket has no field \"nmae\". Did you mean name?")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { keeper: { agge: 1 } } }", "1:40: zoo.v1.Keeper has no field \"agge\". Did you mean age?")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { weight: x } }", "1:38: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { name: 5 } }", "1:36: Expected a string, found a number. Put it into quotes.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { kind: KIND_CAT } }", "1:36: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { tame: 99999999999 } }", "1:36: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { foods: nut } }", "1:37: \"foods\" is a repeated field: write a list, not a text.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { foods: [nut, 5] } }", "1:43: Expected a string")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { scores: { a: b } } }", "1:43: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { scores: [] } }", "1:38: \"scores\" is a map: write a mapping, not a list.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { keeper: Ann } }", "1:38: Here stands a message: write a mapping with fields of zoo.v1.Keeper, not a text.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { wait: soon } }", "1:36: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: [] }", "1:28: zoo.v1.Zoo/Admit has one response: write a mapping, not a list.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: {}, status: ABORTED }", "ends with one response or with a status, not with both")]
    [InlineData("zoo.v1.Zoo/Admit: { repeat: 2 }", "has one response, which cannot be repeated")]
    [InlineData("zoo.v1.Zoo/Count: { on: each, reply: {} }", "needs a status other than OK, or a fault")]
    [InlineData("zoo.v1.Zoo/Talk: { on: evry }", "on cannot be \"evry\"")]
    [InlineData("zoo.v1.Zoo/Feed: { repeat: -1 }", "repeat is a whole number from 0, or forever.")]
    [InlineData("zoo.v1.Zoo/Admit: { times: 0 }", "times is a whole number from 1.")]
    [InlineData("zoo.v1.Zoo/Admit: { probability: 2 }", "probability is a number from 0 to 1.")]
    [InlineData("zoo.v1.Zoo/Admit: { delay: soon }", "1:28: This is no time.")]
    [InlineData("zoo.v1.Zoo/Admit: { delay: 2s-1s }", "1:28: This is no time.")]
    [InlineData("zoo.v1.Zoo/Admit: { status: NOT_FUOND }", "1:29: gRPC has no status \"NOT_FUOND\". Did you mean NOT_FOUND?")]
    [InlineData("zoo.v1.Zoo/Admit: { status: { message: x } }", "A status has a code")]
    [InlineData("zoo.v1.Zoo/Admit: { status: { code: ABORTED, details: [ { x: 1 } ] } }", "say which message it holds by \"@type\"")]
    [InlineData("zoo.v1.Zoo/Admit: { status: { code: ABORTED, details: [ { '@type': google.rpc.RetyrInfo } ] } }", "There is no message type \"google.rpc.RetyrInfo\" in the schema. Did you mean google.rpc.RetryInfo")]
    [InlineData("zoo.v1.Zoo/Admit: { status: { code: ABORTED, details: [ { '@type': google.rpc.RetryInfo, dealy: 1s } ] } }", "google.rpc.RetryInfo has no field \"dealy\"")]
    [InlineData("zoo.v1.Zoo/Admit: { headers: { grpc-status: 1 } }", "belong to gRPC itself")]
    [InlineData("zoo.v1.Zoo/Admit: { headers: { x-a-bin: '%' } }", "is base64")]
    [InlineData("zoo.v1.Zoo/Admit: { headers: { 'x a': b } }", "cannot be sent")]
    [InlineData("zoo.v1.Zoo/Admit: { fault: explode }", "There is no fault \"explode\"")]
    [InlineData("zoo.v1.Zoo/Admit: { fault: { kind: truncate, after: 1 } }", "The fault is of the message behind 1, but the rule sends 1.")]
    [InlineData("zoo.v1.Zoo/Admit: { fault: { kind: reset, code: NOTHING } }", "HTTP/2 has no error code \"NOTHING\"")]
    [InlineData("zoo.v1.Zoo/Admit: { when: { reqest: {} } }", "when has no \"reqest\". Did you mean request?")]
    [InlineData("zoo.v1.Zoo/Admit: { when: { request: { nam: x } } }", "1:40: zoo.v1.Animal has no field \"nam\". Did you mean name?")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${request.nam}' } }", "1:37: zoo.v1.Animal has no field \"nam\". Did you mean name?")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${request.name.first}' } }", "request.name is a single value and has no part \"first\".")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${request.visitors.age}' } }", "request.visitors is a list: say which element, such as request.visitors[0].")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${reqest.name}' } }", "Did you mean request or requests?")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${name}' } }", "is nothing that a template can say. Write one of ${request}")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${request.name' } }", "A template has no end")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { label: '${metadata}' } }", "Say which metadata")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { tame: '${request.tame}' } }", "1:36: ")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { foods: '${request.name}' } }", null)]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { foods: '${request.scores}' } }", "The template gives a mapping, and \"foods\" is a list.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { keeper: '${request.weight}' } }", "The template gives a number, and zoo.v1.Keeper is wanted.")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: '${request}x' }", "Here stands a message")]
    [InlineData("zoo.v1.Zoo/Admit: { reply: { name: x ]", "answers.yaml:1:38: This is neither YAML nor JSON: ")]
    [InlineData("zoo.v1.Zoo/Admit: {}\nzoo.v1.Zoo/Admit: {}", "answers.yaml:2:1: This is neither YAML nor JSON: ")]
    public async Task An_error_is_told_with_its_place_and_what_to_do(string answers, string? message)
    {
        if (message is null)
        {
            // Known when there is a call only.
            await using var mock = await MockRun.StartAsync(answers);
            return;
        }

        var (code, errors) = await MockRun.FailAsync(answers);
        Assert.Equal(1, code);
        Assert.Contains(message, errors);
        Assert.DoesNotContain("(Parameter", errors);
    }

    [Fact]
    public async Task All_errors_are_told_at_once_in_the_order_of_the_file()
    {
        var (code, errors) = await MockRun.FailAsync("""
            zoo.v1.Zoo/Feed:
              - reply: [ { nmae: x, label: 5 } ]
                delay: soon
              - status: NOPE
            zoo.v1.Zoo/Nothing: {}
            """);
        Assert.Equal(1, code);
        var places = errors.Split('\n').Where(line => line.StartsWith("answers.yaml:")).Select(line => line.Split(": ")[0]).ToArray();
        Assert.Equal(["answers.yaml:2:16", "answers.yaml:2:32", "answers.yaml:3:12", "answers.yaml:4:13", "answers.yaml:5:1"], places);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told()
    {
        using var line = new CommandLine();
        line.Write("shop.proto", ShopServer.Proto);
        Assert.Equal(1, await line.RunAsync("serve", "127.0.0.1:0", "--proto", line["shop.proto"], "-a", line["nowhere.yaml"]));
        Assert.Contains("The answers cannot be read: ", line.Errors);
    }

    [Theory]
    [InlineData("[", "answers.yaml:1:101: ")]
    [InlineData("{\"a\":", "answers.yaml:1:501: ")]
    [InlineData("- ", "answers.yaml:1:201: ")]
    public async Task A_file_that_is_nested_too_deep_is_refused_where_it_is(string level, string place)
    {
        var (code, errors) = await MockRun.FailAsync(string.Concat(Enumerable.Repeat(level, 200_000)));
        Assert.Equal(1, code);
        Assert.Contains(place + "The values are nested more than 100 deep.", errors);
    }

    [Fact]
    public async Task A_small_file_that_stands_for_a_huge_one_is_refused()
    {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        var (code, errors) = await MockRun.FailAsync(bomb);
        Assert.Equal(1, code);
        Assert.Contains("references included", errors);
    }

    [Fact]
    public async Task JSON_is_read_too_with_tabs_and_escapes()
    {
        await using var mock = await MockRun.StartAsync("{\n\t\"zoo.v1.Zoo/Admit\": {\n\t\t\"reply\": {\n\t\t\t\"label\": \"a\\tb\\/\\u00e9\\ud83d\\ude00\", \"weight\": 1e3\n\t\t}\n\t}\n}");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        Assert.Equal("a\tb/é😀", System.Text.Json.JsonDocument.Parse(mock.Responses[0]).RootElement.GetProperty("label").GetString());
        Assert.Contains("1000", mock.Responses[0]);
    }
}
