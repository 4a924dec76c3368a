// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Tests.Dynamic;

public class MessageSetTests
{
    // Set, the message set; Note and Nest, which extend it with the numbers 1000 and 2147483646; Nest holds a Set.
    private const string File = """
        { "name": "set.proto", "package": "t", "messageType": [
          { "name": "Set", "options": { "messageSetWireFormat": true }, "extensionRange": [ { "start": 4, "end": 2147483647 } ] },
          { "name": "Note",
            "field": [ { "name": "text", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_STRING" } ],
            "extension": [ { "name": "note", "number": 1000, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".t.Note", "extendee": ".t.Set" } ] },
          { "name": "Nest",
            "field": [ { "name": "set", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".t.Set" } ],
            "extension": [ { "name": "nest", "number": 2147483646, "label": "LABEL_OPTIONAL", "type": "TYPE_MESSAGE", "typeName": ".t.Nest", "extendee": ".t.Set" } ] } ] }
        """;

    private static readonly DescriptorPool Pool = MakePool();
    private static readonly MessageDescriptor Set = Pool.FindMessage("t.Set")!;
    private static readonly MessageParser<DynamicMessage> Parser = DynamicMessage.ParserOf(Set).WithExtensionRegistry(Pool.ToExtensionRegistry());
    private static readonly FieldDescriptor Note = (FieldDescriptor)Pool.FindSymbol("t.Note.note")!;
    private static readonly FieldDescriptor Nest = (FieldDescriptor)Pool.FindSymbol("t.Nest.nest")!;

    [Theory]
    [InlineData("0B10E8071A040A0268690C")] // number, message
    [InlineData("0B1A040A02686910E8070C")] // message, number
    [InlineData("0B2801" + "10E807" + "3001" + "1A040A026869" + "3801" + "0C")] // other fields in the group are dropped
    [InlineData("C23E040A026869")] // as a plain extension
    [InlineData("0B10E80710011A040A0268691A040A02626F0C")] // what is given twice counts once
    public void An_item_is_read_in_any_order_and_written_in_one(string input)
    {
        DynamicMessage message = Parser.ParseFrom(Convert.FromHexString(input));
        Assert.Equal("hi", ((DynamicMessage)message.GetField(Note)!)["text"]);
        Assert.Null(message.UnknownFields);
        Assert.Equal("0B10E8071A040A0268690C", Convert.ToHexString(message.ToByteArray()));
    }

    [Fact]
    public void What_was_read_beyond_the_default_depth_is_written()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x2B, 300), .. Enumerable.Repeat((byte)0x2C, 300)];
        using CodedInputStream input = CodedInputStream.CreateWithLimits(new MemoryStream(bytes), int.MaxValue, 1000);
        Assert.Equal(bytes, Parser.ParseFrom(input).ToByteArray());
    }

    [Fact]
    public void Items_of_one_number_merge() =>
        Assert.Equal(
            "yo",
            ((DynamicMessage)Parser.ParseFrom(Convert.FromHexString("0B10E8071A040A0268690C0B10E8071A040A02796F0C")).GetField(Note)!)["text"]);

    [Fact]
    public void Unknown_items_are_kept_and_shown_as_fields_of_their_numbers()
    {
        byte[] bytes = Convert.FromHexString("0B10E8071A040A0268690C");
        DynamicMessage message = DynamicMessage.ParserOf(Set).ParseFrom(bytes);
        Assert.Equal("C23E040A026869", Convert.ToHexString(message.UnknownFields!.Encoded.Span));
        Assert.Equal(bytes, message.ToByteArray());
        byte[] large = Convert.FromHexString("0B10FFFFFFFF071A040A0268690C" + "2801"); // more bits than a tag has, and a field that is no item
        message = DynamicMessage.ParserOf(Set).ParseFrom(large);
        Assert.Equal(large, message.ToByteArray());
        Assert.Null(DynamicMessage.ParserOf(Set).WithDiscardUnknownFields(true).ParseFrom(large).UnknownFields);
    }

    [Fact]
    public void An_item_without_number_or_message_is_nothing()
    {
        Assert.Empty(Parser.ParseFrom(Convert.FromHexString("0B1A040A0268690C")).ToByteArray());
        Assert.Empty(Parser.ParseFrom(Convert.FromHexString("0B10E8070C")).ToByteArray());
    }

    [Theory]
    [InlineData("0B10E807")]
    [InlineData("0B10E8071A040A026869")]
    [InlineData("0B10E80714")]
    [InlineData("0B10E8071A040A02680C")]
    [InlineData("0B1A020A0210E8070C")]
    [InlineData("0B1A010C10E8070C")]
    [InlineData("0C")]
    public void Broken_items_are_refused(string input) =>
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Convert.FromHexString(input)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sets_in_sets_count_as_levels_whichever_part_of_an_item_comes_first(bool messageFirst)
    {
        _ = Parser.ParseFrom(Chain(30, messageFirst));
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Chain(60, messageFirst)));
        if (messageFirst)
        {
            Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Chain(5_000, messageFirst)));
        }
    }

    [Fact]
    public void Numbers_larger_than_those_of_fields_are_extensions_too()
    {
        DynamicMessage nest = new(Pool.FindMessage("t.Nest")!) { ["set"] = new DynamicMessage(Set) };
        DynamicMessage message = new(Set);
        message.SetField(Nest, nest);
        byte[] bytes = message.ToByteArray();
        Assert.Equal("0B10FEFFFFFF071A020A000C", Convert.ToHexString(bytes));
        Assert.Equal(message, Parser.ParseFrom(bytes));
    }

    // Each round has three levels: the group of the item, the Nest, the Set.
    private static byte[] Chain(int rounds, bool messageFirst)
    {
        byte[] number = Convert.FromHexString("10FEFFFFFF07");
        byte[] set = [];
        for (int i = 0; i < rounds; i++)
        {
            byte[] nest = [0x0A, .. Length(set.Length), .. set];
            byte[] body = [0x1A, .. Length(nest.Length), .. nest];
            set = messageFirst ? [0x0B, .. body, .. number, 0x0C] : [0x0B, .. number, .. body, 0x0C];
        }

        return set;
    }

    private static byte[] Length(int value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private static DescriptorPool MakePool()
    {
        DescriptorPool pool = new();
        pool.Add(FileDescriptorProto.Parser.ParseJson(File));
        return pool;
    }
}
