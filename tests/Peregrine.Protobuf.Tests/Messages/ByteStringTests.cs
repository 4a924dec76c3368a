// SPDX-License-Identifier: Apache-2.0
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class ByteStringTests
{
    [Fact]
    public void It_copies_what_it_is_made_from()
    {
        byte[] source = [1, 2, 3];
        ByteString copy = ByteString.CopyFrom(source);
        ByteString wrapped = UnsafeByteOperations.UnsafeWrap(source);
        Assert.Equal(copy, wrapped);
        source[0] = 9;
        Assert.Equal(1, copy[0]);
        Assert.Equal(9, wrapped[0]);
        Assert.True(copy != wrapped);
        Assert.Equal([2, 3], ByteString.CopyFrom(source, 1, 2).ToByteArray());
    }

    [Fact]
    public async Task It_converts_to_and_from_text_and_streams()
    {
        ByteString bytes = ByteString.CopyFromUtf8("ä☺");
        Assert.Equal("ä☺", bytes.ToStringUtf8());
        Assert.Equal(bytes, ByteString.FromBase64(bytes.ToBase64()));
        using MemoryStream stream = new();
        bytes.WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(bytes, await ByteString.FromStreamAsync(stream, TestContext.Current.CancellationToken));
        Assert.Equal(bytes.GetHashCode(), ByteString.CopyFromUtf8("ä☺").GetHashCode());
        Assert.Same(ByteString.Empty, ByteString.CopyFrom([]));
        Assert.Equal(5, bytes.Length);
    }

    [Fact]
    public void The_rest_of_a_stream_is_taken()
    {
        using MemoryStream stream = new([1, 2, 3, 4]);
        stream.Position = 1;
        Assert.Equal([2, 3, 4], ByteString.FromStream(stream).ToArray());
    }

    [Fact]
    public void Slices_share_the_memory()
    {
        byte[] memory = [0, 1, 2, 3, 4];
        ByteString bytes = UnsafeByteOperations.UnsafeWrap(memory);
        ByteString slice = bytes[1..4];
        Assert.Equal(new byte[] { 1, 2, 3 }, slice);
        memory[2] = 9;
        Assert.Equal(new byte[] { 1, 9, 3 }, slice);
        Assert.Same(bytes, bytes.Slice(0));
        Assert.Same(ByteString.Empty, bytes.Slice(5));
        Assert.Equal(new byte[] { 4 }, bytes.Slice(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Slice(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Slice(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => bytes.Slice(2, 4));
    }

    [Fact]
    public void Segments_become_one_piece_on_every_split()
    {
        byte[] bytes = [1, 2, 3, 4, 5];
        foreach ((_, System.Buffers.ReadOnlySequence<byte> sequence) in SplitSequences.Of(bytes))
        {
            Assert.Equal(bytes, ByteString.CopyFrom(sequence));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_rest_of_a_stream_is_read_and_written(bool seekable)
    {
        byte[] bytes = [.. Enumerable.Range(0, 10_000).Select(static i => (byte)i)];
        Assert.Equal(bytes[3..], ByteString.FromStream(Rest()));
        ByteString read = await ByteString.FromStreamAsync(Rest(), TestContext.Current.CancellationToken);
        Assert.Equal(bytes[3..], read);
        using MemoryStream written = new();
        await read.WriteToAsync(written, TestContext.Current.CancellationToken);
        Assert.Equal(bytes[3..], written.ToArray());
        Assert.Same(ByteString.Empty, ByteString.FromStream(new MemoryStream()));

        Stream Rest()
        {
            MemoryStream memory = new(bytes) { Position = 3 };
            return seekable ? memory : new System.IO.Compression.BrotliStream(Compressed(), System.IO.Compression.CompressionMode.Decompress);
        }

        MemoryStream Compressed()
        {
            MemoryStream result = new();
            using (System.IO.Compression.BrotliStream brotli = new(result, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            {
                brotli.Write(bytes, 3, bytes.Length - 3);
            }

            result.Position = 0;
            return result;
        }
    }

    [Fact]
    public void Bytes_are_copied_to_a_span_and_read_as_fields()
    {
        ByteString bytes = ByteString.CopyFrom(9, 8, 150, 1)[1..];
        byte[] target = new byte[4];
        bytes.CopyTo(target.AsSpan(1));
        Assert.Equal([0, 8, 150, 1], target);
        Assert.Throws<ArgumentException>(() => bytes.CopyTo(new byte[2].AsSpan()));
        CodedInputStream input = bytes.CreateCodedInput();
        Assert.Equal(8u, input.ReadTag());
        Assert.Equal(150, input.ReadInt32());
        Assert.True(input.IsAtEnd);
    }
}
