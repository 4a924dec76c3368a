// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Wire;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Wire;

public class WireReaderTests
{
    public static TheoryData<string, object, string> Vectors => new()
    {
        { "int32", 0, "00" },
        { "int32", 1, "01" },
        { "int32", 127, "7F" },
        { "int32", 128, "8001" },
        { "int32", 300, "AC02" },
        { "int32", 16383, "FF7F" },
        { "int32", 16384, "808001" },
        { "int32", int.MaxValue, "FFFFFFFF07" },
        { "int32", -1, "FFFFFFFFFFFFFFFFFF01" },
        { "int32", int.MinValue, "80808080F8FFFFFFFF01" },
        { "int64", long.MaxValue, "FFFFFFFFFFFFFFFF7F" },
        { "int64", long.MinValue, "80808080808080808001" },
        { "uint32", uint.MaxValue, "FFFFFFFF0F" },
        { "uint64", ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01" },
        { "sint32", -1, "01" },
        { "sint32", 1, "02" },
        { "sint32", int.MinValue, "FFFFFFFF0F" },
        { "sint64", long.MinValue, "FFFFFFFFFFFFFFFFFF01" },
        { "fixed32", 0x04030201u, "01020304" },
        { "fixed64", 0x0807060504030201ul, "0102030405060708" },
        { "sfixed32", -2, "FEFFFFFF" },
        { "sfixed64", -2L, "FEFFFFFFFFFFFFFF" },
        { "float", 1.5f, "0000C03F" },
        { "double", -0.0, "0000000000000080" },
        { "bool", true, "01" },
        { "bool", false, "00" },
        { "enum", -7, "F9FFFFFFFFFFFFFFFF01" },
        { "string", "", "00" },
        { "string", "testing", "0774657374696E67" },
        { "string", "ä☺😈", "09C3A4E298BAF09F9888" },
        { "bytes", "00FF80", "0300FF80" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_value_has_its_bytes_and_is_read_on_every_split(string kind, object value, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        byte[] written = new byte[bytes.Length];
        WireWriter writer = new(written);
        Write(ref writer, kind, value);
        Assert.Equal(hex, Convert.ToHexString(written));
        Assert.Equal(bytes.Length, writer.Position);
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(bytes))
        {
            WireReader reader = new(input);
            Assert.True(Equals(value, Read(ref reader, kind)), label);
            Assert.True(reader.IsAtLimit, label);
        }
    }

    [Theory]
    [InlineData("8080808080808080808002")] // more than ten bytes
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF")]
    public void A_varint_without_end_is_refused_on_every_split(string hex)
    {
        foreach ((string _, ReadOnlySequence<byte> input) in SplitSequences.Of(Convert.FromHexString(hex)))
        {
            Assert.Throws<InvalidProtocolBufferException>(() => new WireReader(input).ReadUInt64());
        }
    }

    [Fact]
    public void A_varint_longer_than_its_type_keeps_its_low_bits()
    {
        byte[] bytes = Convert.FromHexString("81808080F0FFFFFFFF01");
        Assert.Equal(1u, new WireReader(bytes).ReadUInt32());
        Assert.True(new WireReader(Convert.FromHexString("80808080808001")).ReadBool());
    }

    [Theory]
    [InlineData("08", 8u)]
    [InlineData("7D", 125u)]
    [InlineData("8001", 128u)]
    [InlineData("FD7F", 16381u)]
    [InlineData("808001", 16384u)]
    [InlineData("FDFFFFFF0F", 0xFFFFFFFDu)]
    [InlineData("888000", 8u)]
    public void A_tag_is_read_on_every_split(string hex, uint tag)
    {
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(Convert.FromHexString(hex)))
        {
            WireReader reader = new(input);
            Assert.True(tag == reader.ReadTag(), label);
            Assert.Equal(0u, reader.ReadTag());
        }
    }

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "field number 0", "00", "The tag 0x0 is invalid" },
        { "field number 0 with a wire type", "05", "The tag 0x5 is invalid" },
        { "field number 0, two bytes", "8000", "The tag 0x0 is invalid" },
        { "tag over 32 bits", "8880808010", "is invalid" },
        { "tag of six bytes", "888080808000", "The tag 0x8 is invalid" },
        { "tag cut off", "88", "ends inside a field" },
        { "varint cut off", "0880", "ends inside a field" },
        { "varint of eleven bytes", "088080808080808080808001", "A varint goes on after 10 bytes" },
        { "fixed64 cut off", "1100000000000000", "ends inside a field" },
        { "string longer than the input", "1A0561", "5 more bytes are needed, 1 are there" },
        { "negative length", "1AFFFFFFFFFFFFFFFFFF01", "lengths are never negative" },
        { "length over 2 GiB", "1A8080808008", "lengths are never negative or above 2 GiB" },
        { "length cut off", "1A80", "ends inside a field" },
        { "string not UTF-8", "1A02C328", "not UTF-8" },
        { "string with half a surrogate", "1A03EDA080", "not UTF-8" },
        { "map key not UTF-8", "8201030A01FF", "not UTF-8" },
        { "message longer than its parent", "42024205", "5 more bytes are needed, 0 are there" },
        { "field across the end of its message", "42010880", "ends inside a field" },
        { "packed fixed of odd size", "5A0301020304", "does not hold a whole number of 8-byte" },
        { "packed varint across the end", "52018001", "ends inside a field" },
        { "wire type 6", "0E", "wire type 6, which does not exist" },
        { "wire type 7", "0F", "wire type 7, which does not exist" },
        { "group ends that never began", "0C", "A group with number 1 ends that never began" },
        { "group ends in a nested message", "42024C00", "ends that never began" },
        { "group ended by another number", "4B54", "number 9 is ended by number 10" },
        { "group without end", "4B0801", "number 9 does not end" },
        { "unknown group without end", "BB3E0801", "number 999 does not end" },
        { "unknown group ended by another number", "BB3E4C", "number 999 is ended by number 9" },
        { "unknown length-delimited cut off", "BA3E7F01", "ends inside a field" },
        { "extension number, wire type 6", "A606", "wire type 6" },
        { "required field missing", "", "lacks required fields: required" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_input_is_refused_with_its_reason_on_every_split(string what, string hex, string reason)
    {
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(Convert.FromHexString(hex)))
        {
            InvalidProtocolBufferException error =
                Assert.Throws<InvalidProtocolBufferException>(() => Sample.Parser.ParseFrom(input));
            Assert.True(error.Message.Contains(reason, StringComparison.Ordinal), $"{what}, {label}: {error.Message}");
        }
    }

