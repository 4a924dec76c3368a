// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

public sealed class JsonParserTests
{
    private static readonly JsonParser Lenient = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private static readonly JsonParser WithTypes = new(
        JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(Duration.Descriptor, Any.Descriptor, Google.Rpc.Status.Descriptor)));

    private static Sample Parse(string json) => JsonParser.Default.Parse<Sample>(json);

    private static InvalidProtocolBufferException Refuses(string json) =>
        Assert.Throws<InvalidProtocolBufferException>(() => Parse(json));

    [Fact]
    public void What_the_formatter_writes_is_read_back()
    {
        Sample sample = new()
        {
            Id = -1,
            Ratio = 1e300,
            Name = "\u4f60\U0001F600\"\n",
            Count = 0,
            Data = ByteString.CopyFrom(0xFB, 0xFF),
            Color = (Color)9,
            Level = Level.Low,
            Child = new Sample { Id = 2 },
            Point = new Sample.Types.Point { X = 1 },
            Numbers = { 1, 2 },
            Loose = { 3 },
            Words = { "", "w" },
            Children = { new Sample() },
            Points = { new Sample.Types.Point { Y = 4 } },
            Levels = { Level.High },
            Counts = { [""] = 1, ["k"] = 2 },
            Named = { [-1] = new Sample { Id = 3 } },
            Inner = new Sample.Types.Point(),
            Required = 1,
            Legacy = "",
            Wrapped = 5,
        };
        sample.SetExtension(SampleExtensions.Weight, 3);
        sample.GetOrInitializeExtension(SampleExtensions.Notes).Add("n");
        sample.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { X = 8 });
        Assert.Equal(sample, Parse(sample.ToString()));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("\"1\"", 1)]
    [InlineData("1.0", 1)]
    [InlineData("1e5", 100000)]
    [InlineData("100e-2", 1)]
    [InlineData("\"1e2\"", 100)]
    [InlineData("-0", 0)]
    [InlineData("0e999999999999", 0)]
    [InlineData("2147483647.000", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    public void Integers_come_in_every_form_of_the_same_value(string json, int value) =>
        Assert.Equal(value, Parse($$"""{"id":{{json}}}""").Id);

    [Theory]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("0.5")]
    [InlineData("1e-1")]
    [InlineData("1e999999999999999999999")]
    [InlineData("\"\"")]
    [InlineData("\" 1\"")]
    [InlineData("\"1 \"")]
    [InlineData("\"+1\"")]
    [InlineData("\"01\"")]
    [InlineData("\"0x1\"")]
    [InlineData("\"12abc\"")]
    [InlineData("true")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void What_is_no_32_bit_integer_is_refused(string json) => Refuses($$"""{"id":{{json}}}""");

    [Fact]
    public void Unsigned_64_bit_integers_keep_every_digit()
    {
        Assert.Equal([ulong.MaxValue, ulong.MaxValue], Parse("""{"loose":["18446744073709551615",18446744073709551615]}""").Loose);
        Refuses("""{"loose":["18446744073709551616"]}""");
        Refuses("""{"loose":["-1"]}""");
    }

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("\"1.5\"", 1.5)]
    [InlineData("1.7976931348623157e308", double.MaxValue)]
    public void Doubles_come_as_numbers_or_text(string json, double value) =>
        Assert.Equal(value, Parse($$"""{"ratio":{{json}}}""").Ratio);

    [Theory]
    [InlineData("1.89769e308")]
    [InlineData("\"-1e400\"")]
    [InlineData("\"nan\"")]
    [InlineData("\"1,5\"")]
    public void What_is_no_double_is_refused(string json) => Refuses($$"""{"ratio":{{json}}}""");

    [Theory]
    [InlineData("+/8=")]
    [InlineData("-_8=")]
    [InlineData("-_8")]
    [InlineData("+/8")]
    public void Bytes_come_in_either_base64_alphabet_with_or_without_padding(string text) =>
        Assert.Equal(ByteString.CopyFrom(0xFB, 0xFF), Parse($$"""{"data":"{{text}}"}""").Data);

    [Theory]
    [InlineData("-_", new byte[] { 0xFB })]
    [InlineData("+/==", new byte[] { 0xFB })]
    [InlineData("__", new byte[] { 0xFF })]
    [InlineData("-_9", new byte[] { 0xFB, 0xFF })]
    [InlineData("AAB=", new byte[] { 0, 0 })]
    public void Bits_of_base64_that_belong_to_no_byte_are_passed_over(string text, byte[] bytes) =>
        Assert.Equal(ByteString.CopyFrom(bytes), Parse($$"""{"data":"{{text}}"}""").Data);

    [Theory]
    [InlineData("A")]
    [InlineData("A===")]
    [InlineData("AA=A")]
    [InlineData("*AAA")]
    [InlineData("\u00e9AAA")]
    public void What_is_no_base64_is_refused(string text) => Refuses($$"""{"data":"{{text}}"}""");

    [Fact]
    public void Enums_come_by_name_or_number()
    {
        Assert.Equal(Color.Red, Parse("""{"color":"COLOR_RED"}""").Color);
        Assert.Equal((Color)42, Parse("""{"color":42}""").Color);
        Refuses("""{"color":"RED"}""");
        Refuses("""{"level":42}""");
    }

    [Fact]
    public void Unknown_fields_and_enum_names_are_errors_unless_ignored()
    {
        Refuses("""{"nope":1}""");
        Sample sample = Lenient.Parse<Sample>("""{"nope":{"a":[1,{}]},"color":"NOPE","levels":["LOW","NOPE"],"id":1}""");
        Assert.Equal(new Sample { Levels = { Level.Low }, Id = 1 }, sample);
    }

    [Fact]
    public void Declared_names_are_accepted_beside_JSON_names()
    {
        Assert.Equal("t", JsonParser.Default.Parse<FieldDescriptorProto>("""{"type_name":"t"}""").TypeName);
        Assert.Equal("t", JsonParser.Default.Parse<FieldDescriptorProto>("""{"typeName":"t"}""").TypeName);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FieldDescriptorProto>("""{"typeName":"t","type_name":"u"}"""));
    }

    [Fact]
    public void Duplicates_are_refused()
    {
        Refuses("""{"id":1,"id":1}""");
        Refuses("""{"id":null,"id":1}""");
        Refuses("""{"text":"a","size":1}""");
        Refuses("""{"counts":{"a":1,"a":1}}""");
        Refuses("""{"named":{"1":{},"1.0":{}}}""");
    }

    [Fact]
    public void Null_leaves_fields_unset_and_does_not_count_in_a_oneof()
    {
        Assert.Equal(new Sample { Text = "a" }, Parse("""{"size":null,"text":"a","inner":null,"id":null,"child":null,"words":null,"counts":null,"wrapped":null}"""));
        Refuses("""{"words":[null]}""");
        Refuses("""{"children":[null]}""");
        Refuses("""{"counts":{"a":null}}""");
    }

    [Fact]
    public void Errors_say_path_line_and_column()
    {
        InvalidProtocolBufferException e = Refuses("{\n  \"children\": [{}, {\"named\": {\"1\": {\"id\": \"x\"}}}]\n}");
        Assert.Contains("$.children[1].named.1.id", e.Message, StringComparison.Ordinal);
        Assert.Contains("line 2, column", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"id\":1,}")]
    [InlineData("{\"id\":01}")]
    [InlineData("{\"ratio\":NaN}")]
    [InlineData("{'id':1}")]
    [InlineData("{\"id\":1}x")]
    [InlineData("{\"words\":[\"a\",]}")]
    [InlineData("{} {}")]
    public void What_is_not_JSON_is_an_InvalidJsonException(string json) =>
        Assert.ThrowsAny<InvalidJsonException>(() => Parse(json));

    [Theory]
    [InlineData("""{"name":"\ud800"}""")]
    [InlineData("""{"name":"\ude00\ud83d"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void JSON_that_does_not_suit_is_refused(string json) => Refuses(json);

    [Fact]
    public void An_unpaired_surrogate_in_the_text_is_an_InvalidJsonException() =>
        Assert.Throws<InvalidJsonException>(() => Parse("{\"name\":\"\uD800\"}"));

    [Fact]
    public void Invalid_UTF_8_is_refused() =>
        Assert.ThrowsAny<IOException>(() => JsonParser.Default.Parse<Sample>((ReadOnlySpan<byte>)[.. "{\"name\":\""u8, 0xFF, .. "\"}"u8]));

    [Fact]
    public void Nesting_is_bounded()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"child\":", depth)) + "{}" + new string('}', depth);
        Parse(Nested(99));
        Refuses(Nested(100));
        Assert.ThrowsAny<IOException>(() => Parse(Nested(100_000)));
        Assert.ThrowsAny<IOException>(() => JsonParser.Default.Parse<Value>(new string('[', 100_000)));
        Assert.ThrowsAny<IOException>(() => Lenient.Parse<Sample>("{\"x\":" + new string('[', 100_000)));
        JsonParser.Default.Parse<Value>(new string('[', 100) + new string(']', 100));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0, 0)]
    [InlineData("1970-01-01T01:00:00.5+01:00", 0, 500000000)]
    [InlineData("2000-02-29T23:59:59.999999999-00:30", 951870599, 999999999)]
    [InlineData("0001-01-01T00:00:00Z", -62135596800, 0)]
    public void Timestamps_are_read_with_any_offset(string text, long seconds, int nanos) =>
        Assert.Equal(new Timestamp { Seconds = seconds, Nanos = nanos }, JsonParser.Default.Parse<Timestamp>($"\"{text}\""));

    [Theory]
    [InlineData("1970-01-01T00:00:00z")]
    [InlineData("1970-01-01t00:00:00Z")]
    [InlineData("1970-01-01 00:00:00Z")]
    [InlineData("1970-01-01T00:00:00")]
    [InlineData("1970-01-01T00:00:60Z")]
    [InlineData("1970-01-01T24:00:00Z")]
    [InlineData("1900-02-29T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("1970-01-01T00:00:00.Z")]
    [InlineData("1970-01-01T00:00:00.1234567890Z")]
    [InlineData("1970-01-01T00:00:00+0100")]
    public void Text_that_is_no_timestamp_is_refused(string text) =>
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Timestamp>($"\"{text}\""));

    [Theory]
    [InlineData("1s", 1, 0)]
    [InlineData("-0.5s", 0, -500000000)]
    [InlineData("-1.000000001s", -1, -1)]
    [InlineData("315576000000s", 315576000000, 0)]
    public void Durations_are_read(string text, long seconds, int nanos) =>
        Assert.Equal(new Duration { Seconds = seconds, Nanos = nanos }, JsonParser.Default.Parse<Duration>($"\"{text}\""));

    [Theory]
    [InlineData("1")]
    [InlineData("1 s")]
    [InlineData("s")]
    [InlineData(".5s")]
    [InlineData("1.s")]
    [InlineData("+1s")]
    [InlineData("1S")]
    [InlineData("315576000001s")]
    [InlineData("99999999999999999999999999s")]
    [InlineData("1.0000000001s")]
    public void Text_that_is_no_duration_is_refused(string text) =>
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Duration>($"\"{text}\""));

    [Fact]
    public void Field_masks_turn_to_snake_case()
    {
        Assert.Equal(["foo_bar.baz", "x"], JsonParser.Default.Parse<FieldMask>("\"fooBar.baz,x\"").Paths);
        Assert.Empty(JsonParser.Default.Parse<FieldMask>("\"\"").Paths);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FieldMask>("\"foo_bar\""));
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<FieldMask>("\"a,,b\""));
    }

    [Fact]
    public void Struct_values_and_lists_take_any_JSON()
    {
        const string Json = """{"a":[1,"x",true,null,{"b":2.5}],"c":{}}""";
        Assert.Equal(Json, JsonFormatter.Default.Format(JsonParser.Default.Parse<Struct>(Json)));
        Assert.Equal(Value.KindOneofCase.NullValue, JsonParser.Default.Parse<Value>("null").KindCase);
        Assert.Throws<InvalidProtocolBufferException>(() => JsonParser.Default.Parse<Struct>("""{"a":1,"a":2}"""));
    }

    [Fact]
    public void Wrappers_are_bare_values()
    {
        Assert.Equal(5L, JsonParser.Default.Parse<Int64Value>("\"5\"").Value);
        Assert.Equal("x", JsonParser.Default.Parse<StringValue>("\"x\"").Value);
        Assert.Equal(7, Parse("""{"wrapped":7}""").Wrapped);
    }

    [Fact]
    public void Any_finds_its_type_wherever_it_stands()
    {
        Any status = WithTypes.Parse<Any>("""{"code":5,"details":[{"value":"1s","@type":"type.googleapis.com/google.protobuf.Duration"}],"@type":"type.googleapis.com/google.rpc.Status"}""");
        Google.Rpc.Status inner = status.Unpack<Google.Rpc.Status>();
        Assert.Equal(5, inner.Code);
        Assert.Equal(1, inner.Details[0].Unpack<Duration>().Seconds);
        Assert.Equal(new Any(), WithTypes.Parse<Any>("{}"));
    }

    [Theory]
    [InlineData("""{"code":5}""")]
    [InlineData("""{"@type":"google.rpc.Status"}""")]
    [InlineData("""{"@type":"/google.rpc.Status"}""")]
    [InlineData("""{"@type":"x/no.Such"}""")]
    [InlineData("""{"@type":5}""")]
    [InlineData("""{"@type":"x/google.rpc.Status","@type":"x/google.rpc.Status"}""")]
    [InlineData("""{"details":[],"@type":"x/google.rpc.Status","@type":"x/google.rpc.Status"}""")]
    [InlineData("""{"value":"1s","@type":"x/google.protobuf.Duration","@type":"x/google.protobuf.Duration"}""")]
    [InlineData("""{"value":"1s","@type":null}""")]
    [InlineData("""{"value":"1s","@type":{"@type":"x/google.protobuf.Duration"}}""")]
    [InlineData("""{"value":"1s","@type":"\uD83D"}""")]
    [InlineData("""{"value":{"@type":"x/google.protobuf.Duration"}}""")]
    [InlineData("""{"@type":"x/google.protobuf.Duration"}""")]
    [InlineData("""{"@type":"x/google.protobuf.Duration","value":"1s","more":1}""")]
    public void A_wrong_Any_is_refused(string json) =>
        Assert.Throws<InvalidProtocolBufferException>(() => WithTypes.Parse<Any>(json));

    [Fact]
    public void Merging_sets_scalars_and_adds_to_lists()
    {
        Sample sample = new() { Id = 1, Words = { "a" }, Child = new Sample { Id = 2, Name = "n" } };
        JsonParser.Default.Merge(sample, """{"id":5,"words":["b"],"child":{"id":6}}""");
        Assert.Equal(new Sample { Id = 5, Words = { "a", "b" }, Child = new Sample { Id = 6, Name = "n" } }, sample);
    }

    [Theory]
    [InlineData("""{"\uD83D":1,"@type":"type.googleapis.com/google.protobuf.Struct","value":{}}""")]
    [InlineData("""{"@type":"type.googleapis.com/google.protobuf.Struct","\uD83D":1,"value":{}}""")]
    [InlineData("""{"@type":"type.googleapis.com/google.protobuf.Option","\uDE08":1}""")]
    public void Names_in_an_Any_with_unpaired_surrogates_are_refused(string json)
    {
        JsonParser parser = new(JsonParser.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(StructReflection.Descriptor, TypeReflection.Descriptor)));
        Assert.Throws<InvalidProtocolBufferException>(() => parser.Parse<Any>(json));
    }
}
