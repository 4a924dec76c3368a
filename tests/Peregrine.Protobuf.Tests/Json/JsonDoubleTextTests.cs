// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

/// <summary>The JSON text of floating-point numbers is the shortest that reads back, and of several the nearest.</summary>
public sealed class JsonDoubleTextTests
{
    private const int Samples = 10_000;

    [Theory]
    [InlineData(double.Epsilon, "5E-324")]
    [InlineData(2.2250738585072014E-308, "2.2250738585072014E-308")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1E-05")]
    [InlineData(-123.456, "-123.456")]
    [InlineData(9007199254740993.0, "9007199254740992")]
    [InlineData(1e16, "10000000000000000")]
    [InlineData(1e17, "1E+17")]
    [InlineData(4.1045368012983762E-289, "4.1045368012983762E-289")]
    [InlineData(1e23, "1E+23")]
    [InlineData(9.5e-7, "9.5E-07")]
    [InlineData(123456789012345680.0, "1.2345678901234568E+17")]
    public void A_double_is_written_as_its_shortest_text(double value, string expected) => Assert.Equal(expected, Json(value));

    [Theory]
    [InlineData(float.Epsilon, "1E-45")]
    [InlineData(float.MaxValue, "3.4028235E+38")]
    [InlineData(0.1f, "0.1")]
    [InlineData(16777216f, "16777216")]
    [InlineData(1.1754944E-38f, "1.1754944E-38")]
    [InlineData(-33554432.5f, "-33554432")]
    public void A_float_is_written_as_its_shortest_text(float value, string expected) => Assert.Equal(expected, Json(value));

    [Fact]
    public void Doubles_of_any_bits_are_written_with_the_fewest_digits_that_read_back()
    {
        Random random = new(17);
        for (int i = 0; i < Samples; i++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
        }
    }

    [Fact]
    public void Doubles_of_few_digits_and_their_neighbours_are_written_with_the_fewest_digits_that_read_back()
    {
        Random random = new(18);
        for (int i = 0; i < Samples; i++)
        {
            double value = random.NextInt64(1, 1L << random.Next(1, 62)) * Math.Pow(10, random.Next(-40, 40));
            Check(value);
            Check(Math.BitIncrement(value));
            Check(Math.BitDecrement(value));
        }
    }

    [Fact]
    public void Powers_of_two_and_of_ten_and_their_neighbours_are_written_with_the_fewest_digits_that_read_back()
    {
        for (int exponent = -1074; exponent < 1024; exponent++)
        {
            double value = Math.ScaleB(1, exponent);
            Check(value);
            Check(Math.BitIncrement(value));
            Check(Math.BitDecrement(value));
        }

        for (int exponent = -323; exponent <= 308; exponent++)
        {
            double value = double.Parse($"1E{exponent}", CultureInfo.InvariantCulture);
            Check(value);
            Check(Math.BitIncrement(value));
            Check(Math.BitDecrement(value));
        }
    }

    [Fact]
    public void Floats_of_any_bits_are_written_with_the_fewest_digits_that_read_back()
    {
        // Some ten thousand of all 2^32, evenly.
        for (long bits = 0; bits <= uint.MaxValue; bits += uint.MaxValue / Samples)
        {
            Check(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        for (int exponent = -149; exponent < 128; exponent++)
        {
            float value = MathF.ScaleB(1, exponent);
            Check(value);
            Check(MathF.BitIncrement(value));
            Check(MathF.BitDecrement(value));
        }
    }

    private static void Check(double value)
    {
        if (!double.IsFinite(value) || value == 0)
        {
            return;
        }

        string text = Json(value);
        string digits = DigitsOf(text);
        Assert.True(double.Parse(text, CultureInfo.InvariantCulture).Equals(value), $"{text} is not {value:G17}.");

        // Rounded exactly to one digit less it is another number; to as many digits it is this text, or another number.
        Assert.True(digits.Length == 1 || !Rounds(value, digits.Length - 1, out _), $"{text} has a digit too many.");
        Assert.True(!Rounds(value, digits.Length, out string nearest) || nearest == digits, $"{text} is not the nearest to {value:G17}.");
    }

    private static void Check(float value)
    {
        if (!float.IsFinite(value) || value == 0)
        {
            return;
        }

        string text = Json(value);
        string digits = DigitsOf(text);
        Assert.True(float.Parse(text, CultureInfo.InvariantCulture).Equals(value), $"{text} is not {value:G9}.");
        string shorter = value.ToString($"E{Math.Max(0, digits.Length - 2)}", CultureInfo.InvariantCulture);
        Assert.True(digits.Length == 1 || !float.Parse(shorter, CultureInfo.InvariantCulture).Equals(value), $"{text} has a digit too many.");
    }

    /// <summary>Rounds to some digits; whether they read back as the number.</summary>
    private static bool Rounds(double value, int count, out string digits)
    {
        string text = value.ToString($"E{count - 1}", CultureInfo.InvariantCulture);
        digits = DigitsOf(text);
        return double.Parse(text, CultureInfo.InvariantCulture).Equals(value);
    }

    private static string DigitsOf(string text) => text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').Trim('0');

    [Fact]
    public void A_double_in_indented_JSON_is_written_with_the_same_text()
    {
        JsonFormatter indented = new(JsonFormatter.Settings.Default.WithIndentation());
        DoubleValue value = new() { Value = 4.1045368012983762E-289 };
        ListValue list = new() { Values = { new Value { NumberValue = value.Value }, new Value { NumberValue = 0.5 } } };
        Assert.Equal("4.1045368012983762E-289", indented.Format(value));
        Assert.Equal("[\n  4.1045368012983762E-289,\n  0.5\n]", indented.Format(list));
    }

    private static string Json(double value) => JsonFormatter.Default.Format(new DoubleValue { Value = value });

    private static string Json(float value) => JsonFormatter.Default.Format(new FloatValue { Value = value });
}
