// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.WellKnown; // not ...WellKnownTypes, which would hide the namespace under test

public sealed class StructJsonTests
{
    private const string Everything = """{"n":null,"t":true,"f":false,"i":1,"d":-2.5E-7,"s":"\u00E4\n","a":[1,[],{}],"o":{"a":{"b":[null]}},"":0}""";

    [Fact]
    public void Elements_and_nodes_become_what_the_JSON_parser_makes_of_their_text()
    {
        Struct expected = JsonParser.Default.Parse<Struct>(Everything);
        Assert.Equal(expected, Struct.FromJsonElement(JsonElement.Parse(Everything)));
        Assert.Equal(expected, Struct.FromJsonObject(JsonNode.Parse(Everything)!.AsObject()));
        Assert.Equal(Value.ForStruct(expected), Value.FromJsonElement(JsonElement.Parse(Everything)));
        Assert.Equal(Value.ForStruct(expected), Value.FromJsonNode(JsonNode.Parse(Everything)));
        Assert.Equal(expected["a"].ListValue, ListValue.FromJsonArray(JsonNode.Parse(Everything)!["a"]!.AsArray()));
        Assert.Equal(expected["a"].ListValue, ListValue.FromJsonElement(JsonElement.Parse(Everything).GetProperty("a")));
    }

    [Fact]
    public void Values_become_the_JSON_that_they_came_from()
    {
        Struct value = Struct.FromJsonElement(JsonElement.Parse(Everything));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Everything), value.ToJsonObject()));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Everything), Value.ForStruct(value).ToJsonNode()));
        Assert.Equal("[1,[],{}]", value["a"].ListValue!.ToJsonArray().ToJsonString());
        Assert.Null(Value.ForNull().ToJsonNode());
    }

    [Fact]
    public void Leaves_of_dotnet_types_become_what_they_are_in_JSON()
    {
        DateTime time = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        JsonArray leaves = [1, 2L, 3UL, 4f, 5d, 6m, (byte)7, true, "s", 'c', time, Guid.Empty, null];
        Assert.Equal(
            """[1,2,3,4,5,6,7,true,"s","c","2026-01-02T03:04:05Z","00000000-0000-0000-0000-000000000000",null]""",
            ListValue.FromJsonArray(leaves).ToJsonArray().ToJsonString());
    }

    [Fact]
    public void Numbers_become_the_nearest_double()
    {
        Assert.Equal(9007199254740992, Value.FromJsonElement(JsonElement.Parse("9007199254740993")).NumberValue);
        Assert.Equal(9007199254740992, Value.FromJsonNode(JsonValue.Create(9007199254740993)).NumberValue);
        Assert.Equal(0.1, Value.FromJsonNode(JsonValue.Create(0.1m)).NumberValue);
        Assert.Equal(0, Value.FromJsonElement(JsonElement.Parse("1e-400")).NumberValue);
    }

    [Fact]
    public void What_a_value_cannot_hold_is_an_error_with_its_place()
    {
        AssertPlace("$.a[1].b", () => Value.FromJsonElement(JsonElement.Parse("""{"a":[0,{"b":1e400}]}""")));
        AssertPlace("$.a[1].b", () => Value.FromJsonNode(JsonNode.Parse("""{"a":[0,{"b":-1e400}]}""")));
        AssertPlace("$.a", () => Struct.FromJsonElement(JsonElement.Parse("""{"a":1,"a":2}""")));
        AssertPlace("undefined", () => Value.FromJsonElement(default));
        AssertPlace("Expected a JSON element of kind Object", () => Struct.FromJsonElement(JsonElement.Parse("[]")));
        AssertPlace("Expected a JSON element of kind Array", () => ListValue.FromJsonElement(JsonElement.Parse("{}")));
        Assert.ThrowsAny<ArgumentException>(() => Value.FromJsonNode(JsonValue.Create(double.NaN)));

        static void AssertPlace(string place, Action convert) =>
            Assert.Contains(place, Assert.Throws<ArgumentException>(convert).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_JSON_cannot_hold_is_an_error_with_its_place()
    {
        Struct value = new() { ["a"] = Value.ForList(Value.ForNull(), Value.ForNumber(double.PositiveInfinity)) };
        Assert.Contains("$.a[1]", Assert.Throws<InvalidOperationException>(() => value.ToJsonObject()).Message, StringComparison.Ordinal);
        value["a"] = new Value();
        Assert.Contains("none of its kinds is set", Assert.Throws<InvalidOperationException>(() => value.ToJsonObject()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_depth_is_bounded_in_every_direction()
    {
        const int Limit = 100;
        foreach (int depth in new[] { Limit, Limit + 1, 100_000 })
        {
            Value value = Value.ForNumber(1);
            JsonNode node = 1;
            for (int i = 0; i < depth; i++)
            {
                value = i % 2 == 0 ? Value.ForList(value) : Value.ForStruct(new Struct { ["m"] = value });
                node = i % 2 == 0 ? new JsonArray { node } : new JsonObject { ["m"] = node };
            }

            if (depth <= Limit)
            {
                Assert.Equal(value, Value.FromJsonNode(node));
                Assert.Equal(value, Value.FromJsonElement(JsonElement.Parse(node.ToJsonString(), new JsonDocumentOptions { MaxDepth = 1000 })));
                Assert.Equal(node.ToJsonString(), value.ToJsonNode()!.ToJsonString());
            }
            else
            {
                Assert.Throws<ArgumentException>(() => Value.FromJsonNode(node));
                Assert.Throws<InvalidOperationException>(() => value.ToJsonNode());
            }
        }

        JsonElement deep = JsonElement.Parse(new string('[', 500) + new string(']', 500), new JsonDocumentOptions { MaxDepth = 500 });
        Assert.Throws<ArgumentException>(() => Value.FromJsonElement(deep));
    }

    [Fact]
    public void A_struct_finds_its_members_by_name()
    {
        Struct value = new() { ["a"] = Value.ForBool(true) };
        Assert.Same(value.Fields["a"], value["a"]);
        Assert.Throws<KeyNotFoundException>(() => value["b"]);
        Assert.Throws<ArgumentNullException>(() => value["b"] = null!);
        Assert.Equal(2, Value.ForList(new List<Value> { Value.ForNull(), Value.ForNull() }).ListValue!.Values.Count);
    }
}
