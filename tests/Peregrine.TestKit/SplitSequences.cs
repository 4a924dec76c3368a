// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace Peregrine.TestKit;

/// <summary>
/// Turns one payload into every segmentation that byte-level code must read alike: whole, padded inside a larger array,
/// cut in two at each position, and byte by byte.
/// </summary>
public static class SplitSequences
{
    /// <summary>All segmentations of <paramref name="payload"/>, each with a label that names it in a failing test.</summary>
    public static IEnumerable<(string Label, ReadOnlySequence<byte> Bytes)> Of(byte[] payload)
    {
        yield return ("whole", new ReadOnlySequence<byte>(payload));
        byte[] padded = [0xFF, .. payload, 0xFF];
        yield return ("padded", new ReadOnlySequence<byte>(padded, 1, payload.Length));
        for (int cut = 0; cut <= payload.Length; cut++)
        {
            yield return ($"cut at {cut}", Join(payload.AsMemory(0, cut), payload.AsMemory(cut)));
        }

        yield return ("byte by byte", Join([.. payload.Select(b => (ReadOnlyMemory<byte>)new[] { b })]));
    }

    /// <summary>The same segmentations as lists of chunks, for code that is fed piece by piece.</summary>
    public static IEnumerable<(string Label, IReadOnlyList<ReadOnlyMemory<byte>> Chunks)> ChunksOf(byte[] payload)
    {
        foreach ((string label, ReadOnlySequence<byte> bytes) in Of(payload))
        {
            List<ReadOnlyMemory<byte>> chunks = [];
            foreach (ReadOnlyMemory<byte> chunk in bytes)
            {
                chunks.Add(chunk);
            }

            yield return (label, chunks);
        }
    }

    /// <summary>One sequence of several segments; empty segments are kept, since readers must survive them.</summary>
    public static ReadOnlySequence<byte> Join(params ReadOnlyMemory<byte>[] parts)
    {
        if (parts.Length == 0)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        Segment first = new(parts[0], 0);
        Segment last = first;
        foreach (ReadOnlyMemory<byte> part in parts.Skip(1))
        {
            last = last.Append(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