    [Fact]
    public void Every_truncation_of_a_message_is_an_error_or_a_shorter_message()
    {
        byte[] bytes = Samples.Full().ToByteArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                Sample parsed = Sample.Parser.ParseFrom(bytes, 0, length);
                Assert.Equal(length, parsed.CalculateSize());
            }
            catch (InvalidProtocolBufferException)
            {
                // What is expected of nearly every length.
            }
        }
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Messages_nest_to_the_recursion_limit(int depth, bool accepted)
    {
        Sample message = new() { Required = 1 };
        for (int i = 0; i < depth; i++)
        {
            message = new Sample { Required = 1, Child = message };
        }

        byte[] bytes = message.ToByteArray();
        Assert.Equal(accepted, Accepts(bytes));
        Assert.Equal(accepted, Accepts([.. Enumerable.Repeat((byte)0x4B, depth), .. Enumerable.Repeat((byte)0x4C, depth)], unknown: true));
    }

    [Fact]
    public void A_million_start_group_tags_do_not_overflow_the_stack()
    {
        byte[] known = [.. Enumerable.Repeat((byte)0x4B, 1_000_000)];
        Assert.Contains("nest deeper than 100", Assert.Throws<InvalidProtocolBufferException>(
            () => Sample.Parser.ParseFrom(known)).Message, StringComparison.Ordinal);
        using CodedInputStream coded = new(known);
        Assert.Equal(0x4Bu, coded.ReadTag());
        Assert.Throws<InvalidProtocolBufferException>(coded.SkipLastField);
    }

    [Fact]
    public void A_length_that_promises_much_allocates_little()
    {
        byte[] promise = Convert.FromHexString("1AFFFFFFFF07" + "61");
        using MemoryStream stream = new([0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 2, 3]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidProtocolBufferException>(() => Sample.Parser.ParseFrom(promise));
        Assert.Throws<InvalidProtocolBufferException>(() => Sample.Parser.ParseDelimitedFrom(stream));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Input_over_the_size_limit_is_refused()
    {
        WireReaderOptions options = new() { SizeLimit = 3 };
        Assert.Equal(1u, new WireReader([1, 0, 0], options).ReadUInt32());
        Assert.Throws<InvalidProtocolBufferException>(() => new WireReader([1, 0, 0, 0], options).ReadUInt32());
    }

    [Fact]
    public void A_lenient_string_replaces_what_is_not_utf8()
    {
        Sample message = Sample.Parser.ParseFrom(Convert.FromHexString("B20103" + "61FF62" + "A80100"));
        Assert.Equal("a\uFFFDb", message.Legacy);
        Assert.Equal("a\uFFFDb", Encoding.UTF8.GetString(message.ToByteArray().AsSpan(6, 5)));
    }

    private static bool Accepts(byte[] bytes, bool unknown = false)
    {
        try
        {
            if (unknown)
            {
                // As unknown fields of a message type without a field 9, nested one level less deep.
                _ = Sample.Types.Point.Parser.ParseFrom(bytes);
            }
            else
            {
                _ = Sample.Parser.ParseFrom(bytes);
            }

            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static object Read(ref WireReader reader, string kind) => kind switch
    {
        "int32" => reader.ReadInt32(),
        "int64" => reader.ReadInt64(),
        "uint32" => reader.ReadUInt32(),
        "uint64" => reader.ReadUInt64(),
        "sint32" => reader.ReadSInt32(),
        "sint64" => reader.ReadSInt64(),
        "fixed32" => reader.ReadFixed32(),
        "fixed64" => reader.ReadFixed64(),
        "sfixed32" => reader.ReadSFixed32(),
        "sfixed64" => reader.ReadSFixed64(),
        "float" => reader.ReadFloat(),
        "double" => reader.ReadDouble(),
        "bool" => reader.ReadBool(),
        "enum" => reader.ReadEnum(),
        "string" => reader.ReadString(),
        "bytes" => Convert.ToHexString(reader.ReadBytes().Span),
        _ => throw new ArgumentException(kind),
    };

    private static void Write(ref WireWriter writer, string kind, object value)
    {
        switch (kind)
        {
            case "int32": writer.WriteInt32Value((int)value); break;
            case "int64": writer.WriteInt64Value((long)value); break;
            case "uint32": writer.WriteUInt32Value((uint)value); break;
            case "uint64": writer.WriteUInt64Value((ulong)value); break;
            case "sint32": writer.WriteSInt32Value((int)value); break;
            case "sint64": writer.WriteSInt64Value((long)value); break;
            case "fixed32": writer.WriteFixed32Value((uint)value); break;
            case "fixed64": writer.WriteFixed64Value((ulong)value); break;
            case "sfixed32": writer.WriteSFixed32Value((int)value); break;
            case "sfixed64": writer.WriteSFixed64Value((long)value); break;
            case "float": writer.WriteFloatValue((float)value); break;
            case "double": writer.WriteDoubleValue((double)value); break;
            case "bool": writer.WriteBoolValue((bool)value); break;
            case "enum": writer.WriteEnumValue((int)value); break;
            case "string": writer.WriteStringValue((string)value); break;
            case "bytes": writer.WriteBytesValue(ByteString.CopyFrom(Convert.FromHexString((string)value))); break;
            default: throw new ArgumentException(kind);
        }
    }
}
