// SPDX-License-Identifier: Apache-2.0

using Peregrine.Testing;
using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary>Which rule applies to a call, and what it does.</summary>
public sealed class AnswerRuleTests
{
    private static readonly string[] TryAgain = ["UNAVAILABLE: try again", "UNAVAILABLE: try again", "OK"];

    [Fact]
    public async Task The_first_rule_that_matches_the_request_applies()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Admit:
              - when: { request: { name: Rio, keeper: { age: 4 } } }
                reply: { label: both }
              - when: { request: { name: Rio } }
                reply: { label: name }
              - when: { request: { foods: [nut, fig], scores: { song: 3 } } }
                reply: { label: collections }
              - when: { request: { kind: KIND_FISH, weight: 7, tame: false } }
                reply: { label: scalars }
              - when: { request: { visitors: [ { full_name: Ann }, {} ] } }
                reply: { label: visitors }
              - when: { request: { keeper: null, name: nobody's } }
                reply: { label: nobody's }
              - reply: { label: other }
            """);
        await ExpectAsync("""{"name":"Rio","keeper":{"fullName":"Ann","age":4}}""", "both");
        await ExpectAsync("""{"name":"Rio","keeper":{"age":5}}""", "name");
        await ExpectAsync("""{"name":"Rio"}""", "name");
        await ExpectAsync("""{"foods":["nut","fig"],"scores":{"song":3,"dance":1}}""", "collections");
        await ExpectAsync("""{"foods":["nut","fig","egg"],"scores":{"song":3}}""", "other");
        await ExpectAsync("""{"foods":["fig","nut"],"scores":{"song":3}}""", "other");
        await ExpectAsync("""{"kind":"KIND_FISH","weight":7}""", "scalars");
        await ExpectAsync("""{"kind":"KIND_FISH","weight":7,"tame":true}""", "other");
        await ExpectAsync("""{"visitors":[{"fullName":"Ann","age":9},{"age":1}]}""", "visitors");
        await ExpectAsync("""{"visitors":[{"fullName":"Ann"}]}""", "other");
        await ExpectAsync("""{"name":"nobody's"}""", "nobody's");
        await ExpectAsync("""{"name":"nobody's","keeper":{}}""", "other");

        async Task ExpectAsync(string request, string label)
        {
            Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", request));
            Assert.Equal([$$"""{"label":"{{label}}"}"""], mock.Responses);
        }
    }

    [Fact]
    public async Task Rules_ask_for_metadata()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Admit:
              - { when: { metadata: { X-Tenant: acme, x-raw-bin: AQI= } }, reply: { label: exact } }
              - { when: { metadata: { x-tenant: true } }, reply: { label: present } }
              - { when: { metadata: { x-other: false } }, reply: { label: absent } }
            """);
        string[][] headers = [["-H", "x-tenant: acme", "-H", "x-raw-bin: AQI="], ["-H", "x-tenant: acme"], ["-H", "x-new: 1"], ["-H", "x-other: 1"]];
        string[] expected = ["""{"label":"exact"}""", """{"label":"present"}""", """{"label":"absent"}""", "{}"];
        for (var i = 0; i < headers.Length; i++)
        {
            Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}", headers[i]));
            Assert.Equal([expected[i]], mock.Responses);
        }
    }

