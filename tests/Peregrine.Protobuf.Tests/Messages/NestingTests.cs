// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>What a program builds has no depth limit; without checks each of these ends the process.</summary>
public class NestingTests
{
    [Fact]
    public void Serializing_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().ToByteArray());

    [Fact]
    public void Writing_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() =>
        {
            WireWriter writer = new(new ArrayBufferWriter<byte>());
            ((IMessage)Cycle()).WriteTo(ref writer);
        });

    [Fact]
    public void Copying_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().Clone());

    [Fact]
    public void Merging_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().MergeFrom(Cycle()));

    [Fact]
    public void Comparing_messages_that_contain_themselves_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().Equals(Cycle()));

    [Fact]
    public void Hashing_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().GetHashCode());

    [Fact]
    public void Checking_required_fields_of_a_message_that_contains_itself_is_an_error() =>
        Assert.Throws<InvalidOperationException>(() => Cycle().IsInitialized());

    [Fact]
    public void Cycles_through_lists_maps_and_groups_are_errors_too()
    {
        Sample inList = new() { Required = 1 };
        inList.Children.Add(inList);
        Assert.Throws<InvalidOperationException>(() => inList.ToByteArray());
        Assert.Throws<InvalidOperationException>(() => inList.Clone());
        Sample inMap = new() { Required = 1 };
        inMap.Named[0] = inMap;
        Assert.Throws<InvalidOperationException>(() => inMap.ToByteArray());
        Assert.Throws<InvalidOperationException>(() => inMap.Clone());
        Sample inExtension = new() { Required = 1 };
        inExtension.SetExtension(ExtensionTests.Child, inExtension);
        Assert.Throws<InvalidOperationException>(() => inExtension.ToByteArray());
        Assert.Throws<InvalidOperationException>(() => inExtension.Clone());
    }

    [Fact]
    public void A_chain_of_thousands_is_serialized_though_no_reader_takes_it_by_default()
    {
        Sample message = new() { Required = 1 };
        for (int i = 0; i < 1500; i++)
        {
            message = new Sample { Required = 1, Child = message };
        }

        byte[] bytes = message.ToByteArray();
        Assert.Equal(message, message.Clone());
        Assert.Throws<InvalidProtocolBufferException>(() => Sample.Parser.ParseFrom(bytes));
        using CodedInputStream input = CodedInputStream.CreateWithLimits(new MemoryStream(bytes), int.MaxValue, 1501);
        Assert.Equal(message, Sample.Parser.ParseFrom(input));
    }

    private static Sample Cycle()
    {
        Sample message = new() { Required = 1 };
        message.Child = message;
        return message;
    }
}
