// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
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
    [InlineData(1_200_000)]
    public void Messages_come_back_as_they_were_and_in_their_order(int length)
    {
        var retained = new RetainedMessages();
        var expected = new List<byte[]>();
        using var writer = new MessageWriter();
        for (var i = 0; i < (length > 100_000 ? 12 : 300); i++)
        {
            // Every tenth one is large: small ones follow it in another block.
            var content = Content(i, i % 10 == 9 ? 20_000 : length);
            writer.Write(Arrays, content);
            expected.Add([0, .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(content.Length)), .. content]);
            var place = retained.End;
            retained.Add(writer);
            Assert.True(ReadAll(retained, place).Single().AsSpan().SequenceEqual(expected[^1]));
        }

        Assert.True(IsSame(expected, ReadAll(retained)));
        Assert.Equal(expected.Sum(message => message.Length), retained.Length);
        Assert.True(IsSame(expected, ReadAll(retained)));
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
        var written = writer.Framed;
        retained.Add(writer);
        (int, int) place = default;
        Assert.True(MemoryMarshal.TryGetArray(retained.Next(ref place, out _), out var kept));
        Assert.True(written.Overlaps(kept, out var offset));
        Assert.Equal(0, offset);
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
                retained.Add(writer);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            retained.Clear(null, hasLostAttempts: false);
        }

        Assert.InRange(allocated, 0, messages * 24);
    }

    // The comparison of collections looks at octets one by one.
    private static bool IsSame(List<byte[]> one, List<byte[]> other) =>
        one.Count == other.Count && one.Zip(other).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    private static byte[] Content(int seed, int length)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static List<byte[]> ReadAll(RetainedMessages retained, (int Block, int Offset) place = default)
    {
        var all = new List<byte[]>();
        for (var part = retained.Next(ref place, out var isRest); !part.IsEmpty; part = retained.Next(ref place, out isRest))
        {
            if (isRest)
            {
                all[^1] = [.. all[^1], .. part.Span];
            }
            else
            {
                all.Add(part.ToArray());
            }
        }

        return all;
    }
}
