// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Makes values of each kind.</content>
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
}