    [Fact]
    public async Task A_rule_applies_as_many_times_as_it_says()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Admit:
              - { times: 2, status: { code: 14, message: try again } }
              - { reply: { label: done } }
            """);
        List<string> statuses = [];
        for (var i = 0; i < TryAgain.Length; i++)
        {
            await mock.CallAsync("zoo.v1.Zoo/Admit", "{}");
            statuses.Add(mock.Status);
        }

        Assert.Equal(TryAgain, statuses);
    }

    [Fact]
    public async Task Rules_of_a_service_and_of_all_come_behind_those_of_the_method_and_count_together()
    {
        await using var mock = await MockRun.StartAsync("""
            "*": { times: 1, status: ABORTED }
            zoo.v1.Zoo/*: { when: { metadata: { x-down: true } }, status: UNAVAILABLE }
            zoo.v1.Zoo.Admit: { when: { request: { name: Rio } }, reply: { label: own } }
            """);
        await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name": "Rio"}""", "-H", "x-down: 1");
        Assert.Equal(["""{"label":"own"}"""], mock.Responses);
        Assert.Equal(78, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}", "-H", "x-down: 1"));
        Assert.Equal(74, await mock.CallAsync("shop.v1.Shop/Buy", "{}"));
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
        Assert.Equal(0, await mock.CallAsync("shop.v1.Shop/Buy", "{}"));
    }

    [Fact]
    public async Task Chance_is_the_same_for_a_seed_and_near_to_what_was_asked()
    {
        const int Calls = 200;
        List<string> runs = [];
        for (var run = 0; run < 2; run++)
        {
            await using var mock = await MockRun.StartAsync("""
                zoo.v1.Zoo/Talk: { probability: 0.25, reply: { label: rare } }
                """, "--seed", "7");
            await mock.CallAsync("zoo.v1.Zoo/Talk", string.Concat(Enumerable.Repeat("{}", Calls)));
            runs.Add(string.Join("", mock.Responses.Select(each => each == "{}" ? "-" : "x")));
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(Calls, runs[0].Length);
        Assert.InRange(runs[0].Count(each => each == 'x'), 25, 80);
    }

    [Fact]
    public async Task A_status_has_a_message_details_headers_and_trailers()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Admit:
              headers: { x-name: "${request.name}", x-many: [a, b] }
              trailers: { x-end: 7, x-raw-bin: AQI= }
              status:
                code: RESOURCE_EXHAUSTED
                message: "no room for ${request.name}"
                details:
                  - { "@type": google.rpc.RetryInfo, retryDelay: 1.5s }
                  - { "@type": type.googleapis.com/zoo.v1.Keeper, fullName: "${request.keeper.full_name}" }
            """);
        Assert.Equal(72, await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name": "Rio", "keeper": {"fullName": "Ann"}}"""));
        Assert.Equal("RESOURCE_EXHAUSTED: no room for Rio", mock.Status);
        var details = mock.End.GetProperty("status").GetProperty("details");
        Assert.Equal("1.500s", details[0].GetProperty("value").GetProperty("retryDelay").GetString());
        Assert.Equal("Ann", details[1].GetProperty("value").GetProperty("fullName").GetString());
        Assert.Equal("Rio", mock.End.GetProperty("headers").GetProperty("x-name")[0].GetString());
        Assert.Equal(2, mock.End.GetProperty("headers").GetProperty("x-many").GetArrayLength());
        Assert.Equal("7", mock.End.GetProperty("trailers").GetProperty("x-end")[0].GetString());
        Assert.Equal("AQI=", mock.End.GetProperty("trailers").GetProperty("x-raw-bin")[0].GetString());
    }

    [Fact]
    public async Task A_stream_of_responses_is_a_list_that_may_be_repeated_and_end_with_a_status()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Feed:
              - when: { request: { name: many } }
                reply: [ { label: "a${index}" }, { label: "b${index}" } ]
                repeat: 2
                status: OUT_OF_RANGE
              - when: { request: { name: none } }
                reply: []
              - reply: { label: one }
            """);
        Assert.Equal(75, await mock.CallAsync("zoo.v1.Zoo/Feed", """{"name": "many"}"""));
        Assert.Equal(["""{"label":"a0"}""", """{"label":"b1"}""", """{"label":"a2"}""", """{"label":"b3"}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Feed", """{"name": "none"}"""));
        Assert.Empty(mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Feed", "{}"));
        Assert.Equal(["""{"label":"one"}"""], mock.Responses);
    }

    [Fact]
    public async Task A_stream_without_end_goes_on_until_the_client_leaves()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Feed: { reply: { label: more }, repeat: forever }");
        Assert.Equal(68, await mock.CallAsync("zoo.v1.Zoo/Feed", "{}", "--timeout", "300ms"));
        Assert.True(mock.Responses.Length > 1);
        await mock.PrintsAsync("\"call\",");
    }

    [Fact]
    public async Task Requests_of_a_stream_are_answered_each_or_the_first_or_at_the_end()
    {
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Talk:
              - { when: { request: { name: stop } }, status: CANCELLED }
              - { when: { request: { name: subscribe } }, on: first, reply: [ { label: x }, { label: y } ] }
              - { when: { request: { name: last } }, on: last, reply: { label: "${count}" } }
              - { when: { request: { tame: true } }, on: each, reply: { label: "${request.name}" } }
            zoo.v1.Zoo/Count:
              - { when: { request: { name: bad } }, on: each, status: INVALID_ARGUMENT }
              - { reply: { label: "${requests[0].name} to ${request.name}", weight: "${count}" } }
            """);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name":"a","tame":true} {"name":"quiet"} {"name":"b","tame":true}"""));
        Assert.Equal(["""{"label":"a"}""", """{"label":"b"}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name":"a","tame":true} {"name":"last"}"""));
        Assert.Equal(["""{"label":"a"}""", """{"label":"2"}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name":"subscribe"} {"name":"a","tame":true}"""));
        Assert.Equal(["""{"label":"x"}""", """{"label":"y"}"""], mock.Responses);
        Assert.Equal(65, await mock.CallAsync("zoo.v1.Zoo/Talk", """{"name":"a","tame":true} {"name":"stop"} {"name":"b","tame":true}"""));
        Assert.Equal(["""{"label":"a"}"""], mock.Responses);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Count", """{"name":"a"} {"name":"b"} {"name":"c"}"""));
        Assert.Equal(["""{"weight":"3","label":"a to c"}"""], mock.Responses);
        Assert.Equal(67, await mock.CallAsync("zoo.v1.Zoo/Count", """{"name":"a"} {"name":"bad"}"""));
    }

    [Fact]
    public async Task Delays_pass_by_the_clock()
    {
        var time = new ManualTimeProvider();
        await using var mock = await MockRun.StartAsync("""
            zoo.v1.Zoo/Feed: { delay: 1h, interval: 10m-20m, reply: [ { label: "${now}" }, { label: "${now}" } ] }
            """, time);
        var call = mock.CallAsync("zoo.v1.Zoo/Feed", "{}");
        await time.TimerDueWithinAsync(TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(60), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromHours(1));
        await mock.Files.PrintsAsync("2026-01-01T01:00:00");
        await time.TimerDueWithinAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(0, await call);
        Assert.Equal(2, mock.Responses.Length);
    }

    [Theory]
    [InlineData("reset", "INTERNAL", 0)]
    [InlineData("{ kind: reset, code: REFUSED_STREAM }", "UNAVAILABLE", 0)]
    [InlineData("{ kind: reset, after: 1 }", "INTERNAL", 1)]
    [InlineData("{ kind: drop, after: 2 }", "UNAVAILABLE", 2)]
    [InlineData("{ kind: hang, after: 1 }", "DEADLINE_EXCEEDED", 1)]
    [InlineData("{ kind: truncate, after: 1 }", "INTERNAL", 1)]
    [InlineData("corrupt", "INTERNAL", 0)]
    public async Task Faults_break_a_call_behind_so_many_responses(string fault, string status, int responses)
    {
        var time = new ManualTimeProvider();
        await using var mock = await MockRun.StartAsync($$"""
            zoo.v1.Zoo/Feed: { interval: 1m, reply: [ { label: r1 }, { label: r2 } ], fault: {{fault}} }
            """, time);
        var call = mock.CallAsync("zoo.v1.Zoo/Feed", "{}", "--timeout", fault.Contains("hang") ? "2s" : "30s");
        for (var i = 1; i <= responses; i++)
        {
            await mock.Files.PrintsAsync($"r{i}");
            await time.TimerDueWithinAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await call;
        Assert.StartsWith(status + ": ", mock.Status);
        Assert.Equal(responses, mock.Responses.Length);
        await mock.PrintsAsync("\"fault\":");
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("corrupt")]
    public async Task A_message_without_fields_can_be_spoiled_too(string fault)
    {
        await using var mock = await MockRun.StartAsync($"zoo.v1.Zoo/Admit: {{ fault: {fault} }}");
        Assert.Equal(64 + (int)StatusCode.Internal, await mock.CallAsync("zoo.v1.Zoo/Admit", "{}"));
    }

    [Fact]
    public async Task A_rule_without_reply_delays_or_breaks_what_a_call_gets_anyway()
    {
        await using var mock = await MockRun.StartAsync("""
            "*": { delay: 1ms, trailers: { x-mock: "yes" } }
            """, "--echo");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Same", """{"name":"Rio"}"""));
        Assert.Equal(["""{"name":"Rio"}"""], mock.Responses);
        Assert.Equal("yes", mock.End.GetProperty("trailers").GetProperty("x-mock")[0].GetString());
    }
}
