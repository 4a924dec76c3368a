// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Finds members by name, and converts to and from the JSON trees of System.Text.Json.</content>
public sealed partial class Struct
{
    /// <summary>The member with a name: the same as <c>Fields[name]</c>.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The value itself, not a copy.</returns>
    /// <exception cref="KeyNotFoundException">On reading: there is no such member.</exception>
    /// <exception cref="ArgumentNullException">The name or the value is null. A JSON null is <see cref="Value.ForNull"/>.</exception>
    public Value this[string name]
    {
        get => Fields[name];
        set => Fields[name] = value;
    }

    /// <summary>Converts a JSON object; numbers become doubles, as for <see cref="Value.FromJsonElement"/>.</summary>
    /// <param name="element">An object.</param>
    /// <returns>A new struct.</returns>
    /// <exception cref="ArgumentException">The element is no object, or does not fit: see <see cref="Value.FromJsonElement"/>.</exception>
    /// <exception cref="InvalidOperationException">A string has an unpaired surrogate.</exception>
    public static Struct FromJsonElement(JsonElement element) => new StructJson().ReadObject(element);

    /// <summary>Converts a JSON object; numbers become doubles, as for <see cref="Value.FromJsonElement"/>.</summary>
    /// <param name="members">The object.</param>
    /// <returns>A new struct.</returns>
    /// <exception cref="ArgumentException">It does not fit: see <see cref="Value.FromJsonNode"/>.</exception>
    public static Struct FromJsonObject(JsonObject members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return new StructJson().ReadObject(members);
    }

    /// <summary>Converts to a JSON object.</summary>
    /// <returns>A new tree.</returns>
    /// <exception cref="InvalidOperationException">A value has no JSON form: see <see cref="Value.ToJsonNode"/>.</exception>
    public JsonObject ToJsonObject() => new StructJson().Write(this);
}
