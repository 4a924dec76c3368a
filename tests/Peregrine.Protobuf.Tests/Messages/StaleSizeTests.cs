// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>Lengths are taken from the last CalculateSize: one that no longer holds must not give corrupt output.</summary>
public class StaleSizeTests
{
    [Fact]
    public void A_nested_message_that_was_never_sized_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Write(new Sample { Child = new Sample { Id = 1 } }));

    [Fact]
    public void A_nested_message_that_grew_after_sizing_is_refused() =>
        AssertRefused(message => message.Child!.Id = 300_000);

    [Fact]
    public void A_nested_message_that_shrank_after_sizing_is_refused() =>
        AssertRefused(message => message.Named[7].Required = 0, message => message.Named[7].Required = 1000);

    [Fact]
    public void A_packed_field_that_changed_after_sizing_is_refused() =>
        AssertRefused(message => message.Numbers.Add(5));

    [Fact]
    public void A_group_needs_no_size()
    {
        Sample message = new() { Point = new Sample.Types.Point { X = 1 } };
        Assert.Equal("4B08014C", Convert.ToHexString(Write(message)));
    }

    private static void AssertRefused(Action<Sample> change, Action<Sample>? before = null)
    {
        Sample message = Samples.Full();
        before?.Invoke(message);
        _ = message.CalculateSize();
        _ = Write(message);
        change(message);
        Assert.Throws<InvalidOperationException>(() => Write(message));
        _ = message.CalculateSize();
        Assert.Equal(message, Sample.Parser.ParseFrom(Write(message)));
    }

    private static byte[] Write(Sample message)
    {
        ArrayBufferWriter<byte> output = new();
        WireWriter writer = new(output);
        ((IMessage)message).WriteTo(ref writer);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
