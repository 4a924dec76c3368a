// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.InteropServices;
using Peregrine.Transport;

namespace Peregrine.Tests.Transport;

public class AssemblyBufferTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5_000, 7)]
    [InlineData(32 * 1024, 16_384)]
    [InlineData((32 * 1024) + 1, 16_384)]
    [InlineData((1024 * 1024) + 5, 65_536)]
    [InlineData(5_000_000, 16_384)]
    [InlineData(5_000_000, 4_000_000)]
    public void A_message_that_came_in_pieces_is_whole(int length, int piece)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var buffer = new AssemblyBuffer();
        for (var run = 0; run < 2; run++)
        {
            for (var from = 0; from < length; from += piece)
            {
                Assert.Equal(from, buffer.Length);
                buffer.Append(content.AsSpan(from, Math.Min(piece, length - from)), length);
            }

            Assert.True(buffer.TakeWhole().ToArray().AsSpan().SequenceEqual(content));
            buffer.Clear();
            Assert.Equal(0, buffer.Length);
        }
    }

    [Fact]
    public void A_message_of_no_bytes_has_no_block() => Assert.True(default(AssemblyBuffer).TakeWhole().IsEmpty);

    [Theory]
    [InlineData(1, 32 * 1024)]
    [InlineData(40_000, 64 * 1024)]
    [InlineData(1_000_000, 1024 * 1024)]
    [InlineData(3_000_000, (3 * 1024 * 1024) + (64 * 1024))]
    public void What_is_held_grows_with_what_came_and_not_with_what_was_announced(int came, int largest)
    {
        var buffer = new AssemblyBuffer();
        buffer.Append(new byte[came], int.MaxValue);
        Assert.InRange(Blocks(buffer.TakeWhole()).Sum(block => block.Length), came, largest);
        buffer.Clear();
    }

    [Fact]
    public void Blocks_go_back_to_the_pool()
    {
        var buffer = new AssemblyBuffer();
        buffer.Append(new byte[100_000], 100_000);
        var blocks = Blocks(buffer.TakeWhole());
        buffer.Clear();
        var next = ArrayPool<byte>.Shared.Rent(blocks[^1].Length);
        Assert.Same(blocks[^1], next);
        ArrayPool<byte>.Shared.Return(next);
    }

    private static List<byte[]> Blocks(ReadOnlySequence<byte> sequence)
    {
        var blocks = new List<byte[]>();
        foreach (var block in sequence)
        {
            Assert.True(MemoryMarshal.TryGetArray(block, out var array));
            blocks.Add(array.Array!);
        }

        return blocks;
    }
}
