// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Peregrine.Compression;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class MessageWriterTests
{
    private static readonly Marshaller<byte[]> Arrays = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly Marshaller<byte[]> InPieces = Marshallers.Create<byte[]>(
        (bytes, context) =>
        {
            IBufferWriter<byte> writer = context.GetBufferWriter();
            foreach (byte b in bytes)
            {
                writer.GetSpan(1)[0] = b;
                writer.Advance(1);
            }

            context.Complete();
        },
        context => context.PayloadAsReadOnlySequence().ToArray());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    public void A_message_is_framed_by_a_zero_flag_and_its_big_endian_length(int length)
    {
        byte[] message = new byte[length];
        new Random(1).NextBytes(message);
        foreach (Marshaller<byte[]> marshaller in new[] { Arrays, InPieces })
        {
            using var writer = new MessageWriter();
            writer.Write(marshaller, message);
            Assert.Equal(length, writer.MessageLength);
            Assert.Equal(0, writer.Framed[0]);
            Assert.Equal(length, BinaryPrimitives.ReadInt32BigEndian(writer.Framed[1..]));
            Assert.Equal(message, writer.Framed[5..].ToArray());
        }
    }

    [Fact]
    public void A_writer_is_ready_for_the_next_message_after_detaching()
    {
        using var writer = new MessageWriter();
        writer.Write(Arrays, [1, 2, 3]);
        ReadOnlyMemory<byte> first = writer.DetachNext(out byte[] rented, out bool isLast);
        Assert.True(isLast);
        writer.Write(Arrays, [4]);
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], first.ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 4], writer.Framed.ToArray());
        ArrayPool<byte>.Shared.Return(rented);
    }

    [Theory]
    [InlineData(1024 * 1024, true)]
    [InlineData((3 * 1024 * 1024) + 1, true)]
    [InlineData((3 * 1024 * 1024) + 1, false)]
    public void A_large_message_lies_in_blocks_that_are_hardly_longer_than_it(int length, bool isLengthKnown)
    {
        byte[] message = new byte[length];
        new Random(1).NextBytes(message);
        using var writer = new MessageWriter();
        for (int run = 0; run < 2; run++)
        {
            writer.Write(isLengthKnown ? Arrays : InPieces, message);
            Assert.Equal(length, writer.MessageLength);
            Assert.Throws<InvalidOperationException>(() => writer.Framed.Length);
            List<byte> framed = [];
            int held = 0;
            for (bool isLast = false; !isLast;)
            {
                framed.AddRange(writer.DetachNext(out byte[] rented, out isLast).Span);
                held += rented.Length;
                ArrayPool<byte>.Shared.Return(rented);
            }

            Assert.Equal(0, framed[0]);
            Assert.Equal(length, BinaryPrimitives.ReadInt32BigEndian([.. framed[1..5]]));
            Assert.True(CollectionsMarshal.AsSpan(framed)[5..].SequenceEqual(message));
            Assert.InRange(held, length, length + (isLengthKnown ? 4096 : 1024 * 1024));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void A_serializer_may_ask_for_more_at_once_than_a_block_holds(int before)
    {
        byte[] message = new byte[3_000_000];
        new Random(1).NextBytes(message);
        var inTwo = Marshallers.Create<byte[]>(
            (bytes, context) =>
            {
                IBufferWriter<byte> output = context.GetBufferWriter();
                foreach (byte[] part in new[] { bytes[..before], bytes[before..] })
                {
                    part.CopyTo(output.GetSpan(part.Length));
                    output.Advance(part.Length);
                }

                context.Complete();
            },
            context => context.PayloadAsNewBuffer());
        using var writer = new MessageWriter();
        writer.Write(inTwo, message);
        List<byte> framed = [];
        for (bool isLast = false; !isLast;)
        {
            framed.AddRange(writer.DetachNext(out byte[] rented, out isLast).Span);
            ArrayPool<byte>.Shared.Return(rented);
        }

        Assert.True(CollectionsMarshal.AsSpan(framed)[5..].SequenceEqual(message));
    }

    [Fact]
    public void A_small_message_lies_in_one_block_whatever_its_serializer_asks_for()
    {
        var greedy = Marshallers.Create<string>(
            (_, context) =>
            {
                IBufferWriter<byte> output = context.GetBufferWriter();
                for (int i = 1; i <= 3; i++)
                {
                    output.GetSpan(i * 2_000_000)[0] = (byte)i;
                    output.Advance(1);
                }

                context.Complete();
            },
            _ => "");
        using var writer = new MessageWriter();
        writer.Write(greedy, "x");
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], writer.Framed.ToArray());
    }

    [Fact]
    public void A_serializer_that_asks_for_much_and_writes_little_takes_no_block_for_each_piece()
    {
        byte[] beginning = new byte[2_000_000];
        var greedy = Marshallers.Create<string>(
            (_, context) =>
            {
                IBufferWriter<byte> output = context.GetBufferWriter();
                output.Write(beginning);
                for (int i = 0; i < 1000; i++)
                {
                    output.GetSpan(1024 * 1024)[0] = 1;
                    output.Advance(1);
                }

                context.Complete();
            },
            _ => "");
        using var writer = new MessageWriter();
        writer.Write(greedy, "x");
        int length = 0;
        int blocks = 0;
        for (bool isLast = false; !isLast; blocks++)
        {
            length += writer.DetachNext(out byte[] rented, out isLast).Length;
            ArrayPool<byte>.Shared.Return(rented);
        }

        Assert.Equal(5 + beginning.Length + 1000, length);
        Assert.InRange(blocks, 1, 5);
    }

    [Fact]
    public void A_serializer_that_fails_or_forgets_to_complete_leaves_nothing_behind()
    {
        using var writer = new MessageWriter();
        var forgetful = Marshallers.Create<string>((_, context) => context.GetBufferWriter().GetSpan(10), _ => "");
        var failing = Marshallers.Create<string>((_, context) => throw new FormatException("bad"), _ => "");
        Assert.Contains("Complete", Assert.Throws<InvalidOperationException>(() => writer.Write(forgetful, "x")).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => writer.Write(failing, "x"));
        writer.Write(Arrays, [9]);
        Assert.Equal([0, 0, 0, 0, 1, 9], writer.Framed.ToArray());
    }

    [Fact]
    public void A_message_is_completed_once()
    {
        using var writer = new MessageWriter();
        var twice = Marshallers.Create<string>(
            (_, context) =>
            {
                context.Complete([1]);
                context.Complete([2]);
            },
            _ => "");
        Assert.Throws<InvalidOperationException>(() => writer.Write(twice, "x"));
    }

    [Theory]
    [InlineData("gzip", 10_000)]
    [InlineData("deflate", 10_000)]
    [InlineData("gzip", 3_000_000)]
    public void A_compressed_message_is_flagged_and_comes_back(string encoding, int length)
    {
        ICompressionProvider provider = CompressionProviderSet.Default.Find(System.Text.Encoding.ASCII.GetBytes(encoding))!;
        byte[] message = new byte[length];
        using var writer = new MessageWriter();
        writer.Write(Arrays, message);
        writer.Compress(provider, CompressionLevel.Optimal);
        Assert.Equal(1, writer.Framed[0]);
        Assert.True(writer.MessageLength < length / 10);
        Assert.Equal(
            DecompressionResult.Done,
            MessageDecompressor.Decompress(
                provider, new ReadOnlySequence<byte>(writer.Framed[5..].ToArray()), -1, out byte[]? rented, out int plain, out _));
        Assert.True(rented.AsSpan(0, plain).SequenceEqual(message));
    }

    [Fact]
    public void An_empty_message_is_not_compressed_and_not_flagged()
    {
        using var writer = new MessageWriter();
        writer.Write(Arrays, Array.Empty<byte>());
        writer.Compress(CompressionProviderSet.Default.Find("gzip"u8)!, CompressionLevel.Optimal);
        Assert.Equal(new byte[5], writer.Framed.ToArray());
    }
}
