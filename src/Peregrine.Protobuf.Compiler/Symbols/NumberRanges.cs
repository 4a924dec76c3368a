// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>
/// Ranges of numbers, sorted once, so that a question takes a binary search: files with many thousands of ranges and fields exist, and
/// comparing each with each would take minutes. Ends are exclusive; indexes are those of the list that it was made from.
/// </summary>
internal sealed class NumberRanges
{
    /// <summary>No ranges.</summary>
    public static readonly NumberRanges None = new([]);

    private readonly (long Start, long End, int Index)[] _sorted;

    // For each position the range, among those up to it, that reaches farthest: the only candidate for what comes after.
    private readonly int[] _farthest;

    public NumberRanges(IReadOnlyList<(long Start, long End)> ranges)
    {
        _sorted = new (long, long, int)[ranges.Count];
        for (int i = 0; i < _sorted.Length; i++)
        {
            _sorted[i] = (ranges[i].Start, ranges[i].End, i);
        }

        Array.Sort(_sorted);
        _farthest = new int[_sorted.Length];
        for (int i = 1; i < _sorted.Length; i++)
        {
            int before = _farthest[i - 1];
            _farthest[i] = _sorted[i].End > _sorted[before].End ? i : before;
        }
    }

    /// <summary>How many comparisons were made by <see cref="Find(long, long)"/>: tests count instead of measuring time.</summary>
    public long Comparisons { get; private set; }

    /// <summary>A range that contains a number, or -1.</summary>
    public int Find(long number) => Find(number, number + 1);

    /// <summary>A range that shares a number with another one, or -1.</summary>
    public int Find(long start, long end)
    {
        int low = 0;
        int high = _sorted.Length;
        while (low < high)
        {
            Comparisons++;
            int middle = (low + high) / 2;
            if (_sorted[middle].Start < end)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0)
        {
            return -1;
        }

        (_, long farthestEnd, int index) = _sorted[_farthest[low - 1]];
        return farthestEnd > start ? index : -1;
    }

    /// <summary>
    /// Pairs of ranges that overlap, the smaller index first, in that order: every range that overlaps one is in a pair, but
    /// not every pair is there. Empty and reversed ranges overlap nothing.
    /// </summary>
    public List<(int First, int Second)> Overlaps()
    {
        List<(int First, int Second)> pairs = [];
        for (int i = 1; i < _sorted.Length; i++)
        {
            (long start, long end, int index) = _sorted[i];
            (_, long farthestEnd, int other) = _sorted[_farthest[i - 1]];
            if (start < farthestEnd && start < end)
            {
                pairs.Add((Math.Min(index, other), Math.Max(index, other)));
            }
        }

        pairs.Sort(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First) : a.Second.CompareTo(b.Second));
        return pairs;
    }
}
