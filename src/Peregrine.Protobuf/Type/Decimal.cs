// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;

namespace Google.Type;

/// <content>Converts to and from <see cref="decimal"/>.</content>
public sealed partial class Decimal
{
    /// <summary>Converts a <see cref="decimal"/>, exactly; zeros at the end of its fraction are kept (<c>1.00</c>).</summary>
    /// <param name="value">Any value.</param>
    /// <returns>The same number, without an exponent.</returns>
    public static Decimal FromClrDecimal(decimal value) => new() { Value = value.ToString(CultureInfo.InvariantCulture) };

    /// <summary>
    /// Converts to a <see cref="decimal"/>, exactly: nothing is rounded. The text is read as <c>decimal.proto</c> has it, exponent and all;
    /// an empty one is 0. Zeros at the end of the fraction are kept as far as they fit.
    /// </summary>
    /// <returns>The same number.</returns>
    /// <exception cref="FormatException">The text is not a number.</exception>
    /// <exception cref="OverflowException">
    /// The number is too large for <see cref="decimal"/> (the limit is about 7.9E+28), or has more digits than it can hold (28 or 29).
    /// </exception>
    public decimal ToClrDecimal() => DecimalText.Parse(Value);
}
