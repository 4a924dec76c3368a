// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Cli.Tests.Mock;

/// <summary>What <c>${...}</c> stands for.</summary>
public sealed class TemplateTests
{
    private const string Rio = """
        {"name":"Rio","kind":"KIND_BIRD","weight":7,"tame":true,"foods":["nut","fig"],"scores":{"song":3},"keeper":{"fullName":"Ann"},"notes":{"color":"blue"},"raw":"AQI="}
        """;

    [Theory]
    [InlineData("label: \"${request.name}\"", """{"label":"Rio"}""")]
    [InlineData("label: \"Hi ${request.name}, ${request.keeper.full_name}!\"", """{"label":"Hi Rio, Ann!"}""")]
    [InlineData("label: \"${request.keeper.fullName}\"", """{"label":"Ann"}""")]
    [InlineData("label: \"${ request.foods[1] }\"", """{"label":"fig"}""")]
    [InlineData("label: \"${request.foods}\"", null)]
    [InlineData("label: \"is ${request.foods}\"", """{"label":"is [\"nut\",\"fig\"]"}""")]
    [InlineData("label: \"${request.foods[9]}\"", "{}")]
    [InlineData("foods: \"${request.foods}\"", """{"foods":["nut","fig"]}""")]
    [InlineData("foods: [x, \"${request.name}\", \"${request.foods[9]}\", \"<${request.foods[9]}>\"]", """{"foods":["x","Rio","<>"]}""")]
    [InlineData("scores: \"${request.scores}\"", """{"scores":{"song":3}}""")]
    [InlineData("scores: { song: \"${request.scores.song}\", none: 1 }", """{"scores":{"song":3,"none":1}}""")]
    [InlineData("label: \"${request.scores[song]}\"", """{"label":"3"}""")]
    [InlineData("weight: \"${request.weight}\"", """{"weight":"7"}""")]
    [InlineData("label: \"${request.weight}\"", """{"label":"7"}""")]
    [InlineData("label: \"${request.tame}\"", """{"label":"true"}""")]
    [InlineData("kind: \"${request.kind}\"", """{"kind":"KIND_BIRD"}""")]
    [InlineData("keeper: \"${request.keeper}\"", """{"keeper":{"fullName":"Ann"}}""")]
    [InlineData("label: \"${request.keeper.age}\"", """{"label":"0"}""")]
    [InlineData("label: \"${request.notes.color}\"", """{"label":"blue"}""")]
    [InlineData("label: \"${request.raw}\"", """{"label":"AQI="}""")]
    [InlineData("label: \"${metadata.x-name} ${metadata.x-raw-bin}\"", """{"label":"me AQI="}""")]
    [InlineData("label: \"${metadata.x-none}\"", "{}")]
    [InlineData("label: \"${count} ${index}\"", """{"label":"1 0"}""")]
    [InlineData("tame: \"${count}\"", """{"tame":1}""")]
    [InlineData("label: \"$${request.name} costs $5 {}\"", """{"label":"${request.name} costs $5 {}"}""")]
    [InlineData("label: plain", """{"label":"plain"}""")]
    public async Task A_value_of_the_call_stands_in_a_reply(string reply, string? response)
    {
        if (response is null)
        {
            var (code, errors) = await MockRun.FailAsync($"zoo.v1.Zoo/Admit: {{ reply: {{ {reply} }} }}");
            Assert.Equal(1, code);
            Assert.Contains("Expected a string, found an array.", errors);
            return;
        }

        await using var mock = await MockRun.StartAsync($"zoo.v1.Zoo/Admit: {{ reply: {{ {reply} }} }}");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", Rio, "-H", "x-name: me", "-H", "x-raw-bin: AQI="));
        Assert.Equal([response], mock.Responses);
    }

    [Fact]
    public async Task Uuid_and_now_are_new_each_time_and_now_is_a_time()
    {
        await using var mock = await MockRun.StartAsync("shop.v1.Shop/Watch: { repeat: 2, reply: { text: \"${uuid}\", at: \"${now}\" } }");
        Assert.Equal(0, await mock.CallAsync("shop.v1.Shop/Watch", "{}"));
        Assert.Equal(2, mock.Responses.Distinct().Count());
        Assert.All(mock.Responses, each => Assert.Contains("\"at\":\"20", each));
    }

    [Fact]
    public async Task A_request_may_be_nested_as_deep_as_messages_are()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Admit: { reply: { label: \"${request.name}\" } }\nzoo.v1.Zoo/Same: { reply: \"${request}\" }", "--verbose");
        var request = $"{{\"name\":\"Rio\",\"mother\":{string.Concat(Enumerable.Repeat("{\"mother\":", 90))}{{}}{new string('}', 91)}";
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", request));
        Assert.Equal(["""{"label":"Rio"}"""], mock.Responses);
        Assert.Contains(request, mock.Output);
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Same", request));
        Assert.Equal([request], mock.Responses);
    }

    [Fact]
    public async Task A_whole_reply_may_be_the_request()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Same: { reply: \"${request}\" }");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Same", """{"name":"Rio"}"""));
        Assert.Equal(["""{"name":"Rio"}"""], mock.Responses);
    }

    [Fact]
    public async Task What_a_template_gives_and_its_field_cannot_hold_ends_the_call_with_the_place()
    {
        await using var mock = await MockRun.StartAsync("zoo.v1.Zoo/Admit: { reply: { weight: \"${request.name}\" } }");
        Assert.Equal(0, await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name":"12"}"""));
        Assert.Equal(["""{"weight":"12"}"""], mock.Responses);
        Assert.Equal(77, await mock.CallAsync("zoo.v1.Zoo/Admit", """{"name":"Rio"}"""));
        Assert.Contains("answers.yaml:1:", mock.Status);
        Assert.Contains("zoo.v1.Ticket", mock.Status);
    }
}
