// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Collections;

/// <content>The entries without their types, for code that does not know them.</content>
public sealed partial class MapField<TKey, TValue> : IUntypedMap
{
    void IUntypedMap.Visit(IMapVisitor visitor, object state)
    {
        foreach ((TKey key, TValue value) in _entries)
        {
            visitor.VisitEntry(state, Untyped(key), Untyped(value));
        }
    }

    bool IUntypedMap.Contains(UntypedValue key) => _entries.ContainsKey(Typed<TKey>(key));

    bool IUntypedMap.TryAdd(UntypedValue key, UntypedValue value) => TryAdd(Typed<TKey>(key), Typed<TValue>(value));

    void IUntypedMap.Set(UntypedValue key, UntypedValue value) => this[Typed<TKey>(key)] = Typed<TValue>(value);

    private static UntypedValue Untyped<T>(T value) =>
        ScalarBits<T>.IsScalar ? new UntypedValue(ScalarBits<T>.Of(value), null) : new UntypedValue(0, value);

    private static T Typed<T>(UntypedValue value) => ScalarBits<T>.IsScalar ? ScalarBits<T>.ToValue(value.Bits) : (T)value.Object!;
}
