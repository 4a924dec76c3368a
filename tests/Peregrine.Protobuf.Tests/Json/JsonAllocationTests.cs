// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Tests.Messages;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

/// <summary>JSON allocates what it returns, and nothing on the way.</summary>
public sealed class JsonAllocationTests
{
    private static readonly Sample Scalars = new()
    {
        Id = -7,
        Ratio = 2.25,
        Name = "peregrine",
        Count = 3,
        Color = Color.Red,
        Level = Level.High,
        Size = 1L << 40,
        Required = 1,
    };

    [Fact]
    public void Formatting_allocates_the_string_only()
    {
        string json = JsonFormatter.Default.Format(Scalars);
        Assert.Equal(SizeOfString(json.Length), Allocated(() => JsonFormatter.Default.Format(Scalars)));
    }

    [Fact]
    public void Formatting_an_empty_message_allocates_nothing()
    {
        Sample empty = new();
        Assert.Equal(0, Allocated(() => JsonFormatter.Default.Format(empty)));
    }

    [Fact]
    public void Formatting_lists_of_numbers_allocates_the_string_only()
    {
        Sample lists = new() { Numbers = { Enumerable.Range(-50, 100) }, Loose = { 0, ulong.MaxValue }, Levels = { Level.Low, Level.High } };
        string json = JsonFormatter.Default.Format(lists);
        Assert.Equal(SizeOfString(json.Length), Allocated(() => JsonFormatter.Default.Format(lists)));
    }

    [Fact]
    public void Parsing_allocates_the_message_and_its_texts_only()
    {
        string json = JsonFormatter.Default.Format(Scalars);
        long message = Allocated(static () => new Sample { Size = 1 });
        Assert.Equal(message + SizeOfString("peregrine".Length), Allocated(() => JsonParser.Default.Parse<Sample>(json)));
    }

    // An object header, the table of methods, the length, the characters and the zero behind them, in whole words.
    private static long SizeOfString(int length) => (8 + 8 + 4 + ((length + 1) * 2) + 7) / 8 * 8;

    private static long Allocated(Func<object> run)
    {
        // What is made at the first use, and code that is not yet compiled for good, is not counted: the least of several runs is.
        long least = long.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive(run());
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
