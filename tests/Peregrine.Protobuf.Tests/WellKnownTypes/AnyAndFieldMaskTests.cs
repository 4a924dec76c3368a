// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.WellKnown; // not ...WellKnownTypes, which would hide the namespace under test

public sealed class AnyAndFieldMaskTests
{
    [Fact]
    public void Any_packs_and_unpacks()
    {
        Any any = Any.Pack(new Duration { Seconds = 3 }, "example.com");
        Assert.Equal("example.com/google.protobuf.Duration", any.TypeUrl);
        Assert.True(any.Is(Duration.Descriptor));
        Assert.Equal(3, any.Unpack<Duration>().Seconds);
        Assert.True(any.TryUnpack(out Duration? duration));
        Assert.Equal(3, duration.Seconds);
        Assert.False(any.TryUnpack(out Timestamp? _));
        Assert.Throws<InvalidProtocolBufferException>(() => any.Unpack<Timestamp>());
        Assert.Equal(new Duration { Seconds = 3 }, any.Unpack(TypeRegistry.FromMessages(Duration.Descriptor)));
        Assert.Null(any.Unpack(TypeRegistry.Empty));
        Assert.Equal("", Any.GetTypeName("noslash"));
        Assert.Equal("a.b", Any.GetTypeName("x/y/a.b"));
    }

    [Fact]
    public void Nullable_values_wrap_and_unwrap()
    {
        Int32Value? none = (int?)null;
        Assert.Null(none);
        Assert.Null((int?)none);
        Int32Value? five = 5;
        Assert.Equal(5, (int?)five);
        StringValue? text = "x";
        Assert.Equal("x", (string?)text);
    }

    [Fact]
    public void Masks_are_checked_against_the_type()
    {
        Assert.True(FieldMask.IsValid<Sample>("child.point.x"));
        Assert.False(FieldMask.IsValid<Sample>("children.id"));
        Assert.False(FieldMask.IsValid<Sample>("id.x"));
        Assert.False(FieldMask.IsValid<Sample>(""));
        Assert.Equal(["id", "name"], FieldMask.FromFieldNumbers<Sample>(1, 3).Paths);
        Assert.Throws<ArgumentException>(() => FieldMask.FromFieldNumbers<Sample>(99));
        Assert.Throws<InvalidProtocolBufferException>(() => FieldMask.FromString<Sample>("id,nope"));
    }

    [Fact]
    public void Masks_are_normalized_united_and_intersected()
    {
        Assert.Equal(["a", "b.c"], FieldMask.FromString("b.c,a.x,a,a.y").Normalize().Paths);
        Assert.Equal(["a", "b"], FieldMask.FromString("a.x").Union(FieldMask.FromString("b"), FieldMask.FromString("a")).Paths);
        Assert.Equal(["a.x", "c"], FieldMask.FromString("a,c.d,c").Intersection(FieldMask.FromString("a.x,b,c")).Paths);
        Assert.Empty(new FieldMask().Intersection(FieldMask.FromString("a")).Paths);
        Assert.Throws<ArgumentException>(() => FieldMask.FromString(string.Join('.', Enumerable.Repeat("a", 1000))).Normalize());
    }

    [Fact]
    public void A_merge_copies_what_the_mask_names_and_shares_nothing()
    {
        Sample source = new() { Id = 1, Name = "n", Child = new Sample { Id = 2, Words = { "w" } }, Words = { "s" }, Counts = { ["k"] = 1 } };
        Sample destination = new() { Name = "d", Words = { "d" } };
        FieldMask.FromString("id,child.id,words,counts,no_such").Merge(source, destination);
        Assert.Equal(new Sample { Id = 1, Name = "d", Child = new Sample { Id = 2 }, Words = { "d", "s" }, Counts = { ["k"] = 1 } }, destination);

        FieldMask.FromString("words,child").Merge(source, destination, new FieldMask.MergeOptions { ReplaceRepeatedFields = true, ReplaceMessageFields = true });
        Assert.Equal(["s"], destination.Words);
        Assert.Equal(source.Child, destination.Child);
        Assert.NotSame(source.Child, destination.Child);
    }

