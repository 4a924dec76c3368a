// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Differencing;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Dynamic;
using Peregrine.Protobuf.Tests.Messages;
using Xunit;

namespace Peregrine.Protobuf.Tests.Differencing;

public class MessageDifferencerTests
{
    private static readonly string Name = Sample.Descriptor.FullName;

    private static string[] Lines(MessageDifferencer differencer, IMessage left, IMessage right)
    {
        IReadOnlyList<FieldDifference> found = differencer.Compare(left, right);
        Assert.Equal(found.Count == 0, differencer.AreEqual(left, right));
        Assert.Equal(found.Count, differencer.Compare(right, left).Count);
        return [.. found.Select(difference => difference.ToString())];
    }

    [Fact]
    public void Differences_are_told_by_path_in_the_order_of_numbers()
    {
        Sample left = Samples.Full();
        Sample right = Samples.Full();
        right.Id = 5;
        right.Name = "a\n\"b\"";
        right.Data = ByteString.CopyFrom(1);
        right.ClearCount();
        right.Color = Color.Red;
        right.Child!.Id = 9;
        right.Numbers[1] = 8;
        right.Numbers.RemoveAt(4);
        right.Words.Add("d");
        right.Children[1].Id = 0;
        right.Counts["two"] = 2;
        right.Counts.Remove("");
        right.Named[7].Required = 5;
        right.Text = "t";
        right.Wrapped = null;
        right.SetExtension(SampleExtensions.Weight, 3);
        ((IMessage)right).UnknownFields = ((IMessage)Sample.Parser.ParseFrom([0xF8, 7, 1, 0xA8, 1, 1])).UnknownFields;
        Assert.Equal(
            [
                "changed: id: -1 -> 5",
                "changed: name: \"näme ☺ 😈\" -> \"a\\n\\\"b\\\"\"",
                "removed: count: 0",
                "changed: data: 0x0001FF -> 0x01",
                "changed: color: 77 -> COLOR_RED",
                "added: child.id: 9",
                "changed: numbers[1]: -1 -> 8",
                "removed: numbers[4]: -2147483648",
                "added: words[3]: \"d\"",
                "removed: children[1].id: 300",
                "removed: counts[\"\"]: 0",
                "added: counts[\"two\"]: 2",
                "changed: named[7].required: 4 -> 5",
                "added: text: \"t\"",
                "removed: inner: { \"x\": 9 }",
                "removed: wrapped: 0",
                $"added: ({SampleReflection.Descriptor.Package}.weight): 3",
                "added: (unknown fields): 0xF80701",
            ],
            Lines(new MessageDifferencer(), left, right).Select(line => line.Replace("{\"x\":9}", "{ \"x\": 9 }", StringComparison.Ordinal)));
    }

    [Fact]
    public void Equal_messages_have_no_difference_generated_or_dynamic()
    {
        Sample full = Samples.Full();
        DynamicMessage dynamic = DynamicMessage.ParserOf(Sample.Descriptor).ParseFrom(full.ToByteArray());
        MessageDifferencer differencer = new();
        Assert.Empty(Lines(differencer, full, Samples.Full()));
        Assert.Empty(Lines(differencer, full, dynamic));
        dynamic["level"] = (int)Level.Low;
        Assert.Equal(["changed: level: HIGH -> LOW"], Lines(differencer, full, dynamic));
    }

    [Fact]
    public void No_difference_is_equality_for_any_message()
    {
        MessageDifferencer differencer = new();
        for (int seed = 0; seed < 30; seed++)
        {
            RandomSchema schema = new(seed);
            foreach (MessageDescriptor type in schema.CreateFile().MessageTypes)
            {
                DynamicMessage one = new(type);
                DynamicMessage other = new(type);
                schema.Fill(one);
                schema.Fill(other);
                Assert.Empty(differencer.Compare(one, one.Clone()));
                Assert.Equal(one.Equals(other), differencer.AreEqual(one, other));
                Assert.Equal(one.Equals(other), differencer.Compare(one, other).Count == 0);
            }
        }
    }

    [Fact]
    public void Fields_and_unknown_fields_can_be_ignored()
    {
        Sample left = new() { Id = 1, Child = new Sample { Id = 2, Required = 1 } };
        Sample right = new() { Id = 3, Child = new Sample { Id = 4, Required = 1 } };
        right.SetExtension(SampleExtensions.Weight, 3);
        ((IMessage)right).UnknownFields = ((IMessage)Sample.Parser.ParseFrom([0xF8, 7, 1, 0xA8, 1, 1])).UnknownFields;
        MessageDifferencer differencer = new() { IgnoreUnknownFields = true };
        differencer.IgnoredFields.Add(Name + ".id");
        differencer.IgnoredFields.Add(SampleReflection.Descriptor.Package + ".weight");
        Assert.Empty(Lines(differencer, left, right));
    }

