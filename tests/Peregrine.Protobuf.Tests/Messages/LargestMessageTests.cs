// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>Where messages end: at 2 GiB - 1. The bytes of all of them are one shared block.</summary>
public class LargestMessageTests
{
    private const int BlockSize = 1 << 26;

    private static readonly ByteString Block = UnsafeByteOperations.UnsafeWrap(new byte[BlockSize]);

    [Fact]
    public void A_message_may_have_2147483647_bytes_and_not_one_more()
    {
        Sample message = Large();

        // Tag and length of the child take 5 bytes, those of its data 5, and its required field takes 3.
        int rest = int.MaxValue - message.CalculateSize() - 13;
        message.Children.Add(new Sample { Required = 1, Data = Block.Slice(0, rest) });
        Assert.Equal(int.MaxValue, message.CalculateSize());
        message.Id = 1;
        Assert.Throws<InvalidOperationException>(() => message.CalculateSize());
        message.Id = 0;
        ((IMessage)message).UnknownFields = ((IMessage)Sample.Parser.ParseFrom([0xA8, 1, 1, 0xC0, 0x3E, 1])).UnknownFields;
        Assert.Throws<InvalidOperationException>(() => message.CalculateSize());
    }

    [Fact]
    public async Task One_that_is_too_large_is_refused_before_a_byte_is_written()
    {
        Sample message = Large();
        message.Children.Add(message.Children[0]);
        Sample outer = new() { Required = 1, Child = message };
        using MemoryStream stream = new();
        ArrayBufferWriter<byte> buffer = new();
        foreach (Sample large in (Sample[])[message, outer])
        {
            InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => large.CalculateSize());
            Assert.Contains("2147483647", refused.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => large.ToByteArray());
            Assert.Throws<InvalidOperationException>(() => large.ToByteString());
            Assert.Throws<InvalidOperationException>(() => large.WriteTo(stream));
            Assert.Throws<InvalidOperationException>(() => large.WriteDelimitedTo(stream));
            Assert.Throws<InvalidOperationException>(() => large.WriteTo(buffer));
            Assert.Throws<InvalidOperationException>(() => large.WriteDelimitedTo(buffer));
            await Assert.ThrowsAsync<InvalidOperationException>(() => large.WriteToAsync(stream, TestContext.Current.CancellationToken));
        }

        Assert.Equal(0, stream.Length);
        Assert.Equal(0, buffer.WrittenCount);
    }

    [Fact]
    public void The_entries_of_a_map_count()
    {
        Sample map = new() { Required = 1 };
        Sample value = new() { Required = 1, Data = Block };
        for (int i = 0; i < 32; i++)
        {
            map.Named[i] = value;
        }

        Assert.Throws<InvalidOperationException>(() => map.CalculateSize());
        map.Named.Remove(0);
        Assert.InRange(map.CalculateSize(), 31L << 26, int.MaxValue);
    }

    private static Sample Large()
    {
        Sample message = new() { Required = 1 };
        for (int i = 0; i < 31; i++)
        {
            message.Children.Add(new Sample { Required = 1, Data = Block });
        }

        return message;
    }
}
