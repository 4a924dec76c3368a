// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <summary>
/// Turns JSON trees of System.Text.Json into <see cref="Value"/> and back. One instance converts one tree; it knows how deep it is, and
/// where.
/// </summary>
internal sealed class StructJson
{
    /// <summary>How many objects and arrays lie in each other at most; the recursion must end before the stack does.</summary>
    public const int MaxDepth = 100;

    private readonly FieldPath _path = new();
    private int _depth;

    /// <exception cref="ArgumentException">The element does not fit.</exception>
    public Value Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => Value.ForNull(),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        JsonValueKind.Number => ReadNumber(element),
        JsonValueKind.String => Value.ForString(element.GetString()!),
        JsonValueKind.Array => new Value { ListValue = ReadArray(element) },
        JsonValueKind.Object => new Value { StructValue = ReadObject(element) },
        _ => throw new ArgumentException($"The JSON element at {_path} is undefined: its default value stands for nothing."),
    };

    /// <exception cref="ArgumentException">The element does not fit.</exception>
    public Struct ReadObject(JsonElement element)
    {
        Require(element, JsonValueKind.Object);
        Enter();
        Struct result = new();
        foreach (JsonProperty member in element.EnumerateObject())
        {
            _path.Push(member.Name);
            if (!result.Fields.TryAdd(member.Name, Read(member.Value)))
            {
                throw new ArgumentException($"The JSON object has {_path} twice.");
            }

            _path.Pop();
        }

        _depth--;
        return result;
    }

    /// <exception cref="ArgumentException">The element does not fit.</exception>
    public ListValue ReadArray(JsonElement element)
    {
        Require(element, JsonValueKind.Array);
        Enter();
        ListValue result = new();
        result.Values.EnsureCapacity(element.GetArrayLength());
        foreach (JsonElement item in element.EnumerateArray())
        {
            _path.PushIndex(result.Values.Count);
            result.Values.Add(Read(item));
            _path.Pop();
        }

        _depth--;
        return result;
    }

    /// <exception cref="ArgumentException">The node does not fit.</exception>
    public Value Read(JsonNode? node) => node switch
    {
        null => Value.ForNull(),
        JsonObject members => new Value { StructValue = ReadObject(members) },
        JsonArray items => new Value { ListValue = ReadArray(items) },
        _ => ReadLeaf(node.AsValue()),
    };

    /// <exception cref="ArgumentException">The object does not fit.</exception>
    public Struct ReadObject(JsonObject members)
    {
        Enter();
        Struct result = new();
        foreach ((string name, JsonNode? member) in members)
        {
            _path.Push(name);
            result.Fields.Add(name, Read(member));
            _path.Pop();
        }

        _depth--;
        return result;
    }

    /// <exception cref="ArgumentException">The array does not fit.</exception>
    public ListValue ReadArray(JsonArray items)
    {
        Enter();
        ListValue result = new();
        result.Values.EnsureCapacity(items.Count);
        foreach (JsonNode? item in items)
        {
            _path.PushIndex(result.Values.Count);
            result.Values.Add(Read(item));
            _path.Pop();
        }

        _depth--;
        return result;
    }

    /// <exception cref="InvalidOperationException">The value has no JSON form.</exception>
    public JsonNode? Write(Value value)
    {
        switch (value.KindCase)
        {
            case Value.KindOneofCase.NullValue:
                return null;
            case Value.KindOneofCase.BoolValue:
                return JsonValue.Create(value.BoolValue);
            case Value.KindOneofCase.StringValue:
                return JsonValue.Create(value.StringValue);
            case Value.KindOneofCase.StructValue:
                return Write(value.StructValue!);
            case Value.KindOneofCase.ListValue:
                return Write(value.ListValue!);
            case Value.KindOneofCase.NumberValue when double.IsFinite(value.NumberValue):
                return JsonValue.Create(value.NumberValue);
            case Value.KindOneofCase.NumberValue:
                throw new InvalidOperationException($"The value at {_path} has no JSON form: its number is {value.NumberValue}.");
            default:
                throw new InvalidOperationException($"The value at {_path} has no JSON form: none of its kinds is set.");
        }
    }

    /// <exception cref="InvalidOperationException">A value has no JSON form.</exception>
    public JsonObject Write(Struct value)
    {
        EnterOutput();
        JsonObject result = [];
        foreach ((string name, Value member) in value.Fields)
        {
            _path.Push(name);
            result.Add(name, Write(member));
            _path.Pop();
        }

        _depth--;
        return result;
    }

    /// <exception cref="InvalidOperationException">A value has no JSON form.</exception>
    public JsonArray Write(ListValue value)
    {
        EnterOutput();
        JsonArray result = [];
        foreach (Value item in value.Values)
        {
            _path.PushIndex(result.Count);
            result.Add(Write(item));
            _path.Pop();
        }

        _depth--;
        return result;
    }

    // A leaf holds an element of a document or anything of .NET, such as a DateTime or an int; its JSON says what it is.
    private Value ReadLeaf(JsonValue leaf) =>
        leaf.TryGetValue(out JsonElement element) ? Read(element)
        : leaf.TryGetValue(out string? text) ? Value.ForString(text)
        : leaf.TryGetValue(out bool flag) ? Value.ForBool(flag)
        : leaf.TryGetValue(out double number) && double.IsFinite(number) ? Value.ForNumber(number)
        : Read(JsonElement.Parse(leaf.ToJsonString(), new JsonDocumentOptions { MaxDepth = MaxDepth }));

    private Value ReadNumber(JsonElement element)
    {
        double number = element.GetDouble();
        return double.IsFinite(number)
            ? Value.ForNumber(number)
            : throw new ArgumentException($"The JSON number at {_path} is outside the range of double.");
    }

    private static void Require(JsonElement element, JsonValueKind kind)
    {
        if (element.ValueKind != kind)
        {
            throw new ArgumentException($"Expected a JSON element of kind {kind}, but it is of kind {element.ValueKind}.");
        }
    }

    private void Enter()
    {
        if (++_depth > MaxDepth)
        {
            throw new ArgumentException($"The JSON at {_path} is nested more than {MaxDepth} levels deep.");
        }
    }

    private void EnterOutput()
    {
        if (++_depth > MaxDepth)
        {
            throw new InvalidOperationException($"The value at {_path} is nested more than {MaxDepth} levels deep.");
        }
    }
}
