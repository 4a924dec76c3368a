// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Client;
using Peregrine.Protocol;

namespace Peregrine.Tests.Client;

public class RetainedMessagesTests
{
    private static readonly Marshaller<byte[]> Arrays = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(300)]
    [InlineData(5000)]
    public void Messages_come_back_as_they_were_and_in_their_order(int length)
    {
        var retained = new RetainedMessages();
        var expected = new List<byte[]>();
        using var writer = new MessageWriter();
        for (var i = 0; i < 300; i++)
        {
            // Every tenth one is large: small ones follow it in another block.
            writer.Write(Arrays, Content(i, i % 10 == 9 ? 20_000 : length));
            expected.Add(writer.Framed.ToArray());
            retained.Add(writer);
        }

        Assert.Equal(expected, ReadAll(retained));
        Assert.Equal(expected.Sum(message => message.Length), retained.Length);
        Assert.Equal(expected, ReadAll(retained));
        retained.Clear();
        Assert.Empty(ReadAll(retained));
        Assert.Equal(0, retained.Length);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20_000)]
    public void The_only_message_can_be_taken_out(int length)
    {
        var retained = new RetainedMessages();
        using var writer = new MessageWriter();
        Assert.False(retained.TryTakeOnly(out _, out _));
        writer.Write(Arrays, Content(1, length));
        var expected = writer.Framed.ToArray();
        retained.Add(writer);
        Assert.True(retained.TryTakeOnly(out var framed, out var rented));
        Assert.Equal(expected, framed.ToArray());
        ArrayPool<byte>.Shared.Return(rented!);
        Assert.Empty(ReadAll(retained));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20_000)]
    public void None_of_several_messages_is_taken_out(int length)
    {
        var retained = new RetainedMessages();
        using var writer = new MessageWriter();
        for (var i = 0; i < 2; i++)
        {
            writer.Write(Arrays, Content(i, length));
            retained.Add(writer);
        }

        Assert.False(retained.TryTakeOnly(out _, out _));
        Assert.Equal(2, ReadAll(retained).Count);
        retained.Clear();
    }

    [Fact]
    public void Small_messages_allocate_next_to_nothing()
    {
        const int messages = 10_000;
        var retained = new RetainedMessages();
        using var writer = new MessageWriter();
        var marshaller = Marshallers.Create<string>(
            (_, context) =>
            {
                context.GetBufferWriter().Write("0123456789abcdef"u8);
                context.Complete();
            },
            _ => "");
        long allocated = 0;
        for (var run = 0; run < 2; run++)
        {
            // The second time the pool has the blocks.
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < messages; i++)
            {
                writer.Write(marshaller, "");
                retained.Add(writer);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            retained.Clear();
        }

        Assert.InRange(allocated, 0, messages * 24);
    }

    private static byte[] Content(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static List<byte[]> ReadAll(RetainedMessages retained)
    {
        var all = new List<byte[]>();
        (int, int) place = default;
        for (var message = retained.Next(ref place); !message.IsEmpty; message = retained.Next(ref place))
        {
            all.Add(message.ToArray());
        }

        return all;
    }
}