    [Fact]
    public void Lists_can_be_compared_as_sets_in_which_each_element_counts()
    {
        Sample left = new() { Words = { "a", "b", "b" }, Children = { new Sample { Id = 1 }, new Sample { Id = 2 } } };
        Sample right = new() { Words = { "b", "a", "a" }, Children = { new Sample { Id = 2 }, new Sample { Id = 1 } } };
        MessageDifferencer differencer = new();
        differencer.UnorderedFields.Add(Name + ".words");
        Assert.Equal(["removed: words[2]: \"b\"", "added: words[2]: \"a\"", "changed: children[0].id: 1 -> 2", "changed: children[1].id: 2 -> 1"], Lines(differencer, left, right));
        differencer.IgnoreOrder = true;
        Assert.Equal(2, Lines(differencer, left, right).Length);
        right.Words[2] = "b";
        Assert.Empty(Lines(differencer, left, right));
    }

    [Fact]
    public void Numbers_can_be_compared_with_a_tolerance()
    {
        MessageDifferencer differencer = new();
        Assert.Equal(["changed: ratio: 1 -> 1.001"], Lines(differencer, new Sample { Ratio = 1 }, new Sample { Ratio = 1.001 }));
        differencer.ToleratedFraction = 0.01;
        Assert.Empty(Lines(differencer, new Sample { Ratio = 1 }, new Sample { Ratio = 1.001 }));
        Assert.Empty(Lines(differencer, new Sample { Ratio = double.NaN }, new Sample { Ratio = double.NaN }));
        Assert.Single(Lines(differencer, new Sample { Ratio = double.PositiveInfinity }, new Sample { Ratio = 1 }));
        Assert.Single(Lines(differencer, new Sample { Ratio = 1 }, new Sample { Ratio = 1.1 }));
        differencer.ToleratedMargin = 0.2;
        Assert.Empty(Lines(differencer, new Sample { Ratio = 1 }, new Sample { Ratio = 1.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => differencer.ToleratedMargin = double.NaN);
        Assert.Throws<ArgumentOutOfRangeException>(() => differencer.ToleratedFraction = -1);
    }

    [Fact]
    public void A_default_can_count_as_unset()
    {
        MessageDifferencer differencer = new();
        Assert.Equal(["added: count: 7", "added: level: LOW"], Lines(differencer, new Sample(), new Sample { Count = 7, Level = Level.Low }));
        differencer.TreatDefaultAsUnset = true;
        Assert.Empty(Lines(differencer, new Sample(), new Sample { Count = 7, Level = Level.Low }));
    }

    [Fact]
    public void Extensions_of_other_files_are_ignored_by_a_name_that_the_registry_knows()
    {
        Sample left = new();
        Sample right = new();
        left.SetExtension(OtherExtensions.Height, 1);
        right.SetExtension(OtherExtensions.Height, 2);
        MessageDifferencer differencer = new() { IgnoredFields = { "peregrine.tests.height" } };
        Assert.Equal(["changed: (110): 1 -> 2"], Lines(differencer, left, right));
        differencer.TypeRegistry = TypeRegistry.FromFiles(OtherReflection.Descriptor);
        Assert.Empty(Lines(differencer, left, right));
        differencer.IgnoredFields.Clear();
        Assert.Equal(["changed: (peregrine.tests.height): 1 -> 2"], Lines(differencer, left, right));
    }

    [Fact]
    public void An_entry_whose_wrapper_is_null_is_not_one_that_is_absent()
    {
        MessageDifferencer differencer = new();
        NullableValues left = new() { ByName = { ["a"] = null, ["b"] = null, ["c"] = 1 } };
        NullableValues right = new() { ByName = { ["b"] = null, ["c"] = null, ["d"] = null } };
        Assert.Equal(
            ["removed: by_name[\"a\"]: unset", "changed: by_name[\"c\"]: 1 -> unset", "added: by_name[\"d\"]: unset"],
            Lines(differencer, left, right));
        Assert.Empty(Lines(differencer, left, left.Clone()));
    }

    [Fact]
    public void Other_types_and_endless_messages_are_refused()
    {
        MessageDifferencer differencer = new();
        Assert.Throws<ArgumentException>(() => differencer.Compare(new Sample(), new Sample.Types.Point()));
        Sample cycle = new();
        cycle.Child = cycle;
        Sample other = new();
        other.Child = other;

        // A small stack is soon used up: unwinding a large one takes seconds.
        Exception? refused = null;
        Thread thread = new(() => refused = Record.Exception(() => differencer.AreEqual(cycle, other)), 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(refused);
    }
}
