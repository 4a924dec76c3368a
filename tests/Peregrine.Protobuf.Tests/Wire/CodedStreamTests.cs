// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Wire;

public class CodedStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void What_was_written_is_read_from_streams_of_any_block_size(int blockSize)
    {
        string text = new('ü', 10_000);
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(1, WireType.Varint);
            output.WriteInt32(-1);
            output.WriteTag(2, WireType.LengthDelimited);
            output.WriteString(text);
            output.WriteTag(3, WireType.Fixed64);
            output.WriteDouble(1.25);
            output.WriteTag(4, WireType.StartGroup);
            output.WriteTag(5, WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(new byte[9000]));
            output.WriteTag(4, WireType.EndGroup);
            output.WriteTag(6, WireType.Varint);
            output.WriteSInt64(long.MinValue);
            Assert.Equal(
                CodedOutputStream.ComputeInt32Size(-1) + CodedOutputStream.ComputeStringSize(text) + 8 + 9002 + 10 + 7,
                output.Position);
        }

        stream.Position = 0;
        using CodedInputStream input = new(new TrickleStream(stream, blockSize));
        Assert.Equal(8u, input.PeekTag());
        Assert.Equal(8u, input.ReadTag());
        Assert.Equal(-1, input.ReadInt32());
        Assert.Equal(18u, input.ReadTag());
        Assert.Equal(text, input.ReadString());
        Assert.Equal(25u, input.ReadTag());
        Assert.Equal(1.25, input.ReadDouble());
        Assert.Equal(35u, input.ReadTag());
        input.SkipLastField();
        Assert.Equal(48u, input.ReadTag());
        Assert.Equal(long.MinValue, input.ReadSInt64());
        Assert.Equal(0u, input.ReadTag());
        Assert.True(input.IsAtEnd);
        Assert.Equal(stream.Length, input.Position);
    }

    [Fact]
    public void An_array_that_is_too_small_is_refused()
    {
        using CodedOutputStream output = new(new byte[2]);
        output.WriteInt32(1);
        Assert.Equal(1, output.SpaceLeft);
        Assert.Throws<CodedOutputStream.OutOfSpaceException>(() => output.WriteInt32(300));
        Assert.Throws<InvalidOperationException>(output.CheckNoSpaceLeft);
        Assert.Throws<CodedOutputStream.OutOfSpaceException>(() => output.WriteMessage(new Messages.Sample { Name = "x" }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Messages_and_values_go_to_a_stream_through_a_buffer_of_any_size(int bufferSize)
    {
        Messages.Sample message = new() { Required = 1, Name = new string('x', 300), Counts = { ["b"] = 1, ["a"] = 2, ["c"] = 3 } };
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, bufferSize, leaveOpen: true))
        {
            output.WriteInt32(5);
            output.WriteMessage(message);
            message.WriteTo(output);
            output.WriteString("behind");
            Assert.Equal(1 + 2 + (2 * message.CalculateSize()) + 7, output.Position);
        }

        byte[] plain = message.ToByteArray();
        Assert.Equal([5, .. Prefixed(plain), .. plain, 6, .. "behind"u8], stream.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CodedOutputStream(stream, 0));
        static byte[] Prefixed(byte[] bytes) => [(byte)((bytes.Length & 0x7F) | 0x80), (byte)(bytes.Length >> 7), .. bytes];
    }

    // Small enough for the buffer of a stream, larger than it, and larger than the blocks that messages are written in.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(500)]
    [InlineData(20_000)]
    public void Deterministic_output_has_maps_in_the_order_of_their_keys(int entries)
    {
        Messages.Sample forwards = new() { Required = 1 };
        Messages.Sample backwards = new() { Required = 1 };
        for (int i = 0; i < entries; i++)
        {
            forwards.Counts[Key(i)] = i;
            backwards.Counts[Key(entries - 1 - i)] = entries - 1 - i;
        }

        byte[] bytes = Written(forwards);
        Assert.Equal(bytes, Written(backwards));
        Assert.Equal(Enumerable.Range(0, entries).Select(Key).Order(StringComparer.Ordinal), Messages.Sample.Parser.ParseFrom(bytes).Counts.Keys);
        Assert.Equal(entries > 1, !forwards.ToByteArray().AsSpan().SequenceEqual(backwards.ToByteArray()));

        static string Key(int number) => "key " + number;
        static byte[] Written(Messages.Sample message)
        {
            using MemoryStream stream = new();
            using CodedOutputStream output = new(stream) { Deterministic = true };
            message.WriteTo(output);
            output.Flush();
            byte[] array = new byte[message.CalculateSize()];
            using CodedOutputStream flat = new(array) { Deterministic = true };
            message.WriteTo(flat);
            flat.CheckNoSpaceLeft();
            Assert.Equal(stream.ToArray(), array);
            return array;
        }
    }

    [Fact]
    public void A_truncated_string_is_refused()
    {
        using CodedInputStream input = new([5, 1, 2]);
        Assert.Throws<InvalidProtocolBufferException>(() => input.ReadString());
    }

    [Fact]
    public void A_stream_above_the_size_limit_is_refused()
    {
        using MemoryStream within = new(new byte[100]);
        using CodedInputStream fits = CodedInputStream.CreateWithLimits(within, 100, 10);
        Assert.Equal(100, fits.SizeLimit);
        Assert.Equal(10, fits.RecursionLimit);
        Assert.Equal(0, fits.ReadInt32());
        using MemoryStream above = new(new byte[101]);
        using CodedInputStream exceeds = CodedInputStream.CreateWithLimits(above, 100, 10);
        Assert.Throws<InvalidProtocolBufferException>(() => exceeds.ReadInt32());
        Assert.Throws<ArgumentOutOfRangeException>(() => CodedInputStream.CreateWithLimits(above, 0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => CodedInputStream.CreateWithLimits(above, 100, 0));
    }

    [Theory]
    [InlineData(100, 0, true)]
    [InlineData(101, 0, false)]
    [InlineData(101, 101, true)]
    [InlineData(3, 2, false)]
    public void Nesting_is_bounded_by_the_recursion_limit(int depth, int limit, bool fits)
    {
        Messages.Sample message = new() { Required = 1 };
        for (int i = 0; i < depth; i++)
        {
            message = new Messages.Sample { Required = 1, Child = message };
        }

        using MemoryStream stream = new(message.ToByteArray());
        using CodedInputStream input = limit == 0
            ? new CodedInputStream(stream)
            : CodedInputStream.CreateWithLimits(stream, int.MaxValue, limit);
        if (fits)
        {
            Assert.Equal(message, Messages.Sample.Parser.ParseFrom(input));
        }
        else
        {
            Assert.Throws<InvalidProtocolBufferException>(() => Messages.Sample.Parser.ParseFrom(input));
        }
    }

    [Fact]
    public void No_recursion_limit_lets_input_overflow_the_stack()
    {
        // Groups with number 4 that never end, as an unknown field and as one to skip.
        byte[] groups = new byte[1_000_000];
        Array.Fill(groups, (byte)0x23);
        using CodedInputStream parsed = CodedInputStream.CreateWithLimits(new MemoryStream(groups), int.MaxValue, int.MaxValue);
        Messages.Sample.Types.Point target = new();
        Assert.Throws<InvalidProtocolBufferException>(() => target.MergeFrom(parsed));
        using CodedInputStream skipped = CodedInputStream.CreateWithLimits(new MemoryStream(groups), int.MaxValue, int.MaxValue);
        Assert.Equal(0x23u, skipped.ReadTag());
        Assert.Throws<InvalidProtocolBufferException>(skipped.SkipLastField);
    }

    private sealed class TrickleStream(Stream inner, int blockSize) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, blockSize));
    }
}
