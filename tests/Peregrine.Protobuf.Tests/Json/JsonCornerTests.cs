// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

/// <summary>The corners of the JSON mapping that protobuf's conformance suite does not reach.</summary>
public class JsonCornerTests
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private static Sample Parse(string json) => JsonParser.Default.Parse<Sample>(json);

    [Theory]
    [InlineData("/* c */{}")]
    [InlineData("{} // c")]
    [InlineData("{\"id\":1/**/}")]
    [InlineData("{\"counts\":{\"a\":1,}}")]
    [InlineData("{,\"id\":1}")]
    [InlineData("{\"id\":1 \"name\":\"a\"}")]
    [InlineData("{\"id\" 1}")]
    [InlineData("{id:1}")]
    [InlineData("{\"id\":+1}")]
    [InlineData("{\"id\":.5}")]
    [InlineData("{\"id\":1.}")]
    [InlineData("{\"id\":1e}")]
    [InlineData("{\"id\":0x1}")]
    [InlineData("{\"id\":-}")]
    [InlineData("{\"ratio\":Infinity}")]
    [InlineData("{\"name\":\"\t\"}")]
    [InlineData("{\"name\":\"\\x41\"}")]
    [InlineData("{\"name\":\"\\u12\"}")]
    [InlineData("{\"id\":True}")]
    [InlineData("\uFEFF{}")]
    [InlineData("{}\0")]
    public void Only_the_grammar_of_JSON_is_read(string json) => Assert.ThrowsAny<InvalidJsonException>(() => Parse(json));

    [Fact]
    public void A_byte_order_mark_is_no_JSON()
    {
        Assert.ThrowsAny<InvalidJsonException>(() => JsonParser.Default.Parse<Sample>((ReadOnlySpan<byte>)[.. ByteOrderMark, .. "{}"u8]));
        Assert.ThrowsAny<InvalidJsonException>(() => JsonParser.Default.Parse<Sample>((ReadOnlySpan<byte>)ByteOrderMark));
    }

    [Theory]
    [InlineData("{\"id\":\"NaN\"}")]
    [InlineData("{\"id\":\"Infinity\"}")]
    [InlineData("{\"id\":\"1e\"}")]
    [InlineData("{\"id\":\".5e1\"}")]
    [InlineData("{\"id\":\"5.\"}")]
    [InlineData("{\"id\":\"-\"}")]
    [InlineData("{\"id\":\"1_000\"}")]
    [InlineData("{\"id\":\"\\u0661\"}")] // a digit, but no ASCII digit
    [InlineData("{\"loose\":[-1]}")]
    [InlineData("{\"loose\":[1e20]}")]
    [InlineData("{\"loose\":[1.5]}")]
    [InlineData("{\"size\":9223372036854775808}")]
    [InlineData("{\"size\":\"-9223372036854775809\"}")]
    [InlineData("{\"ratio\":\" 1\"}")]
    [InlineData("{\"ratio\":\"1 \"}")]
    [InlineData("{\"ratio\":\"\"}")]
    [InlineData("{\"ratio\":\"+1\"}")]
    [InlineData("{\"ratio\":\"01\"}")]
    [InlineData("{\"ratio\":\"1.\"}")]
    [InlineData("{\"ratio\":\"+Infinity\"}")]
    [InlineData("{\"ratio\":\"-NaN\"}")]
    [InlineData("{\"ratio\":\"INFINITY\"}")]
    [InlineData("{\"ratio\":true}")]
    [InlineData("{\"color\":\"color_red\"}")]
    [InlineData("{\"color\":\"1\"}")]
    [InlineData("{\"color\":1.5}")]
    [InlineData("{\"color\":2147483648}")]
    [InlineData("{\"color\":true}")]
    [InlineData("{\"color\":[1]}")]
    [InlineData("{\"name\":1}")]
    [InlineData("{\"name\":[\"a\"]}")]
    [InlineData("{\"data\":\"AA==A\"}")]
    [InlineData("{\"data\":\"AA=\\n=\"}")]
    [InlineData("{\"data\":\"A A=\"}")]
    [InlineData("{\"data\":\"====\"}")]
    [InlineData("{\"data\":\"=\"}")]
    [InlineData("{\"data\":\"AAAA=\"}")]
    [InlineData("{\"data\":5}")]
    [InlineData("{\"words\":\"a\"}")]
    [InlineData("{\"words\":{}}")]
    [InlineData("{\"words\":[[\"a\"]]}")]
    [InlineData("{\"words\":[\"a\",null]}")]
    [InlineData("{\"counts\":[]}")]
    [InlineData("{\"named\":{\"\":{}}}")]
    [InlineData("{\"named\":{\" 1\":{}}}")]
    [InlineData("{\"named\":{\"0x1\":{}}}")]
    [InlineData("{\"named\":{\"1.5\":{}}}")]
    [InlineData("{\"named\":{\"2147483648\":{}}}")]
    [InlineData("{\"named\":{\"1\":null}}")]
    [InlineData("{\"child\":[]}")]
    [InlineData("{\"child\":\"\"}")]
    [InlineData("{\"text\":\"a\",\"text\":\"b\"}")]
    [InlineData("{\"text\":\"a\",\"inner\":{}}")]
    [InlineData("{\"size\":1,\"size\":null}")]
    [InlineData("{\"[protobuf.none]\":1}")]
    [InlineData("{\"\":1}")]
    public void What_does_not_suit_the_field_is_refused(string json) =>
        Assert.Throws<InvalidProtocolBufferException>(() => Parse(json));

    [Fact]
    public void Numbers_keep_their_sign_and_are_rounded_once()
    {
        Assert.Equal(long.MinValue, BitConverter.DoubleToInt64Bits(Parse("""{"ratio":-0}""").Ratio));
        Assert.Equal(long.MinValue, BitConverter.DoubleToInt64Bits(Parse("""{"ratio":"-0.0"}""").Ratio));
        Assert.Equal(double.Epsilon, Parse("""{"ratio":4.9e-324}""").Ratio);
        Assert.Equal(0, Parse("""{"ratio":1e-400}""").Ratio);
        Assert.Equal(9007199254740993, Parse("""{"size":9007199254740993}""").Size);
        Assert.Equal(9007199254740993, Parse("""{"size":9.007199254740993e15}""").Size);
        Assert.Equal(long.MinValue, Parse("""{"size":-9223372036854775808.0}""").Size);
        Assert.Equal([0UL], Parse("""{"loose":[-0]}""").Loose);
        Assert.Equal(Color.Red, Parse("""{"color":1.0}""").Color);
        Assert.Equal(float.MaxValue, JsonParser.Default.Parse<FloatValue>("3.4028235e38").Value);
        Assert.Equal(16777216f, JsonParser.Default.Parse<FloatValue>("16777217").Value);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FloatValue>("3.5e38"));
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FloatValue>("\"-3.5e38\""));
    }

    [Fact]
    public void Null_is_a_value_of_two_types_only()
    {
        Assert.Equal(Value.KindOneofCase.NullValue, Assert.Single(JsonParser.Default.Parse<ListValue>("[null]").Values).KindCase);
        Assert.Equal(Value.KindOneofCase.NullValue, JsonParser.Default.Parse<Struct>("""{"a":null}""").Fields["a"].KindCase);
        Assert.Equal(Value.KindOneofCase.StringValue, JsonParser.Default.Parse<Value>("\"NaN\"").KindCase);
        foreach (MessageDescriptor type in (MessageDescriptor[])
            [Sample.Descriptor, Struct.Descriptor, ListValue.Descriptor, Any.Descriptor, Timestamp.Descriptor, Duration.Descriptor, FieldMask.Descriptor, Int32Value.Descriptor, StringValue.Descriptor, BytesValue.Descriptor])
        {
            Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse("null", type));
        }

        Assert.Equal(
            new Google.Rpc.RetryInfo(),
            JsonParser.Default.Parse<Google.Rpc.RetryInfo>("""{"retryDelay":null}"""));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00+00:00", 0, 0)]
    [InlineData("1970-01-01T00:00:00-00:00", 0, 0)]
    [InlineData("1970-01-01T00:00:00.1Z", 0, 100000000)]
    [InlineData("1969-12-31T23:59:59.9Z", -1, 900000000)]
    [InlineData("1970-01-01T23:59:00+23:59", 0, 0)]
    [InlineData("2000-02-29T00:00:00Z", 951782400, 0)]
    [InlineData("9999-12-31T23:59:59.999999999Z", 253402300799, 999999999)]
    [InlineData("0001-01-01T01:00:00+01:00", -62135596800, 0)]
    public void Timestamps(string text, long seconds, int nanos) =>
        Assert.Equal(new Timestamp { Seconds = seconds, Nanos = nanos }, JsonParser.Default.Parse<Timestamp>($"\"{text}\""));

    [Theory]
    [InlineData("")]
    [InlineData(" 1970-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00Z ")]
    [InlineData("1970-1-01T00:00:00Z")]
    [InlineData("1970-01-01T0:00:00Z")]
    [InlineData("70-01-01T00:00:00Z")]
    [InlineData("1970-00-01T00:00:00Z")]
    [InlineData("1970-13-01T00:00:00Z")]
    [InlineData("1970-01-00T00:00:00Z")]
    [InlineData("1970-04-31T00:00:00Z")]
    [InlineData("2100-02-29T00:00:00Z")]
    [InlineData("1970-01-01T00:60:00Z")]
    [InlineData("1990-12-31T23:59:60Z")] // a leap second that took place
    [InlineData("1970-01-01T00:00Z")]
    [InlineData("1970-01-01T00:00:00,5Z")]
    [InlineData("1970-01-01T00:00:00+24:00")]
    [InlineData("1970-01-01T00:00:00+00:60")]
    [InlineData("1970-01-01T00:00:00+00")]
    [InlineData("1970-01-01T00:00:00+0:00")]
    [InlineData("1970-01-01T00:00:00Z+00:00")]
    [InlineData("1970-01-01T00:00:00UTC")]
    [InlineData("-001-01-01T00:00:00Z")]
    [InlineData("+1970-01-01T00:00:00Z")]
    [InlineData("\\u0661970-01-01T00:00:00Z")]
    public void No_timestamps(string text) =>
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Timestamp>($"\"{text}\""));

    [Theory]
    [InlineData("0s", 0, 0)]
    [InlineData("-0s", 0, 0)]
    [InlineData("00001s", 1, 0)]
    [InlineData("0.000000001s", 0, 1)]
    [InlineData("-0.000000001s", 0, -1)]
    [InlineData("1.5s", 1, 500000000)]
    [InlineData("-315576000000s", -315576000000, 0)]
    [InlineData("-315576000000.999999999s", -315576000000, -999999999)]
    public void Durations(string text, long seconds, int nanos) =>
        Assert.Equal(new Duration { Seconds = seconds, Nanos = nanos }, JsonParser.Default.Parse<Duration>($"\"{text}\""));

    [Theory]
    [InlineData("")]
    [InlineData("-s")]
    [InlineData("-.5s")]
    [InlineData("--1s")]
    [InlineData("1e3s")]
    [InlineData("0x1s")]
    [InlineData("1,5s")]
    [InlineData("1m")]
    [InlineData("1ms")]
    [InlineData("1ss")]
    [InlineData(" 1s")]
    [InlineData("1s ")]
    [InlineData("1.-5s")]
    [InlineData("\\u0661s")]
    [InlineData("-315576000001s")]
    public void No_durations(string text) =>
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Duration>($"\"{text}\""));

    [Theory]
    [InlineData("a_b")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData(",")]
    [InlineData("a,")]
    [InlineData(",a")]
    [InlineData("a, b")]
    [InlineData(" ")]
    [InlineData("a.1")]
    [InlineData("a-b")]
    [InlineData("*")]
    [InlineData("\\u00e4")]
    public void No_field_masks(string text) =>
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FieldMask>($"\"{text}\""));

    [Theory]
    [InlineData("a_")]
    [InlineData("a__b")]
    [InlineData("a_1")]
    [InlineData("aB")]
    [InlineData("A")]
    [InlineData("")]
    [InlineData("a,b")]
    [InlineData("a b")]
    [InlineData("a-b")]
    [InlineData("a.1")]
    [InlineData("1")]
    [InlineData(".a")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("ä")]
    public void Paths_that_would_not_come_back_have_no_JSON_form(string path) =>
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(new FieldMask { Paths = { path } }));

    [Theory]
    [InlineData("a")]
    [InlineData("_a.b_c1._d")]
    [InlineData("a1_b2.c")]
    public void Paths_that_come_back_have_a_JSON_form(string path)
    {
        FieldMask mask = new() { Paths = { path, "x" } };
        Assert.Equal(mask, JsonParser.Default.Parse<FieldMask>(JsonFormatter.Default.Format(mask)));
    }

    [Fact]
    public void Not_a_number_has_the_bits_that_text_format_and_other_languages_give_it()
    {
        Assert.Equal(0x7FF8_0000_0000_0000UL, BitConverter.DoubleToUInt64Bits(JsonParser.Default.Parse<DoubleValue>("\"NaN\"").Value));
        Assert.Equal(0x7FC0_0000U, BitConverter.SingleToUInt32Bits(JsonParser.Default.Parse<FloatValue>("\"NaN\"").Value));
        Assert.Equal(TextParser.Default.Parse<DoubleValue>("value: nan").ToByteArray(), JsonParser.Default.Parse<DoubleValue>("\"NaN\"").ToByteArray());
    }

    [Fact]
    public void Members_of_a_Struct_that_is_merged_take_the_place_of_those_that_were_there()
    {
        Struct message = JsonParser.Default.Parse<Struct>("""{"a":1,"b":{"x":1}}""");
        JsonParser.Default.Merge(message, """{"b":{"y":2},"c":null}""");
        Assert.Equal(JsonParser.Default.Parse<Struct>("""{"a":1,"b":{"y":2},"c":null}"""), message);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Merge(message, """{"a":1,"a":2}"""));
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Struct>("""{"a":1,"a":2}"""));
    }

    [Theory]
    [InlineData(1, -1)]
    [InlineData(1, 1000000000)]
    [InlineData(253402300800, 0)]
    [InlineData(-62135596801, 0)]
    public void Times_outside_the_standard_have_no_JSON_form(long seconds, int nanos)
    {
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(new Timestamp { Seconds = seconds, Nanos = nanos }));
        Assert.Contains("@warning", new Timestamp { Seconds = seconds, Nanos = nanos }.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    [InlineData(0, 1000000000)]
    [InlineData(315576000001, 0)]
    public void Spans_outside_the_standard_have_no_JSON_form(long seconds, int nanos) =>
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(new Duration { Seconds = seconds, Nanos = nanos }));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Numbers_of_values_are_finite(double number) =>
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(Value.ForNumber(number)));
}
