// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Divides.</content>
public sealed partial class Fraction
{
    /// <summary>The quotient as a <see cref="double"/>, rounded as double is.</summary>
    /// <returns>Numerator by denominator.</returns>
    /// <exception cref="InvalidOperationException">The denominator is not positive.</exception>
    public double ToDouble() => (double)Numerator / CheckedDenominator();

    /// <summary>The quotient as a <see cref="decimal"/>, rounded to the digits that it holds (28 or 29).</summary>
    /// <returns>Numerator by denominator.</returns>
    /// <exception cref="InvalidOperationException">The denominator is not positive.</exception>
    public decimal ToDecimal() => (decimal)Numerator / CheckedDenominator();

    private long CheckedDenominator() => Denominator > 0
        ? Denominator
        : throw new InvalidOperationException($"The denominator of the fraction {Numerator}/{Denominator} is not positive.");
}
