// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Text;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Dynamic;

/// <summary>No input and no message that a program builds overflows the stack or takes memory ahead of what is there.</summary>
public class DepthAndLimitTests
{
    private const int Limit = WireReaderOptions.DefaultRecursionLimit;

    private static readonly MessageDescriptor Tree = DescriptorBuilder.Build(
        FileDescriptorProto.Parser.ParseJson("""
            { "name": "tree.proto", "package": "t", "syntax": "proto2", "messageType": [ { "name": "Tree",
              "nestedType": [ { "name": "MEntry", "options": { "mapEntry": true }, "field": [
                { "name": "key", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_INT32" },
                { "name": "value", "number": 2, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".t.Tree" } ] } ],
              "field": [
                { "name": "child", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".t.Tree" },
                { "name": "list", "number": 2, "label": "LABEL_REPEATED", "type": "TYPE_MESSAGE", "typeName": ".t.Tree" },
                { "name": "group", "number": 3, "label": "LABEL_OPTIONAL", "type": "TYPE_GROUP", "typeName": ".t.Tree" },
                { "name": "m", "number": 4, "label": "LABEL_REPEATED", "type": "TYPE_MESSAGE", "typeName": ".t.Tree.MEntry" },
                { "name": "packed", "number": 5, "label": "LABEL_REPEATED", "type": "TYPE_FIXED64", "options": { "packed": true } },
                { "name": "blocks", "number": 6, "label": "LABEL_REPEATED", "type": "TYPE_BYTES" },
                { "name": "varints", "number": 7, "label": "LABEL_REPEATED", "type": "TYPE_INT32", "options": { "packed": true } },
                { "name": "text", "number": 8, "label": "LABEL_OPTIONAL", "type": "TYPE_STRING" } ] } ] }
            """),
        []).MessageTypes[0];

    private static readonly MessageParser<DynamicMessage> Parser = DynamicMessage.ParserOf(Tree);

