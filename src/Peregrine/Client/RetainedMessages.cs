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

    /// <summary>Takes the writer's message, and leaves the writer ready for the next one.</summary>
    /// <returns>The framed message where it lies now.</returns>
    public ReadOnlyMemory<byte> Add(MessageWriter writer)
    {
        var framed = writer.Framed;
        Length += framed.Length;
        if (framed.Length > LargestCopy)
        {
            var message = writer.Detach(out var rented);
            _blocks.Add(new Block(rented, message.Length, IsSentFromHere: true));
            return message;
        }

        var (array, used, isFull) = _blocks.Count > 0 ? _blocks[^1] : default;
        if (array is null || isFull || array.Length - used < framed.Length)
        {
            var size = array is null ? FirstBlock : Math.Clamp(array.Length * Growth, FirstBlock, LargestBlock);
            array = ArrayPool<byte>.Shared.Rent(Math.Max(size, framed.Length));
            used = 0;
            _blocks.Add(default);
        }

        framed.CopyTo(array.AsSpan(used));
        _blocks[^1] = new Block(array, used + framed.Length, IsSentFromHere: false);
        var kept = array.AsMemory(used, framed.Length);
        writer.Reset();
        return kept;
    }

    /// <summary>Sends one of the messages, which stays here: a large one without a copy.</summary>
    public static void Send(TransportStream stream, ReadOnlyMemory<byte> message, bool last, bool flush) => _ = message.Length > LargestCopy
        ? stream.SendData(message, rented: null, last, flush)
        : stream.SendData(message.Span, last, flush);

    /// <summary>The framed message at a place, and the place behind it; empty behind the last one.</summary>
    public ReadOnlyMemory<byte> Next(ref (int Block, int Offset) place)
    {
        while (place.Block < _blocks.Count)
        {
            var (array, used, _) = _blocks[place.Block];
            if (place.Offset < used)
            {
                var rest = array.AsMemory(place.Offset, used - place.Offset);
                var length = MessageWriter.PrefixLength + BinaryPrimitives.ReadInt32BigEndian(rest.Span[1..]);
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
        foreach (var (array, _, isSentFromHere) in _blocks)
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

    private readonly record struct Block(byte[] Array, int Used, bool IsSentFromHere);
}
