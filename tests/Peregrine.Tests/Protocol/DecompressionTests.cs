// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Peregrine.Compression;
using Peregrine.TestKit;

namespace Peregrine.Tests.Protocol;

public class DecompressionTests
{
    private static readonly GzipCompressionProvider Gzip = new(CompressionLevel.Fastest);
    private static readonly DeflateCompressionProvider Deflate = new(CompressionLevel.Fastest);

    [Fact]
    public void The_limit_applies_to_the_decompressed_size_exactly()
    {
        byte[] compressed = Compress(Gzip, new byte[1000]);
        Assert.Equal(DecompressionResult.Done, Decompress(Gzip, compressed, 1000, out int length));
        Assert.Equal(1000, length);
        Assert.Equal(DecompressionResult.TooLarge, Decompress(Gzip, compressed, 999, out _));
    }

    [Fact]
    public void A_bomb_costs_no_more_than_the_limit()
    {
        const int limit = 3 << 20;
        foreach (var (provider, most) in new (ICompressionProvider, int)[] { (Gzip, 1 << 20), (Deflate, 3 * limit) })
        {
            byte[] bomb = Compress(provider, new byte[200 * 1024 * 1024]);
            Assert.InRange(Allocated(() => Assert.Equal(DecompressionResult.TooLarge, Decompress(provider, bomb, limit, out _))), 0, most);
        }
    }

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(999, 1000)]
    [InlineData(1001, 1001)]
    [InlineData(1001, 1000)]
    [InlineData(uint.MaxValue, -1)]
    [InlineData(900_000_000, -1)]
    [InlineData(0, 999)]
    public void Gzip_that_lies_about_its_length_is_refused_and_takes_no_memory(uint length, int limit)
    {
        byte[] compressed = Compress(Gzip, new byte[1000]);
        BinaryPrimitives.WriteUInt32LittleEndian(compressed.AsSpan(^4..), length);
        Assert.InRange(Allocated(() => Assert.Equal(DecompressionResult.Malformed, Decompress(Gzip, compressed, limit, out _))), 0, 1 << 20);
    }

    [Fact]
    public void A_message_of_any_length_fills_what_was_made_for_it()
    {
        foreach (ICompressionProvider provider in new ICompressionProvider[] { Gzip, Deflate })
        {
            foreach (int length in new[] { 1, 15, 16, 17, 4095, 4096, 4097, 65_536, 1 << 20 })
            {
                byte[] message = new byte[length];
                new Random(length).NextBytes(message.AsSpan(length / 2));
                byte[] compressed = Compress(provider, message);
                foreach (int limit in new[] { length, length + 1, -1 })
                {
                    var result = MessageDecompressor.Decompress(provider, new(compressed), limit, out byte[]? rented, out int decompressed, out _);
                    Assert.True(result == DecompressionResult.Done && rented.AsSpan(0, decompressed).SequenceEqual(message), $"{provider.EncodingName}, {length} of {limit}");
                    ArrayPool<byte>.Shared.Return(rented!);
                }

                Assert.Equal(DecompressionResult.TooLarge, Decompress(provider, compressed, length - 1, out _));
            }
        }
    }

    [Fact]
    public void A_compressed_message_is_read_alike_over_every_split()
    {
        byte[] message = [.. Enumerable.Range(0, 500).Select(i => (byte)(i * i))];
        foreach ((string label, ReadOnlySequence<byte> bytes) in SplitSequences.Of(Compress(Deflate, message)))
        {
            var result = MessageDecompressor.Decompress(Deflate, bytes, 500, out byte[]? rented, out int length, out _);
            Assert.True(result == DecompressionResult.Done && rented.AsSpan(0, length).SequenceEqual(message), label);
        }
    }

    [Fact]
    public void Broken_data_is_malformed_not_a_crash()
    {
        byte[] compressed = Compress(Gzip, [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal(DecompressionResult.Malformed, Decompress(Gzip, [1, 2, 3], 100, out _));
        Assert.Equal(DecompressionResult.Malformed, Decompress(Deflate, compressed, 100, out _));
    }

    [Fact]
    public void No_bytes_are_an_empty_message_as_the_platforms_streams_compress_it()
    {
        Assert.Empty(Compress(Gzip, []));
        foreach (ICompressionProvider provider in new ICompressionProvider[] { Gzip, Deflate })
        {
            Assert.Equal(DecompressionResult.Done, Decompress(provider, [], 100, out int length));
            Assert.Equal(0, length);
        }
    }

    [Fact]
    public void Data_that_ends_too_early_is_malformed_at_every_length()
    {
        foreach (ICompressionProvider provider in new ICompressionProvider[] { Gzip, Deflate })
        {
            foreach (int length in new[] { 1, 8, 5000 })
            {
                byte[] message = new byte[length];
                new Random(length).NextBytes(message);
                byte[] compressed = Compress(provider, message);
                Assert.Equal(DecompressionResult.Done, Decompress(provider, compressed, length, out _));
                for (int cut = 1; cut < compressed.Length; cut++)
                {
                    Assert.True(
                        Decompress(provider, compressed[..cut], length, out _) == DecompressionResult.Malformed,
                        $"{provider.EncodingName}, cut at {cut} of {compressed.Length}");
                }
            }
        }
    }

    [Fact]
    public void Deflate_is_the_zlib_format()
    {
        using var raw = new MemoryStream();
        using (var deflate = new DeflateStream(raw, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(new byte[100]);
        }

        Assert.Equal(DecompressionResult.Malformed, Decompress(Deflate, raw.ToArray(), 1000, out _));
        Assert.Equal(0x78, Compress(Deflate, new byte[100])[0]); // RFC 1950: 32 KiB window, deflate
    }

    [Fact]
    public void Encodings_are_found_by_name_and_accept_lists_may_have_blanks()
    {
        Assert.Equal("identity,gzip,deflate", CompressionProviderSet.Default.AcceptEncoding);
        Assert.Null(CompressionProviderSet.Default.Find("br"u8));
        Assert.Equal("gzip", CompressionProviderSet.Default.Find("gzip"u8)!.EncodingName);
        Assert.True(CompressionProviderSet.IsIdentity("identity"u8));
        Assert.True(CompressionProviderSet.IsIdentity(""u8));
        Assert.True(CompressionProviderSet.IsAccepted("identity, deflate ,gzip"u8, "deflate"));
        Assert.False(CompressionProviderSet.IsAccepted("identity,gzipped"u8, "gzip"));
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static byte[] Compress(ICompressionProvider provider, byte[] data)
    {
        using var target = new MemoryStream();
        using (Stream compressor = provider.CreateCompressionStream(target, null))
        {
            compressor.Write(data);
        }

        return target.ToArray();
    }

    private static DecompressionResult Decompress(ICompressionProvider provider, byte[] data, int limit, out int length)
    {
        DecompressionResult result = MessageDecompressor.Decompress(
            provider, new ReadOnlySequence<byte>(data), limit, out byte[]? rented, out length, out _);
        Assert.Equal(result == DecompressionResult.Done, rented is not null);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return result;
    }
}
