// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Text;

public sealed class TextFormatterTests
{
    private static readonly TextFormatter SingleLine = new(TextFormatter.Settings.Default.WithSingleLine(true));

    private static string Line(IMessage message) => SingleLine.Format(message);

    [Fact]
    public void Fields_stand_on_lines_of_their_own_by_number_and_messages_are_indented()
    {
        Sample sample = new()
        {
            Words = { "a", "" },
            Id = 1,
            Child = new Sample { Child = new Sample(), Numbers = { 3 } },
            Point = new Sample.Types.Point { X = 2 },
            Counts = { ["b"] = 0, ["a"] = 1 },
            Wrapped = 4,
        };
        const string Expected = """
            id: 1
            child {
              child {
              }
              numbers: 3
            }
            Point {
              x: 2
            }
            words: "a"
            words: ""
            counts {
              key: "a"
              value: 1
            }
            counts {
              key: "b"
              value: 0
            }
            wrapped {
              value: 4
            }

            """;
        Assert.Equal(Expected, TextFormatter.Default.Format(sample));
        StringWriter writer = new();
        TextFormatter.Default.Format(sample, writer);
        Assert.Equal(Expected, writer.ToString());
        ArrayBufferWriter<byte> bytes = new();
        TextFormatter.Default.Format(sample, bytes);
        Assert.Equal(Expected, Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    [Fact]
    public void A_single_line_has_blanks_between_and_no_line_feed()
    {
        Assert.Equal("id: 1 child { id: 2 child { } } words: \"a\"", Line(new Sample { Id = 1, Child = new Sample { Id = 2, Child = new Sample() }, Words = { "a" } }));
        Assert.Equal("", Line(new Sample()));
        Assert.Equal("", TextFormatter.Default.Format(new Sample()));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1, "1")]
    [InlineData(-0.0, "-0")]
    [InlineData(100000, "100000")]
    [InlineData(1e15, "1e+15")]
    [InlineData(123456789012345, "123456789012345")]
    [InlineData(1e-4, "0.0001")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(1.0 / 3, "0.33333333333333331")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.Epsilon, "4.94065645841247e-324")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.NaN, "nan")]
    public void Doubles(double value, string text) => Assert.Equal("ratio: " + text, Line(new Sample { Ratio = value }));

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(1e6f, "1e+06")]
    [InlineData(1234567f, "1234567")]
    [InlineData(16777216f, "16777216")]
    [InlineData(1f / 3, "0.333333343")]
    [InlineData(float.MaxValue, "3.40282347e+38")]
    [InlineData(1.1754944e-38f, "1.17549435e-38")]
    [InlineData(1e-40f, "9.9999461e-41")]
    [InlineData(float.NegativeInfinity, "-inf")]
    public void Floats(float value, string text) => Assert.Equal("value: " + text, Line(new FloatValue { Value = value }));

    [Fact]
    public void What_is_not_printable_ascii_is_escaped()
    {
        Assert.Equal("text: \"\\001\\t\\n\\r\\\"\\'\\\\\\177\\303\\244 ?~\"", Line(new Sample { Text = "\u0001\t\n\r\"'\\\u007f\u00e4 ?~" }));
        Assert.Equal("data: \"\\000\\377a\"", Line(new Sample { Data = ByteString.CopyFrom(0, 255, 97) }));
        TextFormatter utf8 = new(TextFormatter.Settings.Default.WithSingleLine(true).WithEscapeNonAscii(false));
        Assert.Equal("data: \"\\303\\244\" text: \"a\u00e4\\n\U0001F600\\000\u00e4\"", utf8.Format(new Sample { Text = "a\u00e4\n\U0001F600\0\u00e4", Data = ByteString.CopyFromUtf8("\u00e4") }));
        Assert.Throws<InvalidOperationException>(() => Line(new Sample { Text = "\uD800" }));
        Assert.Throws<InvalidOperationException>(() => utf8.Format(new Sample { Text = "\uD800" }));
    }

    [Fact]
    public void Enums_are_written_by_name_and_unknown_ones_by_number() =>
        Assert.Equal("color: 77 level: HIGH", Line(new Sample { Color = (Color)77, Level = Level.High }));

    [Fact]
    public void Maps_are_ordered_by_key_text_as_bytes()
    {
        Sample sample = new() { Named = { [10] = new Sample(), [-1] = new Sample(), [9] = new Sample() } };
        Assert.Equal("named { key: -1 value { } } named { key: 9 value { } } named { key: 10 value { } }", Line(sample));
        Sample keys = new() { Counts = { ["b"] = 1, ["ab"] = 1, ["a"] = 1, ["\uFFFD"] = 1, ["\U0001F600"] = 1 } };
        TextFormatter utf8 = new(TextFormatter.Settings.Default.WithEscapeNonAscii(false));
        Assert.Equal(
            ["a", "ab", "b", "\uFFFD", "\U0001F600"],
            utf8.Format(keys).Split('\n').Where(line => line.Contains("key", StringComparison.Ordinal)).Select(line => line.Split('"')[1]));
    }

    [Fact]
    public void Extensions_stand_among_the_fields_by_their_number_with_their_full_name()
    {
        Sample sample = new() { Id = 1 };
        sample.SetExtension(SampleExtensions.Weight, 0);
        sample.GetOrInitializeExtension(SampleExtensions.Notes).Add(["a", "b"]);
        sample.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { Y = 1 });
        Assert.Equal(
            "id: 1 [peregrine.tests.weight]: 0 [peregrine.tests.notes]: \"a\" [peregrine.tests.notes]: \"b\" [peregrine.tests.origin] { y: 1 }",
            Line(sample));
    }

    [Fact]
    public void A_known_any_is_expanded_unless_it_is_malformed_or_that_is_switched_off()
    {
        TextFormatter.Settings settings = TextFormatter.Settings.Default.WithSingleLine(true).WithTypeRegistry(TypeRegistry.FromMessages(Duration.Descriptor));
        TextFormatter formatter = new(settings);
        Any any = Any.Pack(new Duration { Seconds = 3 });
        Assert.Equal("[type.googleapis.com/google.protobuf.Duration] { seconds: 3 }", formatter.Format(any));
        const string Fields = "type_url: \"type.googleapis.com/google.protobuf.Duration\" value: \"\\010\\003\"";
        Assert.Equal(Fields, new TextFormatter(settings.WithExpandAny(false)).Format(any));
        Assert.Equal(Fields, Line(any));
        any.Value = ByteString.CopyFrom(8);
        Assert.Equal("type_url: \"type.googleapis.com/google.protobuf.Duration\" value: \"\\010\"", formatter.Format(any));
        Assert.Equal("type_url: \"google.protobuf.Duration\"", formatter.Format(new Any { TypeUrl = "google.protobuf.Duration" }));
    }

    [Theory]
    [InlineData("0805", "1: 5")]
    [InlineData("08ffffffffffffffffff01", "1: 18446744073709551615")]
    [InlineData("0d01000000", "1: 0x00000001")]
    [InlineData("090100000000000080", "1: 0x8000000000000001")]
    [InlineData("0a00", "1: \"\"")]
    [InlineData("0a026869", "1 { 13: 105 }", "0a0368690a", "1: \"hi\\n\"")]
    [InlineData("0a020805", "1 { 1: 5 }")]
    [InlineData("0b08050c", "1 { 1: 5 }")]
    [InlineData("0b0c", "1 { }")]
    [InlineData("0a040b08050c", "1 { 1 { 1: 5 } }")]
    [InlineData("0a030b0805", "1: \"\\013\\010\\005\"")]
    [InlineData("0a020b14", "1: \"\\013\\024\"")]
    [InlineData("0a010c", "1: \"\\014\"")]
    [InlineData("0a020005", "1: \"\\000\\005\"")]
    [InlineData("0a010f", "1: \"\\017\"")]
    [InlineData("0a020a05", "1: \"\\n\\005\"")]
    [InlineData("0a0100", "1: \"\\000\"")]
    [InlineData("10010801", "2: 1 1: 1")]
    public void Unknown_fields_are_shown_by_number_and_as_what_they_may_be(string hex, string text, string? other = null, string? otherText = null)
    {
        Assert.Equal(text, Line(Empty.Parser.ParseFrom(Convert.FromHexString(hex))));
        if (other is not null)
        {
            Assert.Equal(otherText, Line(Empty.Parser.ParseFrom(Convert.FromHexString(other))));
        }

        Assert.Equal("", new TextFormatter(TextFormatter.Settings.Default.WithFormatUnknownFields(false)).Format(Empty.Parser.ParseFrom(Convert.FromHexString(hex))));
    }

    [Fact]
    public void Unknown_bytes_are_taken_for_messages_ten_levels_deep()
    {
        byte[] bytes = [8, 5];
        for (int i = 0; i < 11; i++)
        {
            bytes = [10, (byte)bytes.Length, .. bytes];
        }

        Assert.Equal(
            string.Concat(Enumerable.Repeat("1 { ", 10)) + "1: \"\\010\\005\"" + string.Concat(Enumerable.Repeat(" }", 10)),
            Line(Empty.Parser.ParseFrom(bytes)));
    }

    [Fact]
    public void Messages_nested_too_deeply_or_into_themselves_are_refused()
    {
        Sample root = new();
        Sample at = root;
        for (int i = 0; i < 100; i++)
        {
            at = at.Child = new Sample();
        }

        Assert.NotEmpty(Line(root));
        at.Child = new Sample();
        Assert.Throws<InvalidOperationException>(() => Line(root));
        at.Child = root;
        Assert.Throws<InvalidOperationException>(() => Line(root));
    }

    [Theory]
    [InlineData("a b/google.protobuf.Duration")]
    [InlineData("a:1/google.protobuf.Duration")]
    [InlineData("\u00e4/google.protobuf.Duration")]
    [InlineData("a]/google.protobuf.Duration")]
    public void An_Any_whose_URL_cannot_stand_in_brackets_is_written_as_its_fields(string url)
    {
        TypeRegistry types = TypeRegistry.FromMessages(WellKnownTypes.Duration.Descriptor, WellKnownTypes.Any.Descriptor);
        WellKnownTypes.Any any = new() { TypeUrl = url, Value = ByteString.CopyFrom(8, 1) };
        string text = new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(types)).Format(any);
        Assert.StartsWith("type_url: ", text, StringComparison.Ordinal);
        Assert.Equal(any, TextParser.Default.Parse<WellKnownTypes.Any>(text));
    }
}
