// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Collections;

/// <summary>The elements of a repeated field: a list that holds no null. Not safe for changes from several threads.</summary>
/// <typeparam name="T">The type of an element.</typeparam>
[CollectionBuilder(typeof(RepeatedField), nameof(RepeatedField.Create))]
public sealed partial class RepeatedField<T> : IList<T>, IList, IReadOnlyList<T>, IDeepCloneable<RepeatedField<T>>,
    IEquatable<RepeatedField<T>>
{
    private const int FirstCapacity = 4;

    private T[] _items = [];
    private int _count;
    private int _packedLength;

    /// <summary>How many elements there are.</summary>
    public int Count => _count;

    /// <summary>How many elements fit before memory is allocated anew.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than <see cref="Count"/>.</exception>
    public int Capacity
    {
        get => _items.Length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, _count);
            if (value != _items.Length)
            {
                Resize(value);
            }
        }
    }

    /// <summary>Always false: elements can be added and removed.</summary>
    public bool IsReadOnly => false;

    bool IList.IsFixedSize => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    /// <summary>The element at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public T this[int index]
    {
        get
        {
            CheckIndex(index);
            return _items[index];
        }

        set
        {
            CheckIndex(index);
            CheckNotNull(value);
            _items[index] = value;
        }
    }

    object? IList.this[int index]
    {
        get => this[index];
        set => this[index] = Cast(value);
    }

    /// <summary>The elements as a span, valid until an element is added or removed.</summary>
    public Span<T> AsSpan() => _items.AsSpan(0, _count);

    /// <summary>Adds an element.</summary>
    /// <exception cref="ArgumentNullException">The element is null.</exception>
    public void Add(T item)
    {
        CheckNotNull(item);
        if (_count == _items.Length)
        {
            Grow(_count + 1);
        }

        _items[_count++] = item;
    }

    /// <summary>Adds all elements; the same as <see cref="AddRange(IEnumerable{T})"/>, for collection initializers.</summary>
    public void Add(IEnumerable<T> values) => AddRange(values);

    /// <summary>Adds all elements, or none if one is null.</summary>
    /// <exception cref="ArgumentNullException">The sequence or one of its elements is null.</exception>
    public void AddRange(IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        switch (values)
        {
            case RepeatedField<T> other:
                AddRange(other._items.AsSpan(0, other._count));
                return;
            case T[] array:
                AddRange(array.AsSpan());
                return;
            case List<T> list:
                AddRange(CollectionsMarshal.AsSpan(list));
                return;
        }

        // Taken out first: a null at the end, or a query over this field, must not leave it half done.
        AddRange(values.ToArray().AsSpan());
    }

    /// <summary>Adds all elements, or none if one is null.</summary>
    /// <exception cref="ArgumentNullException">An element is null.</exception>
    public void AddRange(params ReadOnlySpan<T> values)
    {
        if (default(T) is null && !IsNullableValue)
        {
            foreach (T item in values)
            {
                CheckNotNull(item);
            }
        }

        Reserve(values.Length);
        values.CopyTo(_items.AsSpan(_count));
        _count += values.Length;
    }

    /// <summary>Makes room, so that the field holds that many elements without allocating again.</summary>
    /// <param name="capacity">How many elements, those that are there included.</param>
    /// <returns>The <see cref="Capacity"/>, which may be larger.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is negative.</exception>
    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (capacity > _items.Length)
        {
            Grow(capacity);
        }

        return _items.Length;
    }

    /// <summary>Inserts an element.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or above <see cref="Count"/>.</exception>
    public void Insert(int index, T item)
    {
        CheckNotNull(item);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)_count, nameof(index));
        Reserve(1);
        Array.Copy(_items, index, _items, index + 1, _count - index);
        _items[index] = item;
        _count++;
    }

    /// <summary>Inserts all elements, or none if one is null.</summary>
    /// <param name="index">Where the first of them will stand.</param>
    /// <param name="values">The elements; may be elements of this field.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or above <see cref="Count"/>.</exception>
    /// <exception cref="ArgumentNullException">The sequence or one of its elements is null.</exception>
    public void InsertRange(int index, IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)_count, nameof(index));

        // Added at the end first, which checks them and takes them out of any source, then turned to their place.
        int before = _count;
        AddRange(values);
        Rotate(index, _count - before);
    }

    /// <summary>Inserts all elements, or none if one is null.</summary>
    /// <param name="index">Where the first of them will stand.</param>
    /// <param name="values">The elements; may be elements of this field.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or above <see cref="Count"/>.</exception>
    /// <exception cref="ArgumentNullException">An element is null.</exception>
    public void InsertRange(int index, params ReadOnlySpan<T> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)_count, nameof(index));
        AddRange(values);
        Rotate(index, values.Length);
    }

    /// <summary>Removes the first element that equals <paramref name="item"/>.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    /// <summary>Removes the element at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such element.</exception>
    public void RemoveAt(int index)
    {
        CheckIndex(index);
        _count--;
        Array.Copy(_items, index + 1, _items, index, _count - index);
        _items[_count] = default!;
    }

    /// <summary>Removes elements that stand side by side.</summary>
    /// <param name="index">Where the first of them stands.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or fewer elements stand there.</exception>
    public void RemoveRange(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _count - index);
        Array.Copy(_items, index + count, _items, index, _count - index - count);
        Truncate(_count - count);
    }

    /// <summary>Removes all elements that a condition holds for; the others keep their order.</summary>
    /// <param name="match">The condition; asked once for each element. If it throws, nothing is removed.</param>
    /// <returns>How many were removed.</returns>
    public int RemoveAll(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        T[] kept = Array.FindAll(ToArray(), item => !match(item));
        int removed = _count - kept.Length;
        kept.CopyTo(_items, 0);
        Truncate(kept.Length);
        return removed;
    }

    /// <summary>Removes all elements; keeps the capacity.</summary>
    public void Clear() => Truncate(0);

    /// <summary>Where the first element equal to <paramref name="item"/> stands; -1 if there is none.</summary>
    public int IndexOf(T item)
    {
        for (int i = 0; i < _count; i++)
        {
            if (ValueEquality<T>.Equals(_items[i], item))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether an element equals <paramref name="item"/>.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Sorts the elements, by <paramref name="comparer"/> or by their own order.</summary>
    public void Sort(IComparer<T>? comparer = null) => Array.Sort(_items, 0, _count, comparer);

    /// <summary>Sorts the elements by a comparison; equal ones may change places.</summary>
    /// <param name="comparison">Negative, zero or positive as the first of two is before, beside or behind the second.</param>
    public void Sort(Comparison<T> comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        AsSpan().Sort(comparison);
    }

    /// <summary>Turns the order of the elements around.</summary>
    public void Reverse() => AsSpan().Reverse();

    /// <summary>A new array with the elements.</summary>
    /// <returns>The array; elements that are messages are not copied.</returns>
    public T[] ToArray() => AsSpan().ToArray();

    /// <summary>Copies the elements.</summary>
    /// <param name="destination">Where to, from its start on.</param>
    /// <exception cref="ArgumentException">There is not enough room.</exception>
    public void CopyTo(Span<T> destination) => AsSpan().CopyTo(destination);

    /// <summary>Copies the elements to <paramref name="array"/>, from <paramref name="arrayIndex"/> on.</summary>
    public void CopyTo(T[] array, int arrayIndex) => Array.Copy(_items, 0, array, arrayIndex, _count);

    /// <summary>Adds copies of the elements of <paramref name="other"/>, as merging messages does.</summary>
    public void MergeFrom(RepeatedField<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        int count = other._count;
        Reserve(count);
        for (int i = 0; i < count; i++)
        {
            // Counted when it is there: a copy may fail, and no element is null.
            T copy = ValueCloning<T>.Clone(other._items[i]);
            _items[_count++] = copy;
        }
    }

    /// <inheritdoc/>
    public RepeatedField<T> Clone()
    {
        RepeatedField<T> copy = [];
        if (_count != 0)
        {
            copy.MergeFrom(this);
        }

        return copy;
    }

    /// <summary>Whether no element that is a message lacks a required field.</summary>
    public bool IsInitialized()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_items[i] is IMessage message && !message.IsInitialized())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the elements are equal one by one; floating-point numbers by their bits.</summary>
    public bool Equals(RepeatedField<T>? other)
    {
        if (other is null || other._count != _count)
        {
            return false;
        }

        for (int i = 0; i < _count; i++)
        {
            if (!ValueEquality<T>.Equals(_items[i], other._items[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RepeatedField<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (T item in AsSpan())
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>The elements in JSON-like form, for people.</summary>
    public override string ToString() => $"[ {string.Join(", ", this)} ]";

    /// <summary>Goes over the elements. Elements that are added meanwhile are met, too.</summary>
    /// <returns>An enumerator, a struct: <c>foreach</c> allocates nothing.</returns>
    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    int IList.Add(object? value)
    {
        Add(Cast(value));
        return _count - 1;
    }

    bool IList.Contains(object? value) => value is T item && Contains(item);

    int IList.IndexOf(object? value) => value is T item ? IndexOf(item) : -1;

    void IList.Insert(int index, object? value) => Insert(index, Cast(value));

    void IList.Remove(object? value)
    {
        if (value is T item)
        {
            _ = Remove(item);
        }
    }

    void ICollection.CopyTo(Array array, int index) => Array.Copy(_items, 0, array, index, _count);

    private void Truncate(int count)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(_items, count, _count - count);
        }

        _count = count;
    }

    // Brings the last elements to an index: turns both parts around, then the whole.
    private void Rotate(int index, int last)
    {
        Span<T> part = AsSpan()[index..];
        part[^last..].Reverse();
        part[..^last].Reverse();
        part.Reverse();
    }

    private static bool IsNullableValue => Nullable.GetUnderlyingType(typeof(T)) is not null;

    private static T Cast(object? value)
    {
        if (value is null && default(T) is not null)
        {
            throw new ArgumentNullException(nameof(value));
        }

        return (T)value!;
    }

    private static void CheckNotNull(T item)
    {
        if (item is null && !IsNullableValue)
        {
            throw new ArgumentNullException(nameof(item));
        }
    }

    private void CheckIndex(int index)
    {
        if ((uint)index >= (uint)_count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {_count} elements.");
        }
    }

    private void Reserve(int more)
    {
        if (more > _items.Length - _count)
        {
            Grow(checked(_count + more));
        }
    }

    private void Grow(int needed)
    {
        long doubled = Math.Min(Math.Max(2L * _items.Length, FirstCapacity), Array.MaxLength);
        Resize((int)Math.Max(doubled, needed));
    }

    // What is behind the elements is not set to anything, where that need not be: nobody gets to see it.
    private void Resize(int capacity)
    {
        T[] items = GC.AllocateUninitializedArray<T>(capacity);
        AsSpan().CopyTo(items);
        _items = items;
    }
}
