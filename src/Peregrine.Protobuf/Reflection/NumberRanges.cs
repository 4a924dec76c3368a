// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Ranges of numbers, sorted, so that each of many numbers is looked up in few steps.</summary>
internal sealed class NumberRanges
{
    private readonly int[] _starts;
    private readonly long[] _ends;

    /// <param name="ranges">The ranges, the ends exclusive; they must not overlap.</param>
    public NumberRanges(List<(int Start, long End)> ranges)
    {
        ranges.Sort();
        _starts = new int[ranges.Count];
        _ends = new long[ranges.Count];
        for (int i = 0; i < ranges.Count; i++)
        {
            (_starts[i], _ends[i]) = ranges[i];
        }
    }

    public bool Contains(int number)
    {
        int at = Array.BinarySearch(_starts, number);
        at = at >= 0 ? at : ~at - 1;
        return at >= 0 && number < _ends[at];
    }
}
