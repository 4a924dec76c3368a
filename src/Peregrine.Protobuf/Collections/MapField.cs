// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Collections;

/// <summary>The entries of a map field: a dictionary that holds no null. Not safe for changes from several threads.</summary>
/// <typeparam name="TKey">The key: a string, a bool or an integer.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed partial class MapField<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>, IDictionary,
    IDeepCloneable<MapField<TKey, TValue>>, IEquatable<MapField<TKey, TValue>>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _entries = new(IntegerKeys<TKey>.Comparer);

    /// <summary>The entries themselves, for look-ups by other forms of a key.</summary>
    internal Dictionary<TKey, TValue> Entries => _entries;

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys.</summary>
    public ICollection<TKey> Keys => _entries.Keys;

    /// <summary>The values.</summary>
    public ICollection<TValue> Values => _entries.Values;

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => _entries.Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => _entries.Values;

    ICollection IDictionary.Keys => _entries.Keys;

    ICollection IDictionary.Values => _entries.Values;

    /// <summary>Always false: entries can be added and removed.</summary>
    public bool IsReadOnly => false;

    bool IDictionary.IsFixedSize => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    /// <summary>The value of <paramref name="key"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such entry.</exception>
    /// <exception cref="ArgumentNullException">The key or the value is null.</exception>
    public TValue this[TKey key]
    {
        get => _entries[key];
        set
        {
            CheckNotNull(value);
            _entries[key] = value;
        }
    }

    object? IDictionary.this[object key]
    {
        get => key is TKey typed && _entries.TryGetValue(typed, out TValue? value) ? value : null;
        set => this[(TKey)key] = CastValue(value);
    }

    /// <summary>Adds an entry.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    /// <exception cref="ArgumentNullException">The key or the value is null.</exception>
    public void Add(TKey key, TValue value)
    {
        CheckNotNull(value);
        _entries.Add(key, value);
    }

    /// <summary>Adds an entry, unless the key is there already.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it was added.</returns>
    /// <exception cref="ArgumentNullException">The key or the value is null.</exception>
    public bool TryAdd(TKey key, TValue value)
    {
        CheckNotNull(value);
        return _entries.TryAdd(key, value);
    }

    /// <summary>Makes room, so that the field holds that many entries without allocating again.</summary>
    /// <param name="capacity">How many entries, those that are there included.</param>
    /// <returns>The number of entries that there is room for, which may be larger.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public int EnsureCapacity(int capacity) => _entries.EnsureCapacity(capacity);

    /// <summary>Adds all entries; a key that is there already takes the new value.</summary>
    public void Add(IDictionary<TKey, TValue> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach ((TKey key, TValue value) in entries)
        {
            this[key] = value;
        }
    }

    /// <summary>Adds copies of all entries of <paramref name="other"/>, as merging messages does.</summary>
    public void MergeFrom(MapField<TKey, TValue> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            return;
        }

        foreach ((TKey key, TValue value) in other._entries)
        {
            _entries[key] = ValueCloning<TValue>.Clone(value);
        }
    }

    /// <summary>Adds copies of all entries; a key that is there already takes the new value.</summary>
    /// <param name="entries">The entries; values that are messages are cloned.</param>
    public void MergeFrom(IDictionary<TKey, TValue> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries is MapField<TKey, TValue> other)
        {
            MergeFrom(other);
            return;
        }

        foreach ((TKey key, TValue value) in entries)
        {
            CheckNotNull(value);
            _entries[key] = ValueCloning<TValue>.Clone(value);
        }
    }

    /// <summary>Whether there is an entry with <paramref name="key"/>.</summary>
    public bool ContainsKey(TKey key) => _entries.ContainsKey(key);

    /// <summary>Removes the entry with <paramref name="key"/>.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(TKey key) => _entries.Remove(key);

    /// <summary>Removes the entry with <paramref name="key"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">What its value was.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.Remove(key, out value);

    /// <summary>The value of <paramref name="key"/>, or the default of its type (null, 0) when there is none.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value itself, not a copy.</returns>
    public TValue? GetValueOrDefault(TKey key) => _entries.GetValueOrDefault(key);

    /// <summary>The value of <paramref name="key"/>, or another when there is none.</summary>
    /// <param name="key">The key.</param>
    /// <param name="defaultValue">What to return then; it is not added.</param>
    /// <returns>The value itself, not a copy.</returns>
    public TValue GetValueOrDefault(TKey key, TValue defaultValue) => _entries.GetValueOrDefault(key, defaultValue);

    /// <summary>The value of <paramref name="key"/>, if there is one.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _entries.TryGetValue(key, out value);

    /// <summary>Removes all entries.</summary>
    public void Clear() => _entries.Clear();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    IDictionaryEnumerator IDictionary.GetEnumerator() => ((IDictionary)_entries).GetEnumerator();

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        _entries.TryGetValue(item.Key, out TValue? value) && ValueEquality<TValue>.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)this).Contains(item) && _entries.Remove(item.Key);

    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)_entries).CopyTo(array, arrayIndex);

    void IDictionary.Add(object key, object? value) => Add((TKey)key, CastValue(value));

    bool IDictionary.Contains(object key) => key is TKey typed && _entries.ContainsKey(typed);

    void IDictionary.Remove(object key)
    {
        if (key is TKey typed)
        {
            _ = _entries.Remove(typed);
        }
    }

    void ICollection.CopyTo(Array array, int index) => ((ICollection)_entries).CopyTo(array, index);

    /// <inheritdoc/>
    public MapField<TKey, TValue> Clone()
    {
        MapField<TKey, TValue> copy = [];
        copy.MergeFrom(this);
        return copy;
    }

    /// <summary>Whether no value that is a message lacks a required field.</summary>
    public bool IsInitialized()
    {
        foreach (TValue value in _entries.Values)
        {
            if (value is IMessage message && !message.IsInitialized())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the same keys have equal values, in any order.</summary>
    public bool Equals(MapField<TKey, TValue>? other)
    {
        if (other is null || other.Count != Count)
        {
            return false;
        }

        foreach ((TKey key, TValue value) in _entries)
        {
            if (!other._entries.TryGetValue(key, out TValue? theirs) || !ValueEquality<TValue>.Equals(value, theirs))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MapField<TKey, TValue>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // The order of entries must not matter.
        int hash = 0;
        foreach ((TKey key, TValue value) in _entries)
        {
            hash ^= HashCode.Combine(key, value);
        }

        return hash;
    }

    /// <summary>The entries in JSON-like form, for people.</summary>
    public override string ToString() =>
        $"{{ {string.Join(", ", _entries.Select(static entry => $"{entry.Key}: {entry.Value}"))} }}";

    private static void CheckNotNull(TValue value)
    {
        if (value is null && Nullable.GetUnderlyingType(typeof(TValue)) is null)
        {
            throw new ArgumentNullException(nameof(value));
        }
    }

    private static TValue CastValue(object? value)
    {
        if (value is null && default(TValue) is not null)
        {
            throw new ArgumentNullException(nameof(value));
        }

        return (TValue)value!;
    }
}
