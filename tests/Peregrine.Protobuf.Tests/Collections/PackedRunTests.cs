// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Collections;

/// <summary>Packed runs are read and written by loops of their own, eight small numbers at once: all mixtures agree with single values.</summary>
public class PackedRunTests
{
    private const uint Tag = (1 << 3) | (uint)WireType.LengthDelimited;

    [Fact]
    public void Runs_of_every_mixture_of_lengths_are_read_and_written_like_single_values()
    {
        Random random = new(7);
        for (int count = 1; count < 40; count++)
        {
            for (int widest = 1; widest <= 64; widest += widest < 8 ? 1 : 7)
            {
                long[] numbers = [.. Enumerable.Range(0, count).Select(_ => (long)((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - random.Next(1, widest + 1))))];
                Check<int, Int32Codec>([.. numbers.Select(number => (int)number)]);
                Check<uint, UInt32Codec>([.. numbers.Select(number => (uint)number)]);
                Check<long, Int64Codec>(numbers);
                Check<ulong, UInt64Codec>([.. numbers.Select(number => (ulong)number)]);
                Check<int, SInt32Codec>([.. numbers.Select(number => (int)number)]);
                Check<long, SInt64Codec>(numbers);
                Check<bool, BoolCodec>([.. numbers.Select(number => (number & 1) != 0)]);
                Check<DayOfWeek, EnumCodec<DayOfWeek>>([.. numbers.Select(number => (DayOfWeek)(int)number)]);
            }
        }
    }

    [Fact]
    public void A_run_is_read_on_every_split()
    {
        RepeatedField<long> numbers = [1, -1, 300, long.MinValue, 0, 5, 6, 7, 8, 9, 10, 11, 1L << 56, 127, 128];
        byte[] bytes = Write<long, Int64Codec>(numbers);
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(bytes))
        {
            WireReader reader = new(input);
            RepeatedField<long> read = [];
            read.ReadFrom<Int64Codec>(ref reader, reader.ReadTag());
            Assert.True(numbers.Equals(read), label);
            Assert.True(reader.IsAtLimit, label);
        }
    }

    [Theory]
    [InlineData("80")]
    [InlineData("0180")]
    [InlineData("010203040506070880")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("01FFFFFFFFFFFFFFFFFFFFFF0102030405060708")]
    public void A_number_without_an_end_is_refused(string run)
    {
        byte[] content = Convert.FromHexString(run);
        byte[] bytes = [(byte)Tag, (byte)content.Length, .. content];
        Assert.Throws<InvalidProtocolBufferException>(() =>
        {
            WireReader reader = new(bytes);
            new RepeatedField<long>().ReadFrom<Int64Codec>(ref reader, reader.ReadTag());
        });
    }

    [Fact]
    public void A_list_that_changes_between_measuring_and_writing_is_an_error()
    {
        RepeatedField<int> numbers = [1, 2, 3];
        byte[] bytes = new byte[numbers.PackedSize<Int32Codec>(1)];
        foreach (int changed in new[] { 1000, -1 })
        {
            numbers[1] = changed;
            Assert.Throws<InvalidOperationException>(() =>
            {
                WireWriter writer = new(bytes);
                numbers.WritePacked<Int32Codec>(ref writer, Tag);
            });
        }

        _ = numbers.PackedSize<Int32Codec>(1);
        numbers[1] = 0;
        Assert.Throws<InvalidOperationException>(() =>
        {
            WireWriter writer = new(new byte[100]);
            numbers.WritePacked<Int32Codec>(ref writer, Tag);
        });
    }

    private static void Check<T, TCodec>(T[] values)
        where TCodec : struct, IValueCodec<T>
    {
        RepeatedField<T> field = [.. values];
        byte[] bytes = Write<T, TCodec>(field);

        // The same, value by value.
        WireReader single = new(bytes);
        Assert.Equal(Tag, single.ReadTag());
        Assert.Equal(bytes.Length, single.ReadLength() + single.Position);
        foreach (T value in values)
        {
            Assert.Equal(value, TCodec.Read(ref single));
        }

        Assert.True(single.IsAtLimit);

        // Behind the run stands another field: it is not part of it.
        byte[] more = [.. bytes, 0x10, 0x01];
        WireReader reader = new(more);
        RepeatedField<T> read = [];
        read.ReadFrom<TCodec>(ref reader, reader.ReadTag());
        Assert.Equal(values, read);
        Assert.Equal(16u, reader.ReadTag());
    }

    private static byte[] Write<T, TCodec>(RepeatedField<T> field)
        where TCodec : struct, IValueCodec<T>
    {
        byte[] bytes = new byte[field.PackedSize<TCodec>(1)];
        WireWriter writer = new(bytes);
        field.WritePacked<TCodec>(ref writer, Tag);
        Assert.Equal(bytes.Length, writer.Position);
        return bytes;
    }
}
