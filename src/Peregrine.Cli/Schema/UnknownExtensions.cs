// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Cli.Schema;

/// <summary>Finds fields that a message holds without knowing them, and that may be extensions.</summary>
internal static class UnknownExtensions
{
    // More than these in a message are nobody's: each may cost a question to the server.
    private const int MaxExtensions = 100;

    /// <summary>Those of a message and all that it holds: numbers that its types leave to extensions.</summary>
    public static IReadOnlyList<(MessageDescriptor Type, int Number)> In(IMessage message) =>
    [
        .. MessageWalk.WithParts(message).Where(part => part.UnknownFields is not null)
            .SelectMany(part => NumbersOf(part).Select(number => (part.Descriptor, number))).Distinct().Take(MaxExtensions),
    ];

    private static IEnumerable<int> NumbersOf(IMessage message)
    {
        var ranges = message.Descriptor.ToProto().ExtensionRange;
        return ranges.Count == 0 ? [] : NumbersOf(message.UnknownFields!).Where(number => ranges.Any(range => number >= range.Start && number < range.End));
    }

    private static HashSet<int> NumbersOf(UnknownFieldSet fields)
    {
        HashSet<int> numbers = [];
        var reader = new WireReader(fields.Encoded.Span);
        while (reader.ReadTag() is var tag && tag != 0)
        {
            numbers.Add((int)(tag >> 3));
            reader.SkipField(tag);
        }

        return numbers;
    }
}
