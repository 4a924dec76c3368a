// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Bench;
using Xunit;

namespace Peregrine.Cli.Tests.Bench;

public sealed class MessageCounterTests
{
    // Of 3, 0, 300 and 1 octets; the second is marked as compressed.
    private static readonly byte[] Messages =
    [
        0, 0, 0, 0, 3, 1, 2, 3,
        1, 0, 0, 0, 0,
        0, 0, 0, 1, 44, .. new byte[300],
        0, 0, 0, 0, 1, 9,
    ];

    [Fact]
    public void Messages_are_counted_however_they_are_cut_in_two()
    {
        for (int cut = 0; cut <= Messages.Length; cut++)
        {
            MessageCounter counter = default;
            int count = counter.Feed(Messages.AsSpan(0, cut), out long bytes);
            count += counter.Feed(Messages.AsSpan(cut), out long more);
            Assert.Equal((4, 304), (count, bytes + more));
            Assert.False(counter.IsInside);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Messages_are_counted_however_small_the_pieces(int size)
    {
        MessageCounter counter = default;
        int count = 0;
        long bytes = 0;
        for (int i = 0; i < Messages.Length; i += size)
        {
            count += counter.Feed(Messages.AsSpan(i, Math.Min(size, Messages.Length - i)), out long more);
            bytes += more;
        }

        Assert.Equal((4, 304), (count, bytes));
    }

    [Fact]
    public void A_message_that_is_not_whole_is_noticed()
    {
        MessageCounter counter = default;
        Assert.Equal(0, counter.Feed([0, 0], out _));
        Assert.True(counter.IsInside);
        Assert.Equal(0, counter.Feed([0, 0, 2, 1], out _));
        Assert.True(counter.IsInside);
        Assert.Equal(1, counter.Feed([1], out _));
        Assert.False(counter.IsInside);
    }
}
