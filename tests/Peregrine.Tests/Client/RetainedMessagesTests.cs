// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.InteropServices;
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
            Assert.Equal(expected[^1], retained.Add(writer).ToArray());
        }

        Assert.Equal(expected, ReadAll(retained));
        Assert.Equal(expected.Sum(message => message.Length), retained.Length);
        Assert.Equal(expected, ReadAll(retained));
        retained.Clear(null, hasLostAttempts: false);
        Assert.Empty(ReadAll(retained));
        Assert.Equal(0, retained.Length);
    }

    [Theory]
    [InlineData(4097, false, true)]
    [InlineData(4097, true, false)]
    [InlineData(1_000_000, false, true)]
    [InlineData(1_000_000, true, false)]
    public void A_large_message_stays_where_it_was_written_and_its_array_is_not_used_again_while_a_lost_attempt_may_send_it(
        int length, bool hasLostAttempts, bool isReturned)
    {
        var retained = new RetainedMessages();
        using var writer = new MessageWriter();
        writer.Write(Arrays, new byte[length - MessageWriter.PrefixLength]);
        Assert.True(writer.Framed.Overlaps(retained.Add(writer).Span, out var offset));
        Assert.Equal(0, offset);

        (int, int) place = default;
        Assert.True(MemoryMarshal.TryGetArray(retained.Next(ref place), out var kept));
        retained.Clear(null, hasLostAttempts);
        var next = ArrayPool<byte>.Shared.Rent(length);
        Assert.Equal(isReturned, next == kept.Array);
        ArrayPool<byte>.Shared.Return(next);
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
                _ = retained.Add(writer);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            retained.Clear(null, hasLostAttempts: false);
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
