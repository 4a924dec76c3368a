// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Collections;

/// <summary>Makes repeated fields; what <c>RepeatedField&lt;int&gt; numbers = [1, 2, 3];</c> calls.</summary>
public static class RepeatedField
{
    /// <summary>Makes a repeated field with elements.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="values">The elements; the span is copied, messages are not.</param>
    /// <returns>A new field.</returns>
    /// <exception cref="ArgumentNullException">An element is null.</exception>
    public static RepeatedField<T> Create<T>(params ReadOnlySpan<T> values)
    {
        RepeatedField<T> field = new();
        field.AddRange(values);
        return field;
    }
}
