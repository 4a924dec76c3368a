// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Collections;

public class MapFieldTests
{
    [Fact]
    public void It_is_a_dictionary()
    {
        MapField<string, int> map = new() { { "a", 1 }, { "b", 2 } };
        Assert.Throws<ArgumentException>(() => map.Add("a", 3));
        map.Add(new Dictionary<string, int> { ["a"] = 3 });
        Assert.Equal(3, map["a"]);
        Assert.Throws<KeyNotFoundException>(() => map["c"]);
        Assert.True(map.Remove("a"));
        Assert.False(map.TryGetValue("a", out _));
        Assert.Equal(["b"], map.Keys);
    }

    [Fact]
    public void The_order_of_entries_does_not_matter_for_equality()
    {
        MapField<int, string> left = new() { [1] = "a", [2] = "b" };
        MapField<int, string> right = new() { [2] = "b", [1] = "a" };
        Assert.True(left.Equals(right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        right[2] = "c";
        Assert.False(left.Equals(right));
    }

    [Fact]
    public void Null_is_refused_except_for_wrappers()
    {
        MapField<int, string> map = [];
        Assert.Throws<ArgumentNullException>(() => map[1] = null!);
        Assert.Throws<ArgumentNullException>(() => ((IDictionary)map).Add(1, null));
        MapField<int, int?> wrappers = new() { [1] = null };
        Assert.Null(wrappers[1]);
    }

    [Theory]
    [InlineData("030A0161", Level.Low, "")] // no value: the first of the enum, which is not 0
    [InlineData("050A01611002", Level.High, "")]
    [InlineData("0710090A01611002", Level.High, "")] // the last value counts
    [InlineData("050A01611009", null, "0A050A01611009")]
    [InlineData("050A01611000", null, "0A050A01611000")]
    public void A_value_that_a_closed_enum_lacks_makes_the_entry_an_unknown_field(string entry, Level? value, string unknown)
    {
        MapField<string, Level> map = [];
        UnknownFieldSet? unknownFields = null;
        WireReader reader = new(Convert.FromHexString(entry));
        map.ReadClosedEnumEntry<StringCodec>(
            ref reader, 10, Level.Low, static level => (int)level is 1 or 2, ref unknownFields);
        Assert.True(reader.IsAtLimit);
        Assert.Equal(value, map.TryGetValue("a", out Level found) ? found : null);
        Assert.Equal(unknown, unknownFields is null ? "" : Convert.ToHexString(unknownFields.Encoded.Span));
    }

    [Theory]
    [InlineData("050A01611005", "a", 5)]
    [InlineData("0510050A0161", "a", 5)] // the value first
    [InlineData("030A0161", "a", 0)]
    [InlineData("021005", "", 5)]
    [InlineData("00", "", 0)]
    [InlineData("0A0A01620A016110041005", "a", 5)] // of what is given twice the last counts
    [InlineData("0A10040A01620A01611005", "a", 5)]
    [InlineData("0D18010A0161180210051A001803", "a", 5)] // fields that no entry has, before, between and behind
    public void An_entry_is_read_in_whatever_order_it_was_written(string entry, string key, int value)
    {
        MapField<string, int> map = [];
        WireReader reader = new(Convert.FromHexString(entry));
        map.ReadFrom<StringCodec, Int32Codec>(ref reader, 10);
        Assert.True(reader.IsAtLimit);
        Assert.Equal(key, Assert.Single(map).Key);
        Assert.Equal(value, map[key]);
    }

    [Theory]
    [InlineData("08080112020805" + "1200", 5)] // a second value that holds nothing
    [InlineData("0A080112020805" + "12020806", 6)]
    [InlineData("0608011200" + "1200", 0)]
    public void A_wrapper_that_is_given_twice_in_an_entry_is_merged(string entry, int value)
    {
        MapField<int, int?> map = [];
        WireReader reader = new(Convert.FromHexString(entry));
        map.ReadFrom<Int32Codec, WrapperCodec<int, Int32Codec>>(ref reader, 10);
        Assert.True(reader.IsAtLimit);
        Assert.Equal(value, map[1]);

        MapField<int, int?> dynamic = [];
        UnknownFieldSet? unknown = null;
        WireReader again = new(Convert.FromHexString(entry));
        dynamic.ReadEntry(FieldCodec.ForInt32(8), FieldCodec.ForStructWrapper<int, Int32Codec>(18), ref again, 10, ref unknown);
        Assert.Equal(map, dynamic);
    }

    [Fact]
    public void A_wrapped_string_that_is_given_twice_in_an_entry_is_merged()
    {
        MapField<int, string?> map = [];
        WireReader reader = new(Convert.FromHexString("09080112030A0161" + "1200"));
        map.ReadFrom<Int32Codec, ReferenceWrapperCodec<string, StringCodec>>(ref reader, 10);
        Assert.Equal("a", map[1]);
    }

    [Fact]
    public void Wrapped_strings_are_values_whose_default_is_left_out()
    {
        MapField<int, string?> map = new() { [1] = "a", [2] = "" };
        byte[] bytes = new byte[map.CalculateSize<Int32Codec, ReferenceWrapperCodec<string, StringCodec>>(1)];
        WireWriter writer = new(bytes) { Deterministic = true };
        map.WriteTo<Int32Codec, ReferenceWrapperCodec<string, StringCodec>>(ref writer, 10);
        Assert.Equal("0A07080112030A0161" + "0A0408021200", Convert.ToHexString(bytes));
        MapField<int, string?> parsed = [];
        WireReader reader = new(bytes);
        while (reader.ReadTag() is var tag and not 0)
        {
            parsed.ReadFrom<Int32Codec, ReferenceWrapperCodec<string, StringCodec>>(ref reader, tag);
        }

        Assert.True(map.Equals(parsed));
    }

    [Fact]
    public void Deterministic_output_is_in_the_order_of_the_keys_of_every_kind()
    {
        CheckOrder<int, Int32Codec>([int.MinValue, -1, 0, 1, int.MaxValue]);
        CheckOrder<int, SInt32Codec>([int.MinValue, -1, 0, 1, int.MaxValue]);
        CheckOrder<int, SFixed32Codec>([int.MinValue, -1, 0, 1, int.MaxValue]);
        CheckOrder<uint, UInt32Codec>([0, 1, int.MaxValue, 1u << 31, uint.MaxValue]);
        CheckOrder<uint, Fixed32Codec>([0, 1, int.MaxValue, 1u << 31, uint.MaxValue]);
        CheckOrder<long, Int64Codec>([long.MinValue, -1, 0, 1, long.MaxValue]);
        CheckOrder<long, SInt64Codec>([long.MinValue, -1, 0, 1, long.MaxValue]);
        CheckOrder<long, SFixed64Codec>([long.MinValue, -1, 0, 1, long.MaxValue]);
        CheckOrder<ulong, UInt64Codec>([0, 1, long.MaxValue, 1ul << 63, ulong.MaxValue]);
        CheckOrder<ulong, Fixed64Codec>([0, 1, long.MaxValue, 1ul << 63, ulong.MaxValue]);
        CheckOrder<bool, BoolCodec>([false, true]);
        CheckOrder<string, StringCodec>(["", "A", "B", "a", "aa", "b", "\u00e4", "\uffee"]);
    }

    private static void CheckOrder<TKey, TCodec>(TKey[] sorted)
        where TKey : notnull
        where TCodec : struct, IValueCodec<TKey>
    {
        byte[] expected = Written(sorted, deterministic: false);
        foreach (TKey[] order in (TKey[][])[sorted, [.. sorted.Reverse()], [.. sorted.Skip(1), sorted[0]]])
        {
            Assert.Equal(expected, Written(order, deterministic: true));
        }

        byte[] Written(TKey[] order, bool deterministic)
        {
            MapField<TKey, int> map = [];
            foreach (TKey key in order)
            {
                map.Add(key, Array.IndexOf(sorted, key));
            }

            byte[] bytes = new byte[map.CalculateSize<TCodec, Int32Codec>(1)];
            WireWriter writer = new(bytes) { Deterministic = deterministic };
            map.WriteTo<TCodec, Int32Codec>(ref writer, 10);
            return bytes;
        }
    }

    // Maps in messages in maps are ordered, too, and the same by generated code and by dynamic messages.
    [Fact]
    public void Deterministic_output_is_the_same_for_generated_and_dynamic_messages()
    {
        Sample inner = new() { Required = 1, Counts = { ["b"] = 1, ["a"] = 2 } };
        Sample backwards = new() { Required = 1, Counts = { ["a"] = 2, ["b"] = 1 } };
        Sample message = new() { Required = 1, Named = { [2] = inner, [-1] = inner, [0] = new Sample { Required = 1 } } };
        Sample other = new() { Required = 1, Named = { [0] = new Sample { Required = 1 }, [-1] = backwards, [2] = backwards } };
        Assert.NotEqual(message.ToByteArray(), other.ToByteArray());
        byte[] bytes = Written(message);
        Assert.Equal(bytes, Written(other));
        Assert.Equal(bytes, Written(DynamicMessage.ParserOf(Sample.Descriptor).ParseFrom(message.ToByteArray())));
        Assert.Equal([-1, 0, 2], Sample.Parser.ParseFrom(bytes).Named.Keys);
        Assert.Equal(["a", "b"], Sample.Parser.ParseFrom(bytes).Named[2].Counts.Keys);

        static byte[] Written(IMessage message)
        {
            byte[] bytes = new byte[message.CalculateSize()];
            WireWriter writer = new(bytes) { Deterministic = true };
            message.WriteTo(ref writer);
            return bytes;
        }
    }
}
