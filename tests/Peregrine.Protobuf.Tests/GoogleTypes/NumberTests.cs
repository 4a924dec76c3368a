// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using Google.Type;
using Xunit;
using Decimal = Google.Type.Decimal;

namespace Peregrine.Protobuf.Tests.GoogleTypes;

public sealed class NumberTests
{
    [Theory]
    [InlineData("", "0")]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("+2.5", "2.5")]
    [InlineData("-2.5", "-2.5")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1.00", "1.00")]
    [InlineData("0.00", "0.00")]
    [InlineData("2.5e8", "250000000")]
    [InlineData("2.5E+8", "250000000")]
    [InlineData("25E-1", "2.5")]
    [InlineData("1e28", "10000000000000000000000000000")]
    [InlineData("1e-28", "0.0000000000000000000000000001")]
    [InlineData("10e-29", "0.0000000000000000000000000001")]
    [InlineData("0e99999999999999999999", "0")]
    [InlineData("0e-99999999999999999999", "0.0000000000000000000000000000")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("-79228162514264337593543950335", "-79228162514264337593543950335")]
    [InlineData("79228162514264337593543950335.000", "79228162514264337593543950335")]
    [InlineData("0.7922816251426433759354395033", "0.7922816251426433759354395033")]
    [InlineData("8.0000000000000000000000000000", "8.000000000000000000000000000")]
    [InlineData("0000000000000000000000000000000000000000001.5", "1.5")]
    public void Text_becomes_the_exact_number(string text, string expected)
    {
        decimal number = new Decimal { Value = text }.ToClrDecimal();
        Assert.Equal(expected, number.ToString(CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("79228162514264337593543950336")]
    [InlineData("-79228162514264337593543950336")]
    [InlineData("1e29")]
    [InlineData("1e99999999999999999999")]
    [InlineData("99999999999999999999999999999.5")]
    public void A_number_that_is_too_large_is_an_error(string text) =>
        Assert.Contains("too large", Assert.Throws<OverflowException>(() => new Decimal { Value = text }.ToClrDecimal()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1e-29")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("0.12345678901234567890123456789")]
    [InlineData("7.9228162514264337593543950336")]
    [InlineData("7922816251426433759354395033.54")]
    [InlineData("1.000000000000000000000000000001")]
    public void A_number_that_would_be_rounded_is_an_error(string text) =>
        Assert.Contains("would be rounded", Assert.Throws<OverflowException>(() => new Decimal { Value = text }.ToClrDecimal()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("e5")]
    [InlineData(".e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e5.5")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,5")]
    [InlineData("1,000")]
    [InlineData("--1")]
    [InlineData("1.2.3")]
    [InlineData("NaN")]
    [InlineData("\u0661")]
    public void Text_that_is_no_number_is_an_error(string text) =>
        Assert.Contains("is not a decimal number", Assert.Throws<FormatException>(() => new Decimal { Value = text }.ToClrDecimal()).Message, StringComparison.Ordinal);

    [Fact]
    public void Long_texts_take_no_longer_than_their_length_and_are_shown_short()
    {
        string zeros = new('0', 1_000_000);
        Assert.Equal(1, new Decimal { Value = zeros + "1." + zeros }.ToClrDecimal());
        Assert.Equal(1, new Decimal { Value = "1" + zeros + "e-1000000" }.ToClrDecimal());
        Assert.InRange(Assert.Throws<OverflowException>(() => new Decimal { Value = "1" + zeros }.ToClrDecimal()).Message.Length, 1, 300);
    }

    // The oracle is BigInteger: a number is exact when it is whole after shifting by 28 places and fits into 96 bits at some scale.
    [Fact]
    public void Random_texts_agree_with_exact_arithmetic()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            string digits = string.Concat(Enumerable.Range(0, random.Next(1, 33)).Select(_ => random.Next(4) == 0 ? "0" : random.Next(10).ToString(CultureInfo.InvariantCulture)));
            int exponent = random.Next(-34, 6);
            BigInteger significand = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
            int scale = -exponent;
            BigInteger whole = scale < 0 ? significand * BigInteger.Pow(10, -scale) : significand;
            scale = Math.Max(scale, 0);
            BigInteger limit = BigInteger.Pow(2, 96) - 1;
            while (scale > 0 && (scale > 28 || whole > limit) && whole % 10 == 0)
            {
                whole /= 10;
                scale--;
            }

            Decimal message = new() { Value = $"{digits}e{exponent}" };
            if (whole == 0)
            {
                Assert.Equal(0, message.ToClrDecimal());
            }
            else if (scale > 28 || whole > limit)
            {
                Assert.Throws<OverflowException>(() => message.ToClrDecimal());
            }
            else
            {
                decimal number = message.ToClrDecimal();
                Assert.Equal(scale, number.Scale);
                string withoutPoint = number.ToString(CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal);
                Assert.Equal(whole, BigInteger.Parse(withoutPoint, CultureInfo.InvariantCulture));
            }
        }
    }

    [Fact]
    public void Every_decimal_makes_the_round_trip()
    {
        Random random = new(8);
        byte[] bits = new byte[12];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(bits);
            decimal value = new(BitConverter.ToInt32(bits), BitConverter.ToInt32(bits, 4), i % 3 == 0 ? 0 : BitConverter.ToInt32(bits, 8), i % 2 == 0, (byte)random.Next(29));
            decimal back = Decimal.FromClrDecimal(value).ToClrDecimal();
            Assert.Equal(value, back);
            Assert.Equal(value.Scale, back.Scale);
        }
    }

    [Theory]
    [InlineData(1, 750_000_000, "1.75")]
    [InlineData(-1, -750_000_000, "-1.75")]
    [InlineData(0, -1, "-0.000000001")]
    [InlineData(0, 999_999_999, "0.999999999")]
    [InlineData(long.MaxValue, 999_999_999, "9223372036854775807.999999999")]
    [InlineData(long.MinValue, -999_999_999, "-9223372036854775808.999999999")]
    public void Money_is_units_and_nanos(long units, int nanos, string amount)
    {
        decimal value = decimal.Parse(amount, CultureInfo.InvariantCulture);
        Money money = Money.FromDecimal(value, "USD");
        Assert.Equal(new Money { CurrencyCode = "USD", Units = units, Nanos = nanos }, money);
        Assert.Equal(value, money.DecimalValue);
    }

    [Theory]
    [InlineData("0.0000000001")]
    [InlineData("1.9999999999")]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    public void Money_is_never_rounded(string amount)
    {
        Money money = new() { Units = 3 };
        Assert.Throws<ArgumentOutOfRangeException>(() => money.DecimalValue = decimal.Parse(amount, CultureInfo.InvariantCulture));
        Assert.Equal(3, money.DecimalValue);
    }

    [Fact]
    public void Zeros_behind_the_ninth_digit_are_no_rounding() =>
        Assert.Equal(500_000_000, Money.FromDecimal(1.500000000000000000m, "EUR").Nanos);

    [Theory]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    [InlineData(0, 1_000_000_000)]
    [InlineData(0, -1_000_000_000)]
    public void Money_with_signs_that_differ_or_too_many_nanos_is_an_error(long units, int nanos) =>
        Assert.Throws<InvalidOperationException>(() => new Money { Units = units, Nanos = nanos }.DecimalValue);

    [Fact]
    public void Fractions_divide()
    {
        Assert.Equal(0.75, new Fraction { Numerator = 3, Denominator = 4 }.ToDouble());
        Assert.Equal(-0.75m, new Fraction { Numerator = -3, Denominator = 4 }.ToDecimal());
        Assert.Throws<InvalidOperationException>(() => new Fraction { Numerator = 1 }.ToDouble());
        Assert.Throws<InvalidOperationException>(() => new Fraction { Numerator = 1, Denominator = -1 }.ToDecimal());
    }

    [Theory]
    [InlineData(90.0000001, 0)]
    [InlineData(-90.0000001, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0, 180.0000001)]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(0, double.NaN)]
    public void Places_outside_of_the_globe_are_refused(double latitude, double longitude)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LatLng.FromDegrees(latitude, longitude));
        Assert.False(new LatLng { Latitude = latitude, Longitude = longitude }.IsInRange);
    }

    [Fact]
    public void Places_on_the_globe_are_taken() => Assert.True(LatLng.FromDegrees(-90, 180).IsInRange);

    [Fact]
    public void Colors_make_the_round_trip()
    {
        for (int step = 0; step < 256; step++)
        {
            System.Drawing.Color color = System.Drawing.Color.FromArgb(step, step, 255 - step, step / 2);
            Assert.Equal(color, Color.FromDrawingColor(color).ToDrawingColor());
        }
    }

    [Fact]
    public void A_color_without_alpha_is_solid()
    {
        Assert.Equal(255, new Color { Red = 1 }.ToDrawingColor().A);
        Assert.Null(Color.FromDrawingColor(System.Drawing.Color.Red).Alpha);
        Assert.Equal(0, new Color { Alpha = 0 }.ToDrawingColor().A);
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void A_color_outside_of_its_range_is_an_error(float part)
    {
        Assert.Throws<InvalidOperationException>(() => new Color { Green = part }.ToDrawingColor());
        Assert.Throws<InvalidOperationException>(() => new Color { Alpha = part }.ToDrawingColor());
    }
}
