// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Peregrine.Protobuf.Collections;
using Xunit;

namespace Peregrine.Protobuf.Tests.Collections;

public class RepeatedFieldTests
{
    [Fact]
    public void It_is_a_list()
    {
        RepeatedField<int> list = [3, 1];
        list.Insert(1, 2);
        list.AddRange(new List<int> { 5, 4 });
        list.AddRange(Enumerable.Range(6, 2));
        Assert.Equal([3, 2, 1, 5, 4, 6, 7], list);
        list.Sort();
        Assert.True(list.Remove(5));
        Assert.False(list.Remove(50));
        list.RemoveAt(0);
        Assert.Equal([2, 3, 4, 6, 7], list.AsSpan().ToArray());
        Assert.Equal(2, list.IndexOf(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => list[5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RemoveAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Insert(6, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Capacity = 1);
        list.Clear();
        Assert.Empty(list);
    }

    [Fact]
    public void Adding_itself_doubles_it()
    {
        RepeatedField<string> list = ["a", "b"];
        list.AddRange(list);
        list.MergeFrom(list);
        Assert.Equal(8, list.Count);
    }

    [Fact]
    public void A_query_over_the_field_itself_can_be_added_to_it()
    {
        RepeatedField<int> list = [1, 2];
        list.AddRange(list.Select(i => i * 10));
        Assert.Equal([1, 2, 10, 20], list);
    }

    [Fact]
    public void Nothing_is_added_when_an_element_is_null()
    {
        RepeatedField<string> list = [];
        Assert.Throws<ArgumentNullException>(() => list.AddRange(["a", null!]));
        Assert.Empty(list);
        Assert.Throws<ArgumentNullException>(() => list.AddRange(Enumerable.Range(0, 3).Select(i => i == 2 ? null! : "a")));
        Assert.Empty(list);
        Assert.Throws<ArgumentNullException>(() => ((IList)list).Add(null));
    }

    [Fact]
    public void Floating_point_elements_are_equal_when_their_bits_are()
    {
        Assert.NotEqual<RepeatedField<double>>([0.0], [-0.0]);
        Assert.True(new RepeatedField<double> { double.NaN }.Equals(new RepeatedField<double> { double.NaN }));
    }

    [Fact]
    public void Enums_are_added_by_number_through_the_untyped_list()
    {
        RepeatedField<Messages.Level> list = [];
        ((IList)list).Add(2);
        Assert.Equal([Messages.Level.High], list);
    }
}
