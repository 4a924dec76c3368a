// SPDX-License-Identifier: Apache-2.0
using System;

namespace Google.Type;

/// <content>Converts to and from <see cref="decimal"/>.</content>
public sealed partial class Money
{
    private const int NanosPerUnit = 1_000_000_000;

    /// <summary>
    /// The amount as one number: <see cref="Units"/> and <see cref="Nanos"/> together, exactly. Setting it sets both; nothing is rounded.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// On reading: the nanos are outside of plus or minus 999,999,999, or have another sign than the units.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// On setting: the whole part is outside of the range of <see cref="long"/>, or more than nine digits stand behind the point.
    /// </exception>
    public decimal DecimalValue
    {
        get
        {
            if (Nanos is <= -NanosPerUnit or >= NanosPerUnit || (Units > 0 && Nanos < 0) || (Units < 0 && Nanos > 0))
            {
                throw new InvalidOperationException(
                    $"Money with {Units} units and {Nanos} nanos is no amount: nanos go from -999999999 to 999999999, and have the sign of the units.");
            }

            return Units + (Nanos / (decimal)NanosPerUnit);
        }

        set
        {
            decimal units = decimal.Truncate(value);
            if (units is < long.MinValue or > long.MaxValue)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"The whole units of an amount go from {long.MinValue} to {long.MaxValue}.");
            }

            decimal nanos = (value - units) * NanosPerUnit;
            if (nanos != decimal.Truncate(nanos))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, "The amount has more than nine digits behind the point, and would be rounded. Round it first.");
            }

            Units = (long)units;
            Nanos = (int)nanos;
        }
    }

    /// <summary>Makes an amount of money.</summary>
    /// <param name="amount">The amount, as <see cref="DecimalValue"/> takes it.</param>
    /// <param name="currencyCode">The currency: three letters of ISO 4217, such as <c>USD</c>. Not checked.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The amount does not fit.</exception>
    public static Money FromDecimal(decimal amount, string currencyCode) => new() { CurrencyCode = currencyCode, DecimalValue = amount };
}
