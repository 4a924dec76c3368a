// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf.Collections;

/// <summary>
/// Hashes the integers of input with a number that nobody outside knows. .NET's own hash of an integer is the integer, folded: input that is
/// made for it puts all keys into one bucket, and n keys take the square of n steps. For strings .NET itself sees to that.
/// </summary>
internal sealed class IntegerKeys<T> : IEqualityComparer<T>
{
    // An odd factor and an addend, of which the upper half of the result depends on every bit of the key.
    private readonly ulong _factor = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue) | 1;
    private readonly ulong _addend = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    private IntegerKeys()
    {
    }

    /// <summary>The comparer of keys that are integers; null, for .NET's own, of all others.</summary>
    public static IEqualityComparer<T>? Comparer { get; } =
        typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong) ? new IntegerKeys<T>() : null;

    /// <inheritdoc/>
    public bool Equals(T? x, T? y) => EqualityComparer<T>.Default.Equals(x, y);

    /// <inheritdoc/>
    public int GetHashCode(T obj)
    {
        ulong bits = Unsafe.SizeOf<T>() == sizeof(uint) ? Unsafe.BitCast<T, uint>(obj) : Unsafe.BitCast<T, ulong>(obj);
        return (int)(((bits * _factor) + _addend) >> 32);
    }
}
