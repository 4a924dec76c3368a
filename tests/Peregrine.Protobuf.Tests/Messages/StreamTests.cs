// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Protobuf.WellKnownTypes;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public sealed class StreamTests
{
    // An empty message, one with a prefix of one byte, one with a prefix of two, and one beyond the first block.
    private static readonly StringValue[] Messages =
    [
        new(),
        new() { Value = "short" },
        new() { Value = new string('a', 300) },
        new() { Value = new string('b', 5000) },
        new() { Value = "last" },
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static byte[] Delimited(params IEnumerable<StringValue> messages)
    {
        using MemoryStream stream = new();
        foreach (StringValue message in messages)
        {
            message.WriteDelimitedTo(stream);
        }

        return stream.ToArray();
    }

    private static async Task<List<T>> Collect<T>(IAsyncEnumerable<T> messages)
    {
        List<T> result = [];
        await foreach (T message in messages)
        {
            result.Add(message);
        }

        return result;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public async Task A_stream_of_messages_is_read_to_its_end_however_it_arrives(int most)
    {
        byte[] bytes = Delimited(Messages);
        Assert.Equal(Messages, StringValue.Parser.ParseAllDelimitedFrom(new TrickleStream(bytes, most)));
        Assert.Equal(Messages, await Collect(StringValue.Parser.ParseAllDelimitedFromAsync(new TrickleStream(bytes, most), Cancellation)));
        TrickleStream one = new(bytes, most);
        TrickleStream oneAsync = new(bytes, most);
        long position = 0;
        foreach (StringValue message in Messages)
        {
            position += Delimited(message).Length;
            Assert.True(StringValue.Parser.TryParseDelimitedFrom(one, out StringValue? read));
            Assert.Equal(message, read);
            Assert.Equal(position, one.Position);
            Assert.Equal(message, await StringValue.Parser.ParseDelimitedFromAsync(oneAsync, Cancellation));
            Assert.Equal(position, oneAsync.Position);
        }

        Assert.False(StringValue.Parser.TryParseDelimitedFrom(one, out _));
        Assert.Null(await StringValue.Parser.TryParseDelimitedFromAsync(oneAsync, Cancellation));
        Assert.Throws<InvalidProtocolBufferException>(() => StringValue.Parser.ParseDelimitedFrom(one));
        await Assert.ThrowsAsync<InvalidProtocolBufferException>(() => StringValue.Parser.ParseDelimitedFromAsync(oneAsync, Cancellation));
    }

    [Fact]
    public async Task A_stream_that_is_cut_inside_of_a_message_is_an_error_wherever_it_is_cut()
    {
        StringValue[] messages = [new() { Value = "first" }, new() { Value = new string('a', 200) }];
        byte[] bytes = Delimited(messages);
        int border = Delimited(messages[0]).Length;
        for (int cut = 0; cut < bytes.Length; cut++)
        {
            int whole = cut < border ? 0 : 1;
            bool clean = cut == 0 || cut == border;
            List<StringValue> read = [];
            Exception? error = Record.Exception(() => read.AddRange(Each(StringValue.Parser.ParseAllDelimitedFrom(new TrickleStream(bytes[..cut], 7)), read)));
            Assert.Equal(messages[..whole], read);
            Assert.Equal(clean, error is null);
            error = await Record.ExceptionAsync(() => Collect(StringValue.Parser.ParseAllDelimitedFromAsync(new TrickleStream(bytes[..cut], 7), Cancellation)));
            Assert.Equal(clean, error is null);
            Assert.True(error is null || error.Message.Contains("truncated", StringComparison.Ordinal));
        }

        // Adds to the list one by one, so that what came before an error is seen.
        static IEnumerable<StringValue> Each(IEnumerable<StringValue> source, List<StringValue> seen)
        {
            foreach (StringValue message in source)
            {
                seen.Add(message);
            }

            return [];
        }
    }

    [Fact]
    public void Segments_give_whole_messages_only_on_every_split()
    {
        StringValue message = new() { Value = new string('a', 200) };
        byte[] bytes = [.. Delimited(message), 1, 2];
        foreach ((string label, ReadOnlySequence<byte> sequence) in SplitSequences.Of(bytes))
        {
            ReadOnlySequence<byte> input = sequence;
            Assert.True(StringValue.Parser.TryParseDelimitedFrom(ref input, out StringValue? read), label);
            Assert.Equal(message, read);
            Assert.Equal(2, input.Length);
        }

        for (int cut = 0; cut < bytes.Length - 2; cut++)
        {
            ReadOnlySequence<byte> input = new(bytes, 0, cut);
            Assert.False(StringValue.Parser.TryParseDelimitedFrom(ref input, out _));
            Assert.Equal(cut, input.Length);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x10 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 })]
    [InlineData(new byte[] { 0x02, 0x0a, 0x05 })]
    public async Task A_malformed_length_or_message_is_an_error_in_every_way_of_reading(byte[] bytes)
    {
        Assert.Throws<InvalidProtocolBufferException>(() => StringValue.Parser.ParseDelimitedFrom(new TrickleStream(bytes, 1)));
        Assert.Throws<InvalidProtocolBufferException>(() => StringValue.Parser.ParseAllDelimitedFrom(new TrickleStream(bytes, 4)).ToList());
        await Assert.ThrowsAsync<InvalidProtocolBufferException>(() => StringValue.Parser.ParseDelimitedFromAsync(new TrickleStream(bytes, 4), Cancellation));
        Assert.Throws<InvalidProtocolBufferException>(() =>
        {
            ReadOnlySequence<byte> input = new(bytes);
            StringValue.Parser.TryParseDelimitedFrom(ref input, out _);
        });
    }

    [Fact]
    public async Task A_length_that_promises_much_takes_no_memory_for_it()
    {
        byte[] bytes = [0xf0, 0xff, 0xff, 0xff, 0x03, 1, 2, 3]; // a gigabyte
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidProtocolBufferException>(() => StringValue.Parser.ParseDelimitedFrom(new TrickleStream(bytes, 8)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        InvalidProtocolBufferException error = await Assert.ThrowsAsync<InvalidProtocolBufferException>(
            () => StringValue.Parser.ParseDelimitedFromAsync(new TrickleStream(bytes, 8), Cancellation));
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    public async Task The_rest_of_a_stream_is_one_message(int most)
    {
        foreach (StringValue message in Messages)
        {
            byte[] bytes = message.ToByteArray();
            Assert.Equal(message, StringValue.Parser.ParseFrom(new TrickleStream(bytes, most)));
            Assert.Equal(message, await StringValue.Parser.ParseFromAsync(new TrickleStream(bytes, most), Cancellation));
            StringValue merged = new();
            await merged.MergeFromAsync(new TrickleStream(bytes, most), Cancellation);
            Assert.Equal(message, merged);
        }
    }

    [Fact]
    public async Task What_is_written_without_blocking_is_what_is_written_otherwise()
    {
        foreach (StringValue message in Messages.Append(new StringValue { Value = new string('c', 200_000) }))
        {
            using MemoryStream plain = new();
            await message.WriteToAsync(plain, Cancellation);
            Assert.Equal(message.ToByteArray(), plain.ToArray());
            using MemoryStream delimited = new();
            await message.WriteDelimitedToAsync(delimited, Cancellation);
            Assert.Equal(Delimited(message), delimited.ToArray());
            ArrayBufferWriter<byte> buffer = new();
            message.WriteDelimitedTo(buffer);
            Assert.Equal(Delimited(message), buffer.WrittenSpan.ToArray());
        }
    }

    [Fact]
    public async Task A_token_ends_the_wait()
    {
        CancellationToken cancelled = new(canceled: true);
        byte[] bytes = Delimited(Messages);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StringValue.Parser.ParseFromAsync(new TrickleStream(bytes, 1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StringValue.Parser.ParseDelimitedFromAsync(new TrickleStream(bytes, 1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Collect(StringValue.Parser.ParseAllDelimitedFromAsync(new TrickleStream(bytes, 1), cancelled)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Messages[1].WriteToAsync(new MemoryStream(), cancelled));
    }

    [Fact]
    public async Task A_parser_of_a_type_known_at_run_time_reads_the_same()
    {
        MessageParser parser = StringValue.Descriptor.Parser;
        byte[] bytes = Delimited(Messages);
        Assert.Equal(Messages, parser.ParseAllDelimitedFrom(new MemoryStream(bytes)));
        Assert.Equal(Messages, await Collect(parser.ParseAllDelimitedFromAsync(new MemoryStream(bytes), Cancellation)));
        Assert.Equal(Messages[0], await parser.ParseDelimitedFromAsync(new MemoryStream(bytes), Cancellation));
        Assert.True(parser.TryParseDelimitedFrom(new MemoryStream(bytes), out IMessage? first));
        Assert.Equal(Messages[0], first);
        Assert.Equal(Messages[1], await parser.ParseFromAsync(new MemoryStream(Messages[1].ToByteArray()), Cancellation));
    }
}
