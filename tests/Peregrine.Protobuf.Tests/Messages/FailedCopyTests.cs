// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Differencing;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

/// <summary>What fails half-way leaves messages that are whole, and what does not fail loses nothing.</summary>
public class FailedCopyTests
{
    [Fact]
    public void A_list_holds_no_null_when_the_copy_of_an_element_failed()
    {
        Sample cycle = new() { Required = 1 };
        cycle.Child = cycle;
        Sample source = new() { Required = 1, Children = { new Sample { Required = 2 }, cycle } };
        Sample target = new() { Required = 1 };
        Assert.Throws<InvalidOperationException>(() => target.MergeFrom(source));
        Assert.Equal(2, Assert.Single(target.Children).Required);
        Assert.NotEmpty(target.ToByteArray());
    }

    [Fact]
    public void A_field_mask_merges_messages_of_any_depth_with_their_extensions()
    {
        Sample source = new() { Required = 1 };
        source.SetExtension(SampleExtensions.Weight, 5);
        for (int i = 0; i < 300; i++)
        {
            source = new Sample { Required = 1, Child = source };
        }

        Sample target = new();
        new FieldMask { Paths = { "child" } }.Merge(source, target);
        Assert.Equal(source.Child, target.Child);
        Assert.NotSame(source.Child, target.Child);
        Sample innermost = target;
        while (innermost.Child is { } child)
        {
            Assert.Null(((IMessage)innermost).UnknownFields);
            innermost = child;
        }

        Assert.Equal(5, innermost.GetExtension(SampleExtensions.Weight));
    }

    [Fact]
    public void Paths_of_missing_fields_and_of_differences_are_told_at_any_depth()
    {
        Sample left = new() { Required = 1 };
        Sample right = new() { Required = 1, Counts = { ["a b"] = 1 } };
        right.SetExtension(ExtensionTests.Child, new Sample());
        for (int i = 0; i < 300; i++)
        {
            left = i % 2 == 0 ? new Sample { Required = 1, Named = { [7] = left } } : new Sample { Required = 1, Children = { left } };
            right = i % 2 == 0 ? new Sample { Required = 1, Named = { [7] = right } } : new Sample { Required = 1, Children = { right } };
        }

        string path = string.Concat(Enumerable.Repeat("children[0].named[7].", 150));
        Assert.Equal(
            [path + "counts[\"a b\"]", path + "(114)"],
            new MessageDifferencer().Compare(left, right).Select(difference => difference.Path));
        using CodedInputStream input = CodedInputStream.CreateWithLimits(new MemoryStream(right.ToByteArray()), int.MaxValue, 1000);
        InvalidProtocolBufferException missing = Assert.Throws<InvalidProtocolBufferException>(
            () => Sample.Parser.WithExtensionRegistry([ExtensionTests.Child]).ParseFrom(input));
        Assert.Contains(path + "(114).required", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_groups_have_a_text_form_up_to_the_depth_of_messages()
    {
        Assert.Equal(100, TextOf(100).Split('{').Length - 1);
        Assert.Throws<InvalidOperationException>(() => TextOf(101));

        static string TextOf(int depth)
        {
            byte[] bytes = [0xA8, 1, 1, .. Enumerable.Repeat<byte[]>([0xFB, 7], depth).SelectMany(tag => tag), .. Enumerable.Repeat<byte[]>([0xFC, 7], depth).SelectMany(tag => tag)];
            using CodedInputStream input = CodedInputStream.CreateWithLimits(new MemoryStream(bytes), int.MaxValue, 1000);
            return TextFormatter.Default.Format(Sample.Parser.ParseFrom(input));
        }
    }

    [Fact]
    public void A_small_unknown_field_takes_little_memory()
    {
        // Elements of a Struct's list, each with the field 100 only.
        const int Count = 1000;
        byte[] input = [.. Enumerable.Repeat((byte[])[0x0A, 3, 0xA0, 6, 1], Count).SelectMany(element => element)];
        ListValue.Parser.ParseFrom(input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ListValue list = ListValue.Parser.ParseFrom(input);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count * 250);
        Assert.Equal(input, list.ToByteArray());
    }
}
