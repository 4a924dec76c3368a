// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Text;

public sealed class TextParserTests
{
    private static readonly TextParser.Settings Partial = TextParser.Settings.Default.WithAllowPartial(true);

    private static readonly TypeRegistry Types = TypeRegistry.FromMessages(Duration.Descriptor, Any.Descriptor, Sample.Descriptor);

    private static readonly TextParser WithTypes = new(Partial.WithTypeRegistry(Types));

    private static readonly TextParser Lenient = new(Partial.WithIgnoreUnknownFields(true));

    private static readonly TextParser AsProtoc = new(Partial.WithFollowProtoc(true));

    private static Sample Parse(string text) => new TextParser(Partial).Parse<Sample>(text);

    private static InvalidTextFormatException Refuses(string text) =>
        Assert.Throws<InvalidTextFormatException>(() => Parse(text));

    [Fact]
    public void What_the_formatter_writes_is_read_back()
    {
        Sample sample = Samples.Full();
        sample.SetExtension(SampleExtensions.Weight, 3);
        sample.GetOrInitializeExtension(SampleExtensions.Notes).Add("n");
        sample.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { X = 8 });
        Assert.Equal(sample, TextParser.Default.Parse<Sample>(TextFormatter.Default.Format(sample)));
        Assert.Equal(sample, TextParser.Default.Parse<Sample>(new TextFormatter(TextFormatter.Settings.Default.WithSingleLine(true)).Format(sample)));
        Assert.Equal(sample, TextParser.Default.Parse<Sample>(new TextFormatter(TextFormatter.Settings.Default.WithEscapeNonAscii(false)).Format(sample)));
    }

    [Fact]
    public void Text_comes_as_string_reader_or_utf8_and_into_a_type_known_at_run_time()
    {
        const string Text = "id: 1";
        Assert.Equal(1, Parse(Text).Id);
        Assert.Equal(1, new TextParser(Partial).Parse<Sample>(new StringReader(Text)).Id);
        Assert.Equal(1, new TextParser(Partial).Parse<Sample>("id: 1"u8).Id);
        Assert.Equal(1, ((Sample)new TextParser(Partial).Parse(Text, Sample.Descriptor)).Id);
    }

    [Fact]
    public void Merging_sets_singular_fields_merges_messages_and_adds_elements()
    {
        Sample sample = new() { Id = 1, Child = new Sample { Id = 2, Name = "kept" }, Words = { "a" }, Counts = { ["x"] = 1 } };
        new TextParser(Partial).Merge(sample, "id: 3 child { id: 4 } words: 'b' counts { key: 'y' value: 2 }");
        Assert.Equal(new Sample { Id = 3, Child = new Sample { Id = 4, Name = "kept" }, Words = { "a", "b" }, Counts = { ["x"] = 1, ["y"] = 2 } }, sample);
    }

    [Theory]
    [InlineData("id: 1 name: 'a'")]
    [InlineData("id: 1, name: 'a',")]
    [InlineData("id: 1; name: 'a';")]
    [InlineData("id:1name:'a'", false)]
    [InlineData("id:1 name:'a'")]
    [InlineData("# comment with } and \"\nid: 1 # another\nname: # and one\n'a'#last")]
    [InlineData("\t\v\f\r\n id : 1\r\n name\n:\n'a'\n")]
    [InlineData("id: 0x1 name: \"a\"")]
    [InlineData("id: 1,, name: 'a'", false)]
    [InlineData(", id: 1", false)]
    public void Blanks_comments_and_separators(string text, bool isRead = true)
    {
        if (isRead)
        {
            Assert.Equal(new Sample { Id = 1, Name = "a" }, Parse(text));
        }
        else
        {
            Refuses(text);
        }
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("-17", -17)]
    [InlineData("- 17", -17)]
    [InlineData("- # comment\n 17", -17)]
    [InlineData("021", 17)]
    [InlineData("-021", -17)]
    [InlineData("0x11", 17)]
    [InlineData("0X1f", 31)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("-0x80000000", int.MinValue)]
    [InlineData("-0", 0)]
    public void Integers(string text, int value) => Assert.Equal(value, Parse("id: " + text).Id);

    [Theory]
    [InlineData("2147483648", "outside the range of Int32")]
    [InlineData("-2147483649", "outside the range of Int32")]
    [InlineData("99999999999999999999999", "outside the range of Int32")]
    [InlineData("1.0", "Expected an integer")]
    [InlineData("1e3", "Expected an integer")]
    [InlineData("1f", "Expected an integer")]
    [InlineData("inf", "Expected an integer")]
    [InlineData("'1'", "Expected an integer")]
    [InlineData("0x", "hexadecimal digits are missing")]
    [InlineData("08", "octal")]
    [InlineData("1a", "a blank is needed")]
    [InlineData("0x1g", "a blank is needed")]
    [InlineData("0x1.2", "no decimal point")]
    [InlineData("+1", "Expected an integer")]
    [InlineData("--1", "Expected an integer")]
    [InlineData("", "found the end of the text")]
    public void Integers_that_are_none(string text, string reason) => Assert.Contains(reason, Refuses("id: " + text).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-1.5", -1.5)]
    [InlineData("1.", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("-.5", -0.5)]
    [InlineData("1e3", 1000)]
    [InlineData("1E+3", 1000)]
    [InlineData("1.e-3", 0.001)]
    [InlineData("1f", 1)]
    [InlineData("1.5F", 1.5)]
    [InlineData("1e2f", 100)]
    [InlineData("10", 10)]
    [InlineData("0", 0)]
    [InlineData("18446744073709551616", 18446744073709551616.0)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("1e99999999999", double.PositiveInfinity)]
    [InlineData("1e-99999999999", 0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("- INF", double.NegativeInfinity)]
    [InlineData("NaN", double.NaN)]
    public void Floating_numbers(string text, double value) => Assert.Equal(value, Parse("ratio: " + text).Ratio);

    [Fact]
    public void A_negative_zero_and_a_negative_nan_keep_their_sign()
    {
        Assert.True(double.IsNegative(Parse("ratio: -0").Ratio));
        Assert.True(double.IsNegative(Parse("ratio: -0.0").Ratio));
        Assert.True(double.IsNegative(Parse("ratio: -nan").Ratio));
        Assert.False(double.IsNegative(Parse("ratio: nan").Ratio));
    }

    [Theory]
    [InlineData("0x1")]
    [InlineData("01")]
    [InlineData("1.2.3")]
    [InlineData("1e5.0")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("e5")]
    [InlineData("infinite")]
    [InlineData("true")]
    [InlineData("'1'")]
    public void Floating_numbers_that_are_none(string text) => Refuses("ratio: " + text);

    [Theory]
    [InlineData("\"a\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\\?z\"", "a\a\b\f\n\r\t\v\\'\"?z")]
    [InlineData("'it\"s'", "it\"s")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'\\101\\60\\7x\\x41\\X4a\\x4z'", "A0\ax" + "AJ\u0004z")]
    [InlineData("'\\u00e4\\U0001f600'", "\u00e4\U0001F600")]
    [InlineData("'\\303\\244'", "\u00e4")]
    [InlineData("'\\303' \"\\244\" # next line\n 'x'", "\u00e4x")]
    [InlineData("'\u00e4\U0001F600'", "\u00e4\U0001F600")]
    [InlineData("''", "")]
    [InlineData("'#'", "#")]
    public void Strings(string text, string value) => Assert.Equal(value, Parse("text: " + text).Text);

    [Theory]
    [InlineData("'a", "does not end", 9)]
    [InlineData("'a\n'", "ends on its line", 9)]
    [InlineData("'a\\\n'", "ends on its line", 10)]
    [InlineData("'\\q'", "no escape", 8)]
    [InlineData("'ab\\x'", "hexadecimal digits", 10)]
    [InlineData("'\\u12'", "four hexadecimal digits", 8)]
    [InlineData("'\\U0011ffff'", "up to 0010ffff", 8)]
    [InlineData("'\\Uffffffff'", "up to 0010ffff", 8)]
    [InlineData("'\\ud83d'", "Surrogates are none", 8)]
    [InlineData("'\\ud83d\\ude00'", "Surrogates are none", 8)]
    [InlineData("'\\777'", "\\377", 8)]
    [InlineData("'\\377'", "not valid UTF-8", 7)]
    [InlineData("1", "Expected a string", 7)]
    [InlineData("a", "Expected a string", 7)]
    [InlineData("'\\", "does not end", 9)]
    [InlineData("'a\0'", "does not end", 9)]
    public void Strings_that_are_none(string text, string reason, int column)
    {
        InvalidTextFormatException e = Refuses("text: " + text);
        Assert.Contains(reason, e.Reason, StringComparison.Ordinal);
        Assert.Equal((1, column), (e.Line, e.Column));
    }

    [Fact]
    public void Bytes_take_any_escape_of_a_byte() =>
        Assert.Equal(ByteString.CopyFrom(0, 255, 65, 0xC3, 0xA4), Parse("data: '\\000\\xff' 'A\\u00e4'").Data);

    [Fact]
    public void Protocs_leniency_is_there_when_asked_for()
    {
        Assert.Equal(ByteString.CopyFrom(0xED, 0xA0, 0xBD), AsProtoc.Parse<Sample>("data: '\\ud83d'").Data);
        Assert.Equal(ByteString.CopyFromUtf8("\U0001F600"), AsProtoc.Parse<Sample>("data: '\\ud83d\\ude00'").Data);
        Assert.Equal(ByteString.CopyFromUtf8("\\U001fffff"), AsProtoc.Parse<Sample>("data: '\\U001fffff'").Data);
        Assert.Equal(ByteString.CopyFrom(255), AsProtoc.Parse<Sample>("data: '\\777'").Data);
        Assert.Equal(1, AsProtoc.Parse<Sample>("id: 0 id: 1").Id);
        Assert.Throws<InvalidTextFormatException>(() => AsProtoc.Parse<Sample>("id: 1 id: 1"));
        Assert.Throws<InvalidTextFormatException>(() => AsProtoc.Parse<Sample>("data: '\\U00200000'"));
        Assert.Throws<InvalidTextFormatException>(() => AsProtoc.Parse<Sample>("text: '\\ud83d'"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("t", true)]
    [InlineData("1", true)]
    [InlineData("0x1", true)]
    [InlineData("01", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    [InlineData("f", false)]
    [InlineData("0", false)]
    [InlineData("TRUE", null)]
    [InlineData("2", null)]
    [InlineData("-1", null)]
    [InlineData("1.0", null)]
    [InlineData("'true'", null)]
    public void Booleans(string text, bool? value)
    {
        TextParser parser = TextParser.Default;
        if (value is { } expected)
        {
            Assert.Equal(expected, parser.Parse<BoolValue>("value: " + text).Value);
        }
        else
        {
            Assert.Throws<InvalidTextFormatException>(() => parser.Parse<BoolValue>("value: " + text));
        }
    }

    [Fact]
    public void Enums_come_by_name_or_number_and_closed_ones_only_with_known_numbers()
    {
        Assert.Equal(Color.Red, Parse("color: COLOR_RED").Color);
        Assert.Equal(Color.Red, Parse("color: 1").Color);
        Assert.Equal((Color)(-5), Parse("color: -5").Color);
        Assert.Equal(Level.High, Parse("level: 2").Level);
        Assert.Equal("The closed enum peregrine.tests.Level has no value 3.", Refuses("level: 3").Reason);
        Assert.Equal("Enum peregrine.tests.Level has no value \"MIDDLE\".", Refuses("level: MIDDLE").Reason);
        Assert.Contains("Expected a value of enum", Refuses("level: 'LOW'").Reason, StringComparison.Ordinal);
        Assert.Contains("outside the range", Refuses("color: 2147483648").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_stand_in_brackets_or_element_by_element()
    {
        Assert.Equal([1, 2, 3, 4], Parse("numbers: 1 numbers: [2, 3] numbers: [] numbers: 4").Numbers);
        Assert.Equal(["a", "bc"], Parse("words: ['a', 'b' 'c']").Words);
        Assert.Equal([Level.Low, Level.High], Parse("levels: [LOW, 2]").Levels);
        Assert.Equal([1, 2], Parse("children: [{ id: 1 }, < id: 2 >]").Children.Select(child => child.Id));
        Assert.Equal([1, 2], Parse("children [{ id: 1 }, { id: 2 }]").Children.Select(child => child.Id));
        Assert.Equal(2, Parse("counts: [{ key: 'a' value: 1 }, { key: 'b' }]").Counts.Count);
    }

    [Theory]
    [InlineData("numbers: [1, ]")]
    [InlineData("numbers: [1; 2]")]
    [InlineData("numbers: [1 2]")]
    [InlineData("numbers: [[1]]")]
    [InlineData("numbers: [1")]
    [InlineData("numbers [1]")]
    [InlineData("id: [1]")]
    [InlineData("child: [{}]")]
    [InlineData("child: 1")]
    [InlineData("child }")]
    [InlineData("child { id: 1 >")]
    [InlineData("child < id: 1 }")]
    [InlineData("child { id: 1")]
    [InlineData("id 1")]
    [InlineData("}")]
    [InlineData("1: 1")]
    [InlineData("id.name: 1")]
    [InlineData("id: 1 @")]
    [InlineData("id: 1 \u00e4")]
    [InlineData("id: 1 \0")]
    [InlineData("# comment \0\n id: 1")]
    [InlineData("id: 1 \u0001")]
    [InlineData("a.5: 1")]
    public void Shapes_that_are_none(string text) => Refuses(text);

    [Fact]
    public void Messages_stand_in_braces_or_angle_brackets_with_or_without_a_colon()
    {
        Sample expected = new() { Child = new Sample { Id = 1 } };
        Assert.Equal(expected, Parse("child { id: 1 }"));
        Assert.Equal(expected, Parse("child: { id: 1 }"));
        Assert.Equal(expected, Parse("child < id: 1 >"));
        Assert.Equal(expected, Parse("child:<id:1>"));
        Assert.Equal(new Sample { Child = new Sample { Child = new Sample() } }, Parse("child{child<>}"));
    }

    [Fact]
    public void Maps_take_the_last_entry_of_a_key_and_defaults_for_what_is_missing()
    {
        Assert.Equal(new Sample { Counts = { ["a"] = 2, [""] = 0 } }, Parse("counts { key: 'a' value: 1 } counts { value: 2, key: 'a' } counts {}"));
        Assert.Equal(new Sample { Named = { [3] = new Sample(), [0] = new Sample { Id = 1 } } }, Parse("named { key: 3 } named { value { id: 1 } }"));
        Assert.Contains("has no field \"keys\"", Refuses("counts { keys: 'a' }").Reason, StringComparison.Ordinal);
        Assert.Contains("is given twice", Refuses("counts { key: 'a' key: 'b' }").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrappers_are_messages_in_text()
    {
        Assert.Equal(5, Parse("wrapped { value: 5 }").Wrapped);
        Assert.Equal(0, Parse("wrapped {}").Wrapped);
        Assert.Null(Parse("").Wrapped);
    }

    [Fact]
    public void Extensions_are_named_in_brackets()
    {
        Sample sample = Parse("[peregrine.tests.weight]: 5 [ peregrine.tests . notes ]: ['a'] [peregrine.tests.notes]: 'b' [peregrine.tests.origin] { x: 1 }");
        Assert.Equal(5, sample.GetExtension(SampleExtensions.Weight));
        Assert.Equal(["a", "b"], sample.GetExtension(SampleExtensions.Notes));
        Assert.Equal(1, sample.GetExtension(SampleExtensions.Origin)!.X);
        Assert.Contains("is not an extension of peregrine.tests.Sample", Refuses("[peregrine.tests.none]: 1").Reason, StringComparison.Ordinal);
        Assert.Contains("is given twice", Refuses("[peregrine.tests.weight]: 1 [peregrine.tests.weight]: 1").Reason, StringComparison.Ordinal);
        Assert.Contains("is the URL of a type", Refuses("[type.googleapis.com/peregrine.tests.Sample] {}").Reason, StringComparison.Ordinal);
        Assert.Contains("\"]\" is missing", Refuses("[peregrine.tests.weight").Reason, StringComparison.Ordinal);
        Assert.Contains("is in neither", Refuses("[peregrine@tests]: 1").Reason, StringComparison.Ordinal);
        Assert.Contains("not the full name", Refuses("[.peregrine]: 1").Reason, StringComparison.Ordinal);
        Assert.Contains("not the full name", Refuses("[]: 1").Reason, StringComparison.Ordinal);
        Refuses("point { [peregrine.tests.weight]: 1 }");
    }

    [Fact]
    public void Any_is_read_expanded_or_as_its_fields()
    {
        Any expected = new() { TypeUrl = "type.googleapis.com/google.protobuf.Duration", Value = new Duration { Seconds = 3 }.ToByteString() };
        Assert.Equal(expected, WithTypes.Parse<Any>("[type.googleapis.com/google.protobuf.Duration] { seconds: 3 }"));
        Assert.Equal(expected, WithTypes.Parse<Any>("[ type.googleapis.com / google.protobuf.Duration # here\n ]: < seconds: 3 >;"));
        Assert.Equal(expected, WithTypes.Parse<Any>("type_url: 'type.googleapis.com/google.protobuf.Duration' value: '\\010\\003'"));
        Assert.Equal("a%20b/x/google.protobuf.Duration", WithTypes.Parse<Any>("[a%20b/x/google.protobuf.Duration] {}").TypeUrl);
        Any nested = WithTypes.Parse<Any>("[x/google.protobuf.Any] { [x/google.protobuf.Duration] { nanos: 1 } }");
        Assert.Equal(1, Duration.Parser.ParseFrom(Any.Parser.ParseFrom(nested.Value).Value).Nanos);
    }

    [Theory]
    [InlineData("[google.protobuf.Duration] {}", "is not the URL of a type")]
    [InlineData("[/google.protobuf.Duration] {}", "is not the URL of a type")]
    [InlineData("[x/] {}", "is not the URL of a type")]
    [InlineData("[x/google..Duration] {}", "is not the URL of a type")]
    [InlineData("[x%2/google.protobuf.Duration] {}", "is not the URL of a type")]
    [InlineData("[x/y.Z] {}", "The type registry lacks \"y.Z\"")]
    [InlineData("[x/google.protobuf.Duration]: 1", "Expected \"{\"")]
    [InlineData("[x/google.protobuf.Duration] {} [x/google.protobuf.Duration] {}", "is given twice")]
    [InlineData("type_url: 'a' [x/google.protobuf.Duration] {}", "is given twice")]
    [InlineData("[x/google.protobuf.Duration] {} value: 'a'", "is given twice")]
    public void Any_that_is_none(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidTextFormatException>(() => WithTypes.Parse<Any>(text)).Reason, StringComparison.Ordinal);

    [Fact]
    public void Required_fields_must_be_there_unless_parts_are_allowed()
    {
        Assert.Contains("required", Assert.Throws<InvalidProtocolBufferException>(() => TextParser.Default.Parse<Sample>("id: 1")).Message, StringComparison.Ordinal);
        Assert.Equal(5, TextParser.Default.Parse<Sample>("required: 5").Required);
        TextParser strict = new(TextParser.Settings.Default.WithTypeRegistry(Types));
        Assert.Equal(
            "The peregrine.tests.Sample in an Any lacks required fields: required.",
            Assert.Throws<InvalidTextFormatException>(() => strict.Parse<Any>("[x/peregrine.tests.Sample] {}")).Reason);
        Assert.True(WithTypes.Parse<Any>("[x/peregrine.tests.Sample] {}").Value.IsEmpty);
    }

    [Fact]
    public void A_singular_field_or_a_oneof_is_given_once()
    {
        Assert.Equal("Field \"id\" of peregrine.tests.Sample is given twice.", Refuses("id: 0 id: 0").Reason);
        Assert.Equal("Field \"child\" of peregrine.tests.Sample is given twice.", Refuses("child {} child {}").Reason);
        Assert.Equal("Oneof \"body\" of peregrine.tests.Sample is given two fields.", Refuses("text: 'a' size: 1").Reason);
    }

    [Fact]
    public void Overwrites_are_taken_when_allowed_and_messages_merged()
    {
        TextParser parser = new(Partial.WithAllowSingularOverwrites(true).WithTypeRegistry(Types));
        Assert.Equal(
            new Sample { Id = 2, Child = new Sample { Id = 1, Name = "n" }, Size = 1, Wrapped = 3 },
            parser.Parse<Sample>("id: 1 id: 2 child { id: 1 } child { name: 'n' } text: 'a' size: 1 wrapped { value: 3 } wrapped {}"));
        Assert.Equal(ByteString.Empty, parser.Parse<Any>("[x/google.protobuf.Duration] { nanos: 1 } [x/google.protobuf.Duration] {}").Value);
    }

    [Fact]
    public void An_error_tells_line_column_and_field()
    {
        InvalidTextFormatException e = Refuses("children {\n}\nchildren {\n\tnamed {\n  \tkey: 1\tvalue { id: x }\n");
        Assert.Equal((5, 29, "children[1].named.value.id"), (e.Line, e.Column, e.Path));
        Assert.Equal("Expected an integer, found \"x\". At line 5, column 29, in field children[1].named.value.id.", e.Message);
        Assert.Equal("peregrine.tests.Sample has no field \"idx\". At line 1, column 1.", Refuses("idx: 1").Message);
    }

    [Fact]
    public void Text_with_an_unpaired_surrogate_is_refused_with_its_place()
    {
        InvalidTextFormatException e = Refuses("id: 1\nname: '\u00e4\uD800'");
        Assert.Equal((2, 10), (e.Line, e.Column));
    }

    [Fact]
    public void Unknown_fields_and_enum_values_are_passed_over_when_asked_for()
    {
        const string Text = """
            id: 1
            a: 1 b: -1.5, c: 'x' "y"; d: [1, 'a', { e: 1 }, <f: []>, [2]] g { h { i: 0x1 } [a.b/c.D] { } [e.f]: j } k: { } l: -inf
            7: 8 m: true
            level: MIDDLE
            levels: [LOW, MIDDLE, 9]
            [some.extension] { x: 1 }
            name: 'n'
            """;
        Assert.Equal(new Sample { Id = 1, Levels = { Level.Low }, Name = "n" }, Lenient.Parse<Sample>(Text));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a: -true"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a [1]"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a: [1,]"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a { b: 1"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a { 'b': 1 }"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a { [/]: 1 }"));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>("a: @"));
    }

    [Theory]
    [InlineData("child{", "}")]
    [InlineData("named{value{", "}}")]
    [InlineData("unknown{", "}")]
    [InlineData("unknown:[", "]")]
    public void Nesting_has_a_limit_that_can_be_raised(string open, string close)
    {
        int levels = open.AsSpan().Count('{') + open.AsSpan().Count('[');
        string Nested(int count) => open.StartsWith("unknown:", StringComparison.Ordinal)
            ? $"unknown:{new string('[', count)}1{new string(']', count)}"
            : string.Concat(Enumerable.Repeat(open, count / levels)) + string.Concat(Enumerable.Repeat(close, count / levels));
        int deepest = open.StartsWith("unknown:", StringComparison.Ordinal) ? 99 : 100;
        Lenient.Parse<Sample>(Nested(deepest));
        Assert.Contains("nested more than 100 deep", Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>(Nested(deepest + levels))).Reason, StringComparison.Ordinal);
        new TextParser(Partial.WithIgnoreUnknownFields(true).WithRecursionLimit(200)).Parse<Sample>(Nested(deepest + levels));
        Assert.Throws<InvalidTextFormatException>(() => Lenient.Parse<Sample>(string.Concat(Enumerable.Repeat(open, 100_000))));
    }

    [Fact]
    public void Wrong_settings_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TextParser.Settings.Default.WithRecursionLimit(0));
        Assert.Throws<ArgumentNullException>(() => TextParser.Settings.Default.WithTypeRegistry(null!));
    }
}
