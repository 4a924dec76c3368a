// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Peregrine.Protobuf.Wire;

/// <summary>Equality as messages know it: floating-point numbers are equal when their bits are, all else by its own rule.</summary>
internal static class ValueEquality<T>
{
    public static bool Equals(T left, T right)
    {
        // The comparisons of types are constants for the just-in-time compiler: one branch remains.
        if (typeof(T) == typeof(double))
        {
            return BitConverter.DoubleToInt64Bits(Unsafe.As<T, double>(ref left))
                == BitConverter.DoubleToInt64Bits(Unsafe.As<T, double>(ref right));
        }

        if (typeof(T) == typeof(float))
        {
            return BitConverter.SingleToInt32Bits(Unsafe.As<T, float>(ref left))
                == BitConverter.SingleToInt32Bits(Unsafe.As<T, float>(ref right));
        }

        return EqualityComparer<T>.Default.Equals(left, right);
    }
}
