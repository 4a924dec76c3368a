// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

public sealed class StreamTableTests
{
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 100)]
    [InlineData(3, 1000)]
    public void A_table_finds_what_was_added_and_not_removed_whatever_stays_open_for_long(int seed, int mostOpen)
    {
        Random random = new(seed);
        StreamTable table = new();
        List<Http2Stream> open = [];
        int nextId = 1;
        for (int step = 0; step < 20_000; step++)
        {
            if (open.Count == 0 || (open.Count < mostOpen && random.Next(2) == 0))
            {
                Http2Stream stream = new() { Id = nextId };
                nextId += random.Next(8) == 0 ? 6 : 2;
                table.Add(stream);
                open.Add(stream);
            }
            else
            {
                // Mostly the youngest, so that some become very old and others must go around them.
                int place = random.Next(4) == 0 ? random.Next(open.Count) : open.Count - 1;
                table.Remove(open[place].Id);
                Assert.Null(table.Find(open[place].Id));
                open.RemoveAt(place);
            }

            Assert.Equal(open.Count, table.Count);
            if (step % 16 == 0)
            {
                Assert.All(open, stream => Assert.Same(stream, table.Find(stream.Id)));
            }
        }
    }

    [Fact]
    public void Removing_a_number_that_is_not_there_changes_nothing()
    {
        StreamTable table = new();
        Http2Stream stream = new() { Id = 3 };
        table.Add(stream);
        table.Remove(5);
        table.Remove(3 + 16);
        Assert.Same(stream, table.Find(3));
        Assert.Equal(1, table.Count);
    }
}
