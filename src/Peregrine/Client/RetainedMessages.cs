// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Client;

/// <summary>
/// The messages of a request that another attempt may have to send again, in pooled blocks: small ones lie one behind the other, as they do
/// on the wire, so that a message of some octets costs no more than these. Large ones stay in the array that they were written into, and are
/// sent from there. Not thread-safe.
/// </summary>
internal sealed class RetainedMessages
{
    // Most calls have one small message; those that have many need few blocks.
    private const int FirstBlock = 256;
    private const int LargestBlock = 64 * 1024;
    private const int Growth = 4;

    // Larger ones keep their array.
    private const int LargestCopy = 4 * 1024;

    private readonly List<Block> _blocks = [];

    /// <summary>Octets of all messages.</summary>
    public int Length { get; private set; }

    /// <summary>The place behind the last message.</summary>
    public (int Block, int Offset) End => _blocks.Count > 0 ? (_blocks.Count - 1, _blocks[^1].Used) : default;

    /// <summary>Takes the writer's message, and leaves the writer ready for the next one.</summary>
    public void Add(MessageWriter writer)
    {
        Length += writer.FramedLength;
        if (writer.FramedLength > LargestCopy)
        {
            var isRest = false;
            for (var isLast = false; !isLast; isRest = true)
            {
                var part = writer.DetachNext(out var rented, out isLast);
                _blocks.Add(new Block(rented, part.Length, IsSentFromHere: true, isRest));
            }

            return;
        }

        var framed = writer.Framed;
        var (array, used, isFull, _) = _blocks.Count > 0 ? _blocks[^1] : default;
        if (array is null || isFull || array.Length - used < framed.Length)
        {
            var size = array is null ? FirstBlock : Math.Clamp(array.Length * Growth, FirstBlock, LargestBlock);
            array = ArrayPool<byte>.Shared.Rent(Math.Max(size, framed.Length));
            used = 0;
            _blocks.Add(default);
        }

        framed.CopyTo(array.AsSpan(used));
        _blocks[^1] = new Block(array, used + framed.Length, IsSentFromHere: false, IsRest: false);
        writer.Reset();
    }

    /// <summary>Sends a part, which stays here: one of a large message without a copy.</summary>
    /// <param name="stream">The attempt's stream.</param>
    /// <param name="part">What <see cref="Next"/> gave.</param>
    /// <param name="isRest">Whether it began with an earlier part.</param>
    /// <param name="last">Whether nothing follows on the stream.</param>
    /// <param name="flush">Whether it leaves at once.</param>
    public static void Send(TransportStream stream, ReadOnlyMemory<byte> part, bool isRest, bool last, bool flush) => _ = isRest || part.Length > LargestCopy
        ? stream.LendData(part, isRest, last, flush)
        : stream.SendData(part.Span, last, flush);

    /// <summary>The framed message at a place, and the place behind it; a large one may come in several parts. Empty behind the last one.</summary>
    public ReadOnlyMemory<byte> Next(ref (int Block, int Offset) place, out bool isRest)
    {
        isRest = false;
        while (place.Block < _blocks.Count)
        {
            var (array, used, isSentFromHere, continues) = _blocks[place.Block];
            if (place.Offset < used)
            {
                isRest = continues;
                var rest = array.AsMemory(place.Offset, used - place.Offset);
                var length = isSentFromHere ? used : MessageWriter.PrefixLength + BinaryPrimitives.ReadInt32BigEndian(rest.Span[1..]);
                place.Offset += length;
                return rest[..length];
            }

            place = (place.Block + 1, 0);
        }

        return default;
    }

    /// <summary>Drops all messages.</summary>
    /// <param name="stream">Who may be sending large ones still; null when nobody is.</param>
    /// <param name="hasLostAttempts">
    /// Whether another stream may be, too, whose end nobody waits for: the arrays are left to the garbage collector then.
    /// </param>
    public void Clear(TransportStream? stream, bool hasLostAttempts)
    {
        foreach (var (array, _, isSentFromHere, _) in _blocks)
        {
            if (!isSentFromHere || (stream is null && !hasLostAttempts))
            {
                ArrayPool<byte>.Shared.Return(array);
            }
            else if (!hasLostAttempts)
            {
                stream!.ReturnAfterSending(array);
            }
        }

        _blocks.Clear();
        Length = 0;
    }

    private readonly record struct Block(byte[] Array, int Used, bool IsSentFromHere, bool IsRest);
}
