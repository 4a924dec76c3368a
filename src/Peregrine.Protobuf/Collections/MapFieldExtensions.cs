// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Protobuf.Collections;

/// <summary>Look-ups in maps with string keys by text that is not a string, without making one.</summary>
public static class MapFieldExtensions
{
    /// <summary>Whether there is an entry with a key.</summary>
    /// <typeparam name="TValue">The value.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="key">The text of the key.</param>
    /// <returns>True when there is one.</returns>
    public static bool ContainsKey<TValue>(this MapField<string, TValue> map, ReadOnlySpan<char> key) => Entries(map).ContainsKey(key);

    /// <summary>The value of a key, if there is one.</summary>
    /// <typeparam name="TValue">The value.</typeparam>
    /// <param name="map">The map.</param>
    /// <param name="key">The text of the key.</param>
    /// <param name="value">The value itself, not a copy.</param>
    /// <returns>True when there is one.</returns>
    public static bool TryGetValue<TValue>(this MapField<string, TValue> map, ReadOnlySpan<char> key, [MaybeNullWhen(false)] out TValue value) =>
        Entries(map).TryGetValue(key, out value);

    private static Dictionary<string, TValue>.AlternateLookup<ReadOnlySpan<char>> Entries<TValue>(MapField<string, TValue> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return map.Entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
