// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class SampleRoundTripTests
{
    [Fact]
    public void A_full_message_survives_every_split()
    {
        Sample message = Samples.Full();
        byte[] bytes = message.ToByteArray();
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(bytes))
        {
            Sample parsed = Sample.Parser.ParseFrom(input);
            Assert.True(message.Equals(parsed), label);
            Assert.Equal(message.GetHashCode(), parsed.GetHashCode());
            Assert.Equal(bytes, parsed.ToByteArray());
        }
    }

    [Fact]
    public void All_ways_to_write_give_the_same_bytes()
    {
        Sample message = Samples.Full();
        message.Words.AddRange(Enumerable.Range(0, 20_000).Select(i => $"word {i}"));
        byte[] bytes = message.ToByteArray();
        ArrayBufferWriter<byte> blocks = new();
        message.WriteTo(blocks);
        Assert.Equal(bytes, blocks.WrittenSpan.ToArray());
        using MemoryStream stream = new();
        message.WriteTo(stream);
        Assert.Equal(bytes, stream.ToArray());
        byte[] exact = new byte[bytes.Length];
        message.WriteTo(exact.AsSpan());
        Assert.Equal(bytes, exact);
        using MemoryStream coded = new();
        using (CodedOutputStream output = new(coded, leaveOpen: true))
        {
            output.WriteTag(1, Peregrine.Protobuf.Wire.WireType.LengthDelimited);
            output.WriteMessage(message);
        }

        CodedInputStream input = new(coded.ToArray());
        Assert.Equal(10u, input.ReadTag());
        Sample copy = new();
        input.ReadMessage(copy);
        Assert.Equal(message, copy);
        Assert.True(input.IsAtEnd);
    }

    [Fact]
    public void Delimited_messages_follow_each_other_in_a_stream()
    {
        using MemoryStream stream = new();
        Samples.Full().WriteDelimitedTo(stream);
        new Sample { Required = 8 }.WriteDelimitedTo(stream);
        stream.Position = 0;
        Assert.Equal(Samples.Full(), Sample.Parser.ParseDelimitedFrom(stream));
        Assert.Equal(8, Sample.Parser.ParseDelimitedFrom(stream).Required);
        Assert.Throws<InvalidProtocolBufferException>(() => Sample.Parser.ParseDelimitedFrom(stream));
    }

    [Fact]
    public void A_clone_is_equal_and_independent()
    {
        Sample message = Samples.Full();
        message.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { X = 3 });
        Sample clone = message.Clone();
        Assert.Equal(message, clone);
        clone.Child!.Id++;
        clone.Named[7].Id++;
        clone.GetExtension(SampleExtensions.Origin)!.X++;
        Assert.Equal(0, message.Child!.Id);
        Assert.Equal(0, message.Named[7].Id);
        Assert.Equal(3, message.GetExtension(SampleExtensions.Origin)!.X);
    }

    [Fact]
    public void Merging_objects_is_merging_their_bytes()
    {
        Sample left = Samples.Full();
        Sample right = new() { Required = 50, Child = new Sample { Id = 5 }, Inner = new Sample.Types.Point { Y = 1 } };
        right.Words.Add("last");
        Sample merged = left.Clone();
        merged.MergeFrom(right);
        // The nested message of the second lacks its required field: only the result of merging is complete.
        byte[] bytes = [.. left.ToByteArray(), .. right.ToByteArray()];
        Sample parsed = Sample.Parser.ParseFrom(bytes);
        Assert.Equal(merged, parsed);
        Assert.Equal(9, parsed.Inner!.X);
        Assert.Equal(1, parsed.Inner.Y);
    }

    [Fact]
    public void Any_message_survives_its_serialization()
    {
        Prop.ForAll<int, double, int[]>((id, ratio, numbers) =>
        {
            Sample message = new() { Id = id, Ratio = ratio, Required = id, Size = (long)id << 31, Numbers = { numbers ?? [] } };
            return message.Equals(Sample.Parser.ParseFrom(message.ToByteArray()));
        }).QuickCheckThrowOnFailure();
        Prop.ForAll<NonNull<string>, byte[], int>((text, data, key) =>
        {
            string valid = new([.. text.Get.Where(c => !char.IsSurrogate(c))]);
            Sample message = new()
            {
                Name = valid,
                Text = valid,
                Data = ByteString.CopyFrom(data ?? []),
                Required = 1,
                Words = { valid, valid },
                Counts = { [valid] = key },
                Named = { [key] = new Sample { Required = key, Legacy = valid } },
            };
            byte[] bytes = message.ToByteArray();
            return bytes.Length == message.CalculateSize() && message.Equals(Sample.Parser.ParseFrom(bytes));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task One_message_is_serialized_by_many_threads_at_once()
    {
        Sample message = Samples.Full();
        byte[] expected = message.ToByteArray();
        using Barrier start = new(4);
        byte[][][] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return Enumerable.Range(0, 2000).Select(_ => message.ToByteArray()).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.All(results.SelectMany(r => r), bytes => Assert.Equal(expected, bytes));
    }

    [Fact]
    public void Scalars_are_parsed_and_written_without_allocation()
    {
        Sample message = new() { Id = 1000, Ratio = 2.5, Count = -3, Color = Color.Red, Size = 1L << 40, Required = 9 };
        byte[] bytes = message.ToByteArray();
        byte[] output = new byte[bytes.Length];
        Sample target = new();
        Exercise(message, target, bytes, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Exercise(message, target, bytes, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(message, target);
        Assert.Equal(bytes, output);
    }

    private static void Exercise(Sample message, Sample target, byte[] bytes, byte[] output)
    {
        message.WriteTo(output.AsSpan());
        target.MergeFrom(bytes.AsSpan());
    }
}
