// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Collections;

/// <summary>One key or value of a map whose type is not known: bits of a number, bool or enum, or an object.</summary>
/// <param name="Bits">The bits, as <see cref="FieldAccess"/> has them; 0 beside an object.</param>
/// <param name="Object">Text, bytes, a message, or the boxed value of a wrapper; null beside bits, and for a wrapper that is null.</param>
internal readonly record struct UntypedValue(ulong Bits, object? Object)
{
    // Hashed with a number that nobody outside knows: input could else put all keys into one bucket.
    public override int GetHashCode() => System.HashCode.Combine(Bits, Object);
}

/// <summary>A map field, seen without its types and without boxing.</summary>
internal interface IUntypedMap
{
    int Count { get; }

    /// <summary>Shows all entries, in the order of the map.</summary>
    void Visit(IMapVisitor visitor, object state);

    bool Contains(UntypedValue key);

    /// <summary>Adds an entry; false if the key is there.</summary>
    /// <exception cref="System.InvalidCastException">The key or the value is of another type.</exception>
    bool TryAdd(UntypedValue key, UntypedValue value);

    /// <summary>Adds an entry, or replaces the value of a key that is there.</summary>
    /// <exception cref="System.InvalidCastException">The key or the value is of another type.</exception>
    void Set(UntypedValue key, UntypedValue value);
}

/// <summary>What is shown the entries of a map.</summary>
internal interface IMapVisitor
{
    /// <param name="state">What was given to <see cref="IUntypedMap.Visit"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    void VisitEntry(object state, in UntypedValue key, in UntypedValue value);
}