    [Fact]
    public void A_mask_that_merges_a_message_into_itself_doubles_its_lists_or_leaves_them()
    {
        Sample message = new() { Words = { "a", "b" }, Counts = { ["k"] = 1 } };
        FieldMask.FromString("words,counts").Merge(message, message);
        Assert.Equal(new Sample { Words = { "a", "b", "a", "b" }, Counts = { ["k"] = 1 } }, message);
        FieldMask.FromString("words,counts").Merge(message, message, new FieldMask.MergeOptions { ReplaceRepeatedFields = true });
        Assert.Equal(4, message.Words.Count);
    }

    [Theory]
    [InlineData("id,child", "child.id", "child.BUT_ID,id")]
    [InlineData("id,child.id,child.name", "child", "id")]
    [InlineData("child.id", "child.id", "")]
    [InlineData("child.child.id,id", "child.child.id", "id")]
    [InlineData("id", "name,id.x,nope", "id")]
    [InlineData("", "id", "")]
    public void A_mask_without_another_names_what_the_other_does_not(string mask, string other, string expected)
    {
        string parts = string.Join(",", Sample.Descriptor.Fields.InDeclarationOrder().Where(field => field.Name != "id").Select(field => "child." + field.Name));
        expected = expected.Replace("child.BUT_ID", parts, StringComparison.Ordinal);
        FieldMask found = FieldMask.FromString(mask).Subtraction(FieldMask.FromString(other), Sample.Descriptor);
        Assert.Equal(FieldMask.FromString(expected).Normalize(), found);
    }

    [Fact]
    public void A_difference_that_would_be_many_times_as_large_as_the_masks_is_refused()
    {
        DescriptorProto tree = new() { Name = "M" };
        for (int i = 0; i < 2000; i++)
        {
            tree.Field.Add(new FieldDescriptorProto { Name = i == 0 ? "child" : $"f{i}", Number = i + 20_000, Type = FieldDescriptorProto.Types.Type.Message, TypeName = "M" });
        }

        MessageDescriptor type = DescriptorBuilder.Build(new FileDescriptorProto { Name = "m", MessageType = { tree } }, []).MessageTypes[0];
        FieldMask whole = FieldMask.FromString("child");

        // Each part of the path would leave all the other fields of its message.
        FieldMask other = FieldMask.FromString(string.Join('.', Enumerable.Repeat("child", 60)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        ArgumentException e = Assert.Throws<ArgumentException>(() => whole.Subtraction(other, type));
        Assert.Contains("reasonable size", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
        Assert.Equal(1999, whole.Subtraction(FieldMask.FromString("child.child"), type).Paths.Count);
    }

    [Fact]
    public void Trimming_keeps_what_the_mask_names()
    {
        Sample message = Samples.Full();
        message.Child!.Id = 6;
        FieldMask.FromString("words,child.id,inner,nope").Trim(message);
        Assert.Equal(new Sample { Words = { "", "a", "bc" }, Child = new Sample { Id = 6 }, Inner = new Sample.Types.Point { X = 9 } }, message);
        message = Samples.Full();
        FieldMask.FromString("id").Trim(message, keepRequiredFields: true);
        Assert.Equal(new Sample { Id = -1, Required = 5 }, message);
        message = Samples.Full();
        new FieldMask().Trim(message);
        Assert.Equal(Samples.Full(), message);
        DynamicMessage dynamic = DynamicMessage.ParserOf(Sample.Descriptor).ParseFrom(Samples.Full().ToByteArray());
        FieldMask.FromString("id").Trim(dynamic);
        Assert.Equal(new Sample { Id = -1 }.ToByteArray(), dynamic.ToByteArray());
    }
}
