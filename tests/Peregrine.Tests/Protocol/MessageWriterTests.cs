// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
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
        ReadOnlyMemory<byte> first = writer.Detach(out byte[] rented);
        writer.Write(Arrays, [4]);
        Assert.Equal([0, 0, 0, 0, 3, 1, 2, 3], first.ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 4], writer.Framed.ToArray());
        ArrayPool<byte>.Shared.Return(rented);
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
    [InlineData("gzip")]
    [InlineData("deflate")]
    public void A_compressed_message_is_flagged_and_comes_back(string encoding)
    {
        ICompressionProvider provider = CompressionProviderSet.Default.Find(System.Text.Encoding.ASCII.GetBytes(encoding))!;
        byte[] message = new byte[10_000];
        using var writer = new MessageWriter();
        writer.Write(Arrays, message);
        writer.Compress(provider, CompressionLevel.Optimal);
        Assert.Equal(1, writer.Framed[0]);
        Assert.True(writer.MessageLength < 1000);
        Assert.Equal(
            DecompressionResult.Done,
            MessageDecompressor.Decompress(
                provider, new ReadOnlySequence<byte>(writer.Framed[5..].ToArray()), -1, out byte[]? rented, out int length, out _));
        Assert.Equal(message, rented.AsSpan(0, length).ToArray());
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
