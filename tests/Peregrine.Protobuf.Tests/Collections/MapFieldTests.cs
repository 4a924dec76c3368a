// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Peregrine.Protobuf.Collections;
using Xunit;

namespace Peregrine.Protobuf.Tests.Collections;

public class MapFieldTests
{
    [Fact]
    public void It_is_a_dictionary()
    {
        MapField<string, int> map = new() { { "a", 1 }, { "b", 2 } };
        Assert.Throws<ArgumentException>(() => map.Add("a", 3));
        map.Add(new Dictionary<string, int> { ["a"] = 3 });
        Assert.Equal(3, map["a"]);
        Assert.Throws<KeyNotFoundException>(() => map["c"]);
        Assert.True(map.Remove("a"));
        Assert.False(map.TryGetValue("a", out _));
        Assert.Equal(["b"], map.Keys);
    }

    [Fact]
    public void The_order_of_entries_does_not_matter_for_equality()
    {
        MapField<int, string> left = new() { [1] = "a", [2] = "b" };
        MapField<int, string> right = new() { [2] = "b", [1] = "a" };
        Assert.True(left.Equals(right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        right[2] = "c";
        Assert.False(left.Equals(right));
    }

    [Fact]
    public void Null_is_refused_except_for_wrappers()
    {
        MapField<int, string> map = [];
        Assert.Throws<ArgumentNullException>(() => map[1] = null!);
        Assert.Throws<ArgumentNullException>(() => ((IDictionary)map).Add(1, null));
        MapField<int, int?> wrappers = new() { [1] = null };
        Assert.Null(wrappers[1]);
    }
}