    [Theory]
    [InlineData(0x0A, 1)] // child
    [InlineData(0x12, 1)] // list
    [InlineData(0x1B, 1)] // group
    [InlineData(0x22, 2)] // map: the entry is a level, too
    [InlineData(0x7B, 1)] // unknown group
    public void Input_nests_as_deep_as_the_limit_and_no_deeper(byte tag, int levels)
    {
        Assert.NotEmpty(Parser.ParseFrom(Nested(tag, Limit / levels)).ToByteArray());
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Nested(tag, (Limit / levels) + 1)));
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Nested(tag, 20_000)));
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.WithDiscardUnknownFields(true).ParseFrom(Nested(tag, 20_000)));
    }

    [Theory]
    [InlineData("child")]
    [InlineData("list")]
    [InlineData("group")]
    [InlineData("m")]
    public void A_message_that_contains_itself_is_an_error_and_no_overflow(string field)
    {
        DynamicMessage cycle = Cycle(field);
        Assert.Throws<InvalidOperationException>(() => cycle.CalculateSize());
        Assert.Throws<InvalidOperationException>(() => cycle.ToByteArray());
        Assert.Throws<InvalidOperationException>(() => cycle.Clone());
        Assert.Throws<InvalidOperationException>(() => cycle.GetHashCode());
        Assert.Throws<InvalidOperationException>(() => cycle.Equals(Cycle(field)));
        Assert.Throws<InvalidOperationException>(() => new DynamicMessage(Tree).MergeFrom(cycle));
        Assert.Throws<InvalidOperationException>(() => ((IMessage)cycle).IsInitialized());
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(cycle));
        Assert.Contains("...", cycle.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_nests_as_deep_as_the_limit_also_in_Struct_and_in_Any()
    {
        TypeRegistry types = TypeRegistry.FromFiles(WellKnownTypes.AnyReflection.Descriptor, WellKnownTypes.StructReflection.Descriptor);
        JsonParser parser = new(JsonParser.Settings.Default.WithTypeRegistry(types));
        const string Any = "{\"@type\":\"type.googleapis.com/google.protobuf.Any\",\"value\":";
        foreach (int depth in (int[])[Limit + 1, 20_000])
        {
            string trees = Repeat("{\"child\":", depth) + "{}" + Repeat("}", depth);
            Assert.Throws<InvalidProtocolBufferException>(() => parser.Parse(trees, Tree));
            string lists = Repeat("[", depth) + Repeat("]", depth);
            Assert.Throws<InvalidProtocolBufferException>(() => parser.Parse<WellKnownTypes.Value>(lists));
            string anys = Repeat(Any, depth) + "{}" + Repeat("}", depth);

            // The look ahead for the type may meet the bound of the JSON reader first.
            Exception tooDeep = Assert.ThrowsAny<IOException>(() => parser.Parse<WellKnownTypes.Any>(anys));
            Assert.True(tooDeep is InvalidProtocolBufferException or InvalidJsonException);
        }

        WellKnownTypes.Any packed = WellKnownTypes.Any.Pack(new WellKnownTypes.Any());
        for (int i = 0; i < 300; i++)
        {
            packed = WellKnownTypes.Any.Pack(packed);
        }

        Assert.Throws<InvalidOperationException>(() => new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(packed));
        WellKnownTypes.Any shallow = WellKnownTypes.Any.Pack(WellKnownTypes.Any.Pack(new WellKnownTypes.Any()));
        Assert.Equal(shallow, parser.Parse<WellKnownTypes.Any>(new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(shallow)));
    }

    [Theory]
    [InlineData("2AF8FFFFFF0700")] // packed fixed64
    [InlineData("3AFFFFFFFF0700")] // packed varints
    [InlineData("32FFFFFFFF0700")] // bytes
    [InlineData("42FFFFFFFF0700")] // string
    [InlineData("0AFFFFFFFF0700")] // message
    [InlineData("7AFFFFFFFF0700")] // unknown
    public void A_length_beyond_the_input_takes_no_memory(string hex)
    {
        byte[] input = Convert.FromHexString(hex);
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(input));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(input));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("00")] // field number 0
    [InlineData("0200")]
    [InlineData("808080808000")] // a tag of more than five bytes
    [InlineData("88808080800001")]
    [InlineData("FFFFFFFFFF01")]
    [InlineData("38FFFFFFFFFFFFFFFFFFFF01")] // a varint of more than ten bytes
    [InlineData("0E")] // wire types that do not exist
    [InlineData("0F")]
    [InlineData("0A8080808010")] // lengths above 2 GiB
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")]
    [InlineData("2A0700000000000000")] // a part of a fixed64
    [InlineData("1C")] // a group that never began
    [InlineData("1B7C")] // one that ends with another number
    public void Broken_input_is_refused(string hex) =>
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Convert.FromHexString(hex)));

    [Fact]
    public void Messages_beyond_two_GiB_are_refused_before_they_are_written()
    {
        DynamicMessage message = new(Tree);
        ByteString block = ByteString.CopyFrom(new byte[1 << 26]);
        ((RepeatedField<ByteString>)message["blocks"]!).AddRange(Enumerable.Repeat(block, 33));
        Assert.Throws<InvalidOperationException>(() => message.ToByteArray());
        DynamicMessage outer = new(Tree) { ["child"] = new DynamicMessage(Tree) };
        ((RepeatedField<ByteString>)((DynamicMessage)outer["child"]!)["blocks"]!).AddRange(Enumerable.Repeat(block, 31));
        Assert.Equal((31L << 26) + (31 * 5) + 6, outer.CalculateSize());
        ((RepeatedField<ByteString>)outer["blocks"]!).Add(block);
        Assert.Throws<InvalidOperationException>(() => outer.CalculateSize());
    }

    [Fact]
    public void A_message_that_comes_in_many_pieces_is_merged_in_place()
    {
        // child { list {} } and child { blocks: "" } in turn: a copy with each piece would allocate the square of their number.
        const int Pieces = 50_000;
        byte[] input = [.. Enumerable.Range(0, Pieces).SelectMany(i => (byte[])(i % 2 == 0 ? [0x0A, 2, 0x12, 0] : [0x0A, 2, 0x32, 0]))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        DynamicMessage message = Parser.ParseFrom(input);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Pieces * 500L);
        Assert.Equal(Pieces / 2, ((IList)((DynamicMessage)message["child"]!)["list"]!).Count);
    }

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();

    private static DynamicMessage Cycle(string name)
    {
        DynamicMessage message = new(Tree);
        switch (message[name])
        {
            case IDictionary map:
                map.Add(1, message);
                break;
            case IList list:
                list.Add(message);
                break;
            default:
                message[name] = message;
                break;
        }

        return message;
    }

    private static byte[] Nested(byte tag, int depth)
    {
        if ((tag & 7) == (int)WireType.StartGroup)
        {
            return [.. Enumerable.Repeat(tag, depth), .. Enumerable.Repeat((byte)(tag + 1), depth)];
        }

        // From the inside out, written backwards.
        List<byte> reversed = [];
        for (int i = 0; i < depth; i++)
        {
            if (tag == 0x22)
            {
                Prepend(reversed, 0x12);
            }

            Prepend(reversed, tag);
        }

        reversed.Reverse();
        return [.. reversed];
    }

    private static void Prepend(List<byte> reversed, byte tag)
    {
        Span<byte> length = stackalloc byte[5];
        int count = 0;
        for (uint rest = (uint)reversed.Count; ; rest >>= 7)
        {
            length[count++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
            {
                break;
            }
        }

        while (count > 0)
        {
            reversed.Add(length[--count]);
        }

        reversed.Add(tag);
    }
}
