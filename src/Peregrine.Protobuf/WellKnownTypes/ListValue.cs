// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the JSON trees of System.Text.Json.</content>
public sealed partial class ListValue
{
    /// <summary>Converts a JSON array; numbers become doubles, as for <see cref="Value.FromJsonElement"/>.</summary>
    /// <param name="element">An array.</param>
    /// <returns>A new list.</returns>
    /// <exception cref="ArgumentException">The element is no array, or does not fit: see <see cref="Value.FromJsonElement"/>.</exception>
    /// <exception cref="InvalidOperationException">A string has an unpaired surrogate.</exception>
    public static ListValue FromJsonElement(JsonElement element) => new StructJson().ReadArray(element);

    /// <summary>Converts a JSON array; numbers become doubles, as for <see cref="Value.FromJsonElement"/>.</summary>
    /// <param name="items">The array.</param>
    /// <returns>A new list.</returns>
    /// <exception cref="ArgumentException">It does not fit: see <see cref="Value.FromJsonNode"/>.</exception>
    public static ListValue FromJsonArray(JsonArray items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new StructJson().ReadArray(items);
    }

    /// <summary>Converts to a JSON array.</summary>
    /// <returns>A new tree.</returns>
    /// <exception cref="InvalidOperationException">A value has no JSON form: see <see cref="Value.ToJsonNode"/>.</exception>
    public JsonArray ToJsonArray() => new StructJson().Write(this);
}
