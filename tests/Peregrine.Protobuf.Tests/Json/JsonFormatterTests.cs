// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

public sealed class JsonFormatterTests
{
    private static readonly JsonFormatter WithTypes = new(
        JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromMessages(Timestamp.Descriptor, Duration.Descriptor, Any.Descriptor, Google.Rpc.Status.Descriptor)));

    private static string Format(IMessage message) => JsonFormatter.Default.Format(message);

    [Fact]
    public void An_empty_message_is_an_empty_object() => Assert.Equal("{}", Format(new Sample()));

    [Fact]
    public void Fields_stand_in_the_order_of_their_numbers_under_their_JSON_names() =>
        Assert.Equal(
            """{"id":1,"ratio":0.5,"name":"n","count":0,"data":"AQI=","color":"COLOR_RED","level":"HIGH"}""",
            Format(new Sample { Id = 1, Ratio = 0.5, Name = "n", Count = 0, Data = ByteString.CopyFrom(1, 2), Color = Color.Red, Level = Level.High }));

    [Fact]
    public void Lists_and_maps_and_oneofs_are_written_and_64_bit_integers_are_text() =>
        Assert.Equal(
            """{"numbers":[-1,2],"loose":["18446744073709551615"],"counts":{"a":1},"named":{"5":{"id":6}},"size":"-9","wrapped":0}""",
            Format(new Sample
            {
                Numbers = { -1, 2 },
                Loose = { ulong.MaxValue },
                Counts = { ["a"] = 1 },
                Named = { [5] = new Sample { Id = 6 } },
                Size = -9,
                Wrapped = 0,
            }));

    [Theory]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.PositiveInfinity, "\"Infinity\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.7976931348623157E+308, "1.7976931348623157E+308")]
    public void Doubles_keep_their_value(double value, string json) =>
        Assert.Equal($$"""{"ratio":{{json}}}""", Format(new Sample { Ratio = value }));

    [Fact]
    public void An_unknown_enum_number_is_written_as_a_number() =>
        Assert.Equal("""{"color":77}""", Format(new Sample { Color = (Color)77 }));

    [Fact]
    public void Default_values_are_written_on_demand_but_not_of_fields_with_presence()
    {
        JsonFormatter formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));
        Assert.Equal("""{"x":0,"y":0}""", formatter.Format(new Sample.Types.Point()));
        string json = formatter.Format(new Sample());
        Assert.Contains("\"words\":[]", json, StringComparison.Ordinal);
        Assert.Contains("\"counts\":{}", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"count\":", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"text\":", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_change_names_enums_and_indentation()
    {
        FieldDescriptorProto field = new() { JsonName = "x", TypeName = "t" };
        JsonFormatter formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());
        Assert.Equal("{\n  \"type_name\": \"t\",\n  \"json_name\": \"x\"\n}", formatter.Format(field));
        Assert.Equal(
            """{"color":1}""",
            new JsonFormatter(JsonFormatter.Settings.Default.WithFormatEnumsAsIntegers(true)).Format(new Sample { Color = Color.Red }));
        Assert.Throws<ArgumentException>(() => new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation("--")));
    }

    [Theory]
    [InlineData(0, 0, "1970-01-01T00:00:00Z")]
    [InlineData(-62135596800, 0, "0001-01-01T00:00:00Z")]
    [InlineData(253402300799, 999999999, "9999-12-31T23:59:59.999999999Z")]
    [InlineData(951782400, 10000000, "2000-02-29T00:00:00.010Z")]
    [InlineData(-1, 1000, "1969-12-31T23:59:59.000001Z")]
    public void Timestamps_are_RFC_3339_text(long seconds, int nanos, string text) =>
        Assert.Equal($"\"{text}\"", Format(new Timestamp { Seconds = seconds, Nanos = nanos }));

    [Theory]
    [InlineData(0, 0, "0s")]
    [InlineData(0, -500000000, "-0.500s")]
    [InlineData(-3, -1, "-3.000000001s")]
    [InlineData(315576000000, 0, "315576000000s")]
    public void Durations_are_seconds(long seconds, int nanos, string text) =>
        Assert.Equal($"\"{text}\"", Format(new Duration { Seconds = seconds, Nanos = nanos }));

    [Fact]
    public void What_has_no_JSON_form_is_refused_by_Format_and_shown_by_ToString()
    {
        IMessage[] odd =
        [
            new Timestamp { Seconds = long.MaxValue },
            new Timestamp { Nanos = -1 },
            new Duration { Seconds = 1, Nanos = -1 },
            new FieldMask { Paths = { "fooBar" } },
            new FieldMask { Paths = { "foo__bar" } },
            new FieldMask { Paths = { "foo_3_bar" } },
            new Value(),
            Value.ForNumber(double.NaN),
            new Any { TypeUrl = "x/no.Such" },
            new Sample { Name = "\uD800" },
        ];
        foreach (IMessage message in odd)
        {
            Assert.Throws<InvalidOperationException>(() => Format(message));
            Assert.NotEmpty(message.ToString()!);
        }

        Assert.Equal("""{"@warning":"Invalid Timestamp","seconds":"0","nanos":-1}""", odd[1].ToString());
        Assert.Equal("""{"@type":"x/no.Such","@value":""}""", odd[8].ToString());
    }

    [Fact]
    public void Nesting_beyond_the_limit_is_an_error_and_no_stack_overflow()
    {
        Sample deep = new();
        for (int i = 0; i < 20_000; i++)
        {
            deep = new Sample { Child = deep };
        }

        Assert.Throws<InvalidOperationException>(() => Format(deep));
        Assert.Contains("\"...\"", deep.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_shows_its_content_through_the_registry()
    {
        Assert.Equal(
            """{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1.500s"}""",
            WithTypes.Format(Any.Pack(TimeSpan.FromSeconds(1.5).ToDuration())));
        Assert.Equal(
            """{"@type":"type.googleapis.com/google.rpc.Status","code":5,"message":"m"}""",
            WithTypes.Format(Any.Pack(new Google.Rpc.Status { Code = 5, Message = "m" })));
        Assert.Equal(
            """{"@type":"type.googleapis.com/google.protobuf.Any","value":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"0s"}}""",
            WithTypes.Format(Any.Pack(Any.Pack(new Duration()))));
        Assert.Equal("{}", WithTypes.Format(new Any()));
    }

    [Fact]
    public void Struct_is_plain_JSON() =>
        Assert.Equal(
            """{"a":[1,"x",true,null,{"b":2.5}]}""",
            Format(new Struct
            {
                Fields =
                {
                    ["a"] = Value.ForList(
                        Value.ForNumber(1), Value.ForString("x"), Value.ForBool(true), Value.ForNull(),
                        Value.ForStruct(new Struct { Fields = { ["b"] = Value.ForNumber(2.5) } })),
                },
            }));

    [Fact]
    public void Extensions_stand_under_their_bracketed_full_names()
    {
        Sample sample = new();
        sample.SetExtension(SampleExtensions.Weight, 3);
        sample.GetOrInitializeExtension(SampleExtensions.Notes).Add("n");
        string json = Format(sample);
        Assert.Contains("\"[peregrine.tests.weight]\":3", json, StringComparison.Ordinal);
        Assert.Contains("\"[peregrine.tests.notes]\":[\"n\"]", json, StringComparison.Ordinal);
    }
}
