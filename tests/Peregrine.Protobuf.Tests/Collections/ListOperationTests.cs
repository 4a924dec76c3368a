// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;
using Xunit;

namespace Peregrine.Protobuf.Tests.Collections;

public sealed class ListOperationTests
{
    // The oracle is List<T>: random operations on both leave the same elements, whatever their kind.
    [Fact]
    public void Random_operations_leave_what_a_list_holds()
    {
        Random random = new(11);
        for (int run = 0; run < 200; run++)
        {
            RepeatedField<string> field = [];
            List<string> list = [];
            for (int step = 0; step < 30; step++)
            {
                int index = random.Next(list.Count + 1);
                int count = random.Next(list.Count - index + 1);
                string[] values = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(100).ToString("00", null))];
                switch (random.Next(7))
                {
                    case 0:
                        field.InsertRange(index, values.AsSpan());
                        list.InsertRange(index, values);
                        break;
                    case 1:
                        field.InsertRange(index, values.Where(static _ => true));
                        list.InsertRange(index, values);
                        break;
                    case 2:
                        field.RemoveRange(index, count);
                        list.RemoveRange(index, count);
                        break;
                    case 3:
                        Assert.Equal(list.RemoveAll(static item => item[1] > '6'), field.RemoveAll(static item => item[1] > '6'));
                        break;
                    case 4:
                        field.Reverse();
                        list.Reverse();
                        break;
                    case 5:
                        field.Sort(StringComparer.Ordinal.Compare);
                        list.Sort(StringComparer.Ordinal.Compare);
                        break;
                    default:
                        field.AddRange(values);
                        list.AddRange(values);
                        break;
                }

                Assert.Equal(list, field.ToArray());
            }
        }
    }

    [Fact]
    public void A_field_is_inserted_into_itself()
    {
        RepeatedField<int> field = [1, 2, 3];
        field.InsertRange(1, field);
        Assert.Equal([1, 1, 2, 3, 2, 3], field);
        field.InsertRange(0, field.AsSpan()[4..]);
        Assert.Equal([2, 3, 1, 1, 2, 3, 2, 3], field);
    }

    [Fact]
    public void What_is_out_of_range_changes_nothing()
    {
        RepeatedField<int> field = [1, 2, 3];
        Assert.Throws<ArgumentOutOfRangeException>(() => field.InsertRange(4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.InsertRange(-1, new List<int>()));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.RemoveRange(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.RemoveRange(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.RemoveRange(4, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => field.EnsureCapacity(-1));
        Assert.Throws<ArgumentException>(() => field.CopyTo(new int[2].AsSpan()));
        Assert.Equal([1, 2, 3], field);
    }

    [Fact]
    public void A_condition_that_throws_removes_nothing()
    {
        RepeatedField<string> field = ["a", "b", "c"];
        Assert.Throws<FormatException>(() => field.RemoveAll(static item => item == "a" ? true : throw new FormatException()));
        Assert.Equal(["a", "b", "c"], field);
    }

    [Fact]
    public void A_null_is_not_inserted()
    {
        RepeatedField<string> field = ["a", "b"];
        Assert.Throws<ArgumentNullException>(() => field.InsertRange(1, ["c", null!]));
        Assert.Throws<ArgumentNullException>(() => RepeatedField.Create("c", null!));
        Assert.Equal(["a", "b"], field);
    }

    [Fact]
    public void Room_is_made_once()
    {
        RepeatedField<int> field = [];
        int capacity = field.EnsureCapacity(100);
        Assert.InRange(capacity, 100, int.MaxValue);
        field.AddRange(Enumerable.Range(0, 100));
        Assert.Equal(capacity, field.Capacity);
        Assert.Equal(capacity, field.EnsureCapacity(1));
    }

    [Fact]
    public void Removed_elements_are_let_go()
    {
        RepeatedField<object> field = [];
        WeakReference removed = Fill(field);
        field.RemoveAll(static item => item is Version);
        GC.Collect();
        Assert.False(removed.IsAlive);
        Assert.Equal(["kept"], field);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Fill(RepeatedField<object> field)
        {
            Version version = new(1, 2);
            field.AddRange([version, "kept", version]);
            return new WeakReference(version);
        }
    }

    [Fact]
    public void Collection_expressions_make_fields_with_room_for_what_they_hold()
    {
        RepeatedField<int> numbers = [1, 2, 3, 4, 5];
        Assert.Equal(5, numbers.Capacity);
        RepeatedField<int> spread = [0, .. numbers, 6];
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], spread);
        RepeatedField<string> none = [];
        Assert.Empty(none);
    }

    [Fact]
    public void Enumeration_allocates_nothing_and_meets_what_is_added()
    {
        RepeatedField<int> field = [1, 2];
        int sum = 0;
        foreach (int item in field)
        {
            sum += item;
            if (field.Count < 4)
            {
                field.Add(10);
            }
        }

        Assert.Equal(23, sum);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int item in field)
        {
            sum += item;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        IEnumerator<int> enumerator = ((IEnumerable<int>)field).GetEnumerator();
        Assert.True(enumerator.MoveNext());
        enumerator.Reset();
        Assert.True(enumerator.MoveNext());
        Assert.Equal(1, enumerator.Current);
    }

    [Fact]
    public void A_map_adds_looks_up_and_removes_as_a_dictionary()
    {
        MapField<string, int> map = new() { { "a", 1 }, { "b", 2 } };
        Assert.InRange(map.EnsureCapacity(10), 10, int.MaxValue);
        Assert.False(map.TryAdd("a", 5));
        Assert.True(map.TryAdd("c", 3));
        Assert.Equal(1, map.GetValueOrDefault("a"));
        Assert.Equal(0, map.GetValueOrDefault("x"));
        Assert.Equal(7, map.GetValueOrDefault("x", 7));
        Assert.True(map.Remove("b", out int removed));
        Assert.Equal(2, removed);
        Assert.False(map.Remove("b", out _));
        Assert.Equal(["a", "c"], map.Keys.Order());
    }

    [Fact]
    public void A_map_finds_text_that_is_no_string()
    {
        MapField<string, int> map = new() { ["key"] = 1 };
        ReadOnlySpan<char> text = "a key".AsSpan(2);
        Assert.True(map.ContainsKey(text));
        Assert.True(map.TryGetValue(text, out int value));
        Assert.Equal(1, value);
        Assert.False(map.ContainsKey("KEY".AsSpan()));
    }

    [Fact]
    public void A_map_refuses_null_and_clones_what_it_merges()
    {
        MapField<int, Messages.Sample> map = [];
        Assert.Throws<ArgumentNullException>(() => map.TryAdd(1, null!));
        Assert.Throws<ArgumentNullException>(() => map.MergeFrom(new Dictionary<int, Messages.Sample> { [1] = null! }));
        Dictionary<int, Messages.Sample> source = new() { [1] = new Messages.Sample() };
        map.MergeFrom(source);
        Assert.NotSame(source[1], map[1]);
        Assert.Equal(source[1], map[1]);
    }
}
