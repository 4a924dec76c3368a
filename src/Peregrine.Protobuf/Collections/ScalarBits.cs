// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf.Collections;

/// <summary>
/// Numbers, bools and enums as 64 bits, in the form of <see cref="FieldAccess"/>. Each comparison of types is decided when the code for a
/// <typeparamref name="T"/> is compiled, so that one line is left of each method.
/// </summary>
internal static class ScalarBits<T>
{
    /// <summary>Whether values of the type have bits: wrappers, text, byte strings and messages have none.</summary>
    public static bool IsScalar =>
        typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(float) || typeof(T) == typeof(double) || typeof(T) == typeof(bool) || typeof(T).IsEnum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(T value)
    {
        if (typeof(T) == typeof(uint) || typeof(T) == typeof(float))
        {
            return Unsafe.As<T, uint>(ref value);
        }

        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong) || typeof(T) == typeof(double))
        {
            return Unsafe.As<T, ulong>(ref value);
        }

        if (typeof(T) == typeof(bool))
        {
            return Unsafe.As<T, bool>(ref value) ? 1UL : 0UL;
        }

        return typeof(T) == typeof(int) || typeof(T).IsEnum ? unchecked((ulong)Unsafe.As<T, int>(ref value)) : throw NoBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ToValue(ulong bits)
    {
        if (typeof(T) == typeof(long) || typeof(T) == typeof(ulong) || typeof(T) == typeof(double))
        {
            return Unsafe.As<ulong, T>(ref bits);
        }

        if (typeof(T) == typeof(bool))
        {
            bool value = bits != 0;
            return Unsafe.As<bool, T>(ref value);
        }

        if (typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(float) || typeof(T).IsEnum)
        {
            uint low = unchecked((uint)bits);
            return Unsafe.As<uint, T>(ref low);
        }

        throw NoBits();
    }

    private static InvalidOperationException NoBits() => new($"{typeof(T)} is no number, bool or enum.");
}
