// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Makes values of each kind, and converts to and from the JSON trees of System.Text.Json.</content>
public sealed partial class Value
{
    /// <summary>A JSON string.</summary>
    /// <param name="value">The text; not null.</param>
    /// <returns>A new value.</returns>
    public static Value ForString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Value { StringValue = value };
    }

    /// <summary>A JSON number. NaN and the infinities are accepted here, but have no JSON form inside a value.</summary>
    /// <param name="value">The number.</param>
    /// <returns>A new value.</returns>
    public static Value ForNumber(double value) => new() { NumberValue = value };

    /// <summary>A JSON <c>true</c> or <c>false</c>.</summary>
    /// <param name="value">Which.</param>
    /// <returns>A new value.</returns>
    public static Value ForBool(bool value) => new() { BoolValue = value };

    /// <summary>The JSON <c>null</c>.</summary>
    /// <returns>A new value.</returns>
    public static Value ForNull() => new() { NullValue = NullValue.NullValue };

    /// <summary>A JSON array.</summary>
    /// <param name="values">The elements, none null; the array is copied, the elements are not.</param>
    /// <returns>A new value.</returns>
    public static Value ForList(params Value[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Value { ListValue = new ListValue { Values = { values } } };
    }

    /// <summary>A JSON object.</summary>
    /// <param name="value">The members; not copied.</param>
    /// <returns>A new value.</returns>
    public static Value ForStruct(Struct value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Value { StructValue = value };
    }

    /// <summary>A JSON array.</summary>
    /// <param name="values">The elements, none null; not copied.</param>
    /// <returns>A new value.</returns>
    public static Value ForList(IEnumerable<Value> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new Value { ListValue = new ListValue { Values = { values } } };
    }

    /// <summary>
    /// Converts JSON. Numbers become doubles, the nearest where none is equal: of an integer above 2^53 the last digits are lost, so such
    /// numbers are better written as strings.
    /// </summary>
    /// <param name="element">Any JSON.</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentException">
    /// The element is undefined, a number is outside the range of double, an object has a member twice, or the nesting is deeper than 100
    /// objects and arrays.
    /// </exception>
    /// <exception cref="InvalidOperationException">A string has an unpaired surrogate.</exception>
    public static Value FromJsonElement(JsonElement element) => new StructJson().Read(element);

    /// <summary>Converts JSON; numbers become doubles, as for <see cref="FromJsonElement"/>.</summary>
    /// <param name="node">Any JSON; null is the JSON null. What a leaf holds of .NET's types, such as a <see cref="DateTime"/>, becomes
    /// what it is in JSON.</param>
    /// <returns>A new value.</returns>
    /// <exception cref="ArgumentException">
    /// A number is outside the range of double or not finite, or the nesting is deeper than 100 objects and arrays.
    /// </exception>
    public static Value FromJsonNode(JsonNode? node) => new StructJson().Read(node);

    /// <summary>Converts to JSON.</summary>
    /// <returns>A new tree; null for the JSON null.</returns>
    /// <exception cref="InvalidOperationException">
    /// A value is unset, a number is not finite, or the nesting is deeper than 100 structs and lists.
    /// </exception>
    public JsonNode? ToJsonNode() => new StructJson().Write(this);
}
