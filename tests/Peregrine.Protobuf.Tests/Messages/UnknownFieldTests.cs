// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>Fields that a type does not know, of generated and of dynamic messages.</summary>
public class UnknownFieldTests
{
    // The numbers 1000 to 1003, with numbers and lengths longer than they need be. Inside the group the tags are, too.
    private const string Overlong =
        "C03E8180808000" // 1 in five bytes
        + "C03EFFFFFFFFFFFFFFFFFF01" // -1
        + "C03E80808080808080808000" // 0 in ten bytes
        + "CA3E83808000616263" // "abc" behind a length of four bytes
        + "D33E8880008100" + "9280808000810078" + "D4BE00" // a group: field 1 = 1, field 2 = "x", and an end tag of three bytes
        + "D83E05";

    private static readonly byte[] Whole = Convert.FromHexString(WithLength("42", "A80101" + Overlong) + "A80101" + Overlong);

    public static TheoryData<string> Types => ["generated", "dynamic"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Numbers_that_are_longer_than_they_need_be_are_kept_as_they_came_on_every_split(string type)
    {
        MessageParser parser = ParserOf(type);
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(Whole))
        {
            IMessage read = parser.ParseFrom(input);
            Assert.True(Overlong == Convert.ToHexString(read.UnknownFields!.Encoded.Span), label);
            Assert.True(Whole.AsSpan().SequenceEqual(read.ToByteArray()), label);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task They_are_kept_from_streams_that_give_one_byte_at_once(string type)
    {
        MessageParser parser = ParserOf(type);
        byte[] delimited = [.. Convert.FromHexString(WithLength("", Convert.ToHexString(Whole)))];
        using CodedInputStream coded = new(new TrickleStream(Whole, 1));
        IMessage[] read =
        [
            parser.ParseFrom(new TrickleStream(Whole, 1)),
            parser.ParseFrom(coded),
            parser.ParseDelimitedFrom(new TrickleStream(delimited, 1)),
            await parser.ParseFromAsync(new TrickleStream(Whole, 1), TestContext.Current.CancellationToken),
            await parser.ParseDelimitedFromAsync(new TrickleStream(delimited, 1), TestContext.Current.CancellationToken),
        ];
        Assert.All(read, message => Assert.Equal(Whole, message.ToByteArray()));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_tag_that_is_longer_than_it_need_be_is_written_short(string type)
    {
        byte[] input = Convert.FromHexString("A80101" + "C0BE8000" + "05");
        Assert.All(SplitSequences.Of(input), split =>
            Assert.Equal("A80101C03E05", Convert.ToHexString(ParserOf(type).ParseFrom(split.Bytes).ToByteArray())));
    }

    // child { 1000: 5 } and 1000: 7 in turn: a copy of the child or of what is kept with each piece would allocate the square of their number.
    [Theory]
    [MemberData(nameof(Types))]
    public void Pieces_of_a_message_and_unknown_fields_in_turn_take_memory_for_their_number_only(string type)
    {
        const int Pieces = 50_000;
        byte[] piece = Convert.FromHexString("4206A80101C03E05" + "C03E07");
        byte[] input = [.. Enumerable.Repeat(piece, Pieces).SelectMany(each => each), 0xA8, 1, 1];
        ReadOnlySequence<byte> inSegments = SplitSequences.Join([.. input.Chunk(1000).Select(chunk => (ReadOnlyMemory<byte>)chunk)]);
        MessageParser parser = ParserOf(type);
        IMessage once = parser.ParseFrom([.. piece, 0xA8, 1, 1]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        IMessage read = parser.ParseFrom(input);
        long whole = GC.GetAllocatedBytesForCurrentThread();
        IMessage readInSegments = parser.ParseFrom(inSegments);
        long segments = GC.GetAllocatedBytesForCurrentThread();
        IMessage merged = parser.CreateTemplate();
        for (int i = 0; i < Pieces; i++)
        {
            Merge(merged, once);
        }

        long objects = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(whole - before, 0, 8L * input.Length);
        Assert.InRange(segments - whole, 0, 8L * input.Length);
        Assert.InRange(objects - segments, 0, 8L * input.Length);
        Assert.Equal(Pieces * 3, read.UnknownFields!.CalculateSize());
        Assert.Equal(Pieces * 3, ((IMessage)read.GetField(8)!).UnknownFields!.CalculateSize());
        Assert.Equal(read.ToByteArray(), readInSegments.ToByteArray());
        Assert.Equal(read.ToByteArray(), merged.ToByteArray());

        static void Merge(IMessage into, IMessage other)
        {
            if (into is Sample sample)
            {
                sample.MergeFrom((Sample)other);
            }
            else
            {
                ((DynamicMessage)into).MergeFrom((DynamicMessage)other);
            }
        }
    }

    private static MessageParser ParserOf(string type) => type == "generated" ? Sample.Parser : DynamicMessage.ParserOf(Sample.Descriptor);

    private static string WithLength(string tag, string content)
    {
        int length = content.Length / 2;
        return tag + (length < 0x80 ? $"{length:X2}" : $"{(length & 0x7F) | 0x80:X2}{length >> 7:X2}") + content;
    }
}
