// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Ranges of numbers of a message or an enum, both ends included.</summary>
internal static class NumberRanges
{
    /// <summary>The reserved numbers of a message.</summary>
    public static IEnumerable<(int First, int Last)> Reserved(DescriptorProto message) => message.ReservedRange.Select(range => (range.Start, range.End - 1));

    /// <summary>The reserved numbers of an enum.</summary>
    public static IEnumerable<(int First, int Last)> Reserved(EnumDescriptorProto @enum) => @enum.ReservedRange.Select(range => (range.Start, range.End));

    /// <summary>The numbers of a message that extensions may have.</summary>
    public static IEnumerable<(int First, int Last)> Extensions(DescriptorProto message) => message.ExtensionRange.Select(range => (range.Start, range.End - 1));

    /// <summary>Whether a number is in a range.</summary>
    public static bool Contain(this IEnumerable<(int First, int Last)> ranges, int number) => ranges.Any(range => range.First <= number && number <= range.Last);

    /// <summary>Whether all numbers of a range are in others, of which several may share them.</summary>
    public static bool Cover(this IEnumerable<(int First, int Last)> ranges, (int First, int Last) range)
    {
        // The first number that is still to be found; a long, since a range may end with the largest number.
        long next = range.First;
        foreach (var (first, last) in ranges.OrderBy(each => each.First))
        {
            if (first > next)
            {
                break;
            }

            next = long.Max(next, last + 1L);
        }

        return next > range.Last;
    }

    /// <summary>A range as .proto files have it.</summary>
    public static string Show((int First, int Last) range) => range.First == range.Last
        ? range.First.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{range.First} to {range.Last}");
}
