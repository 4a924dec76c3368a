// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>
/// The messages of a request that another attempt may have to send again, in pooled blocks: small ones lie one behind the other, as they do
/// on the wire, so that a message of some octets costs no more than these. Not thread-safe.
/// </summary>
internal sealed class RetainedMessages
{
    // Most calls have one small message; those that have many need few blocks.
    private const int FirstBlock = 256;
    private const int LargestBlock = 64 * 1024;
    private const int Growth = 4;

    // Larger ones keep the array that they were written into.
    private const int LargestCopy = 4 * 1024;

    private readonly List<Block> _blocks = [];

    /// <summary>Octets of all messages.</summary>
    public int Length { get; private set; }

    /// <summary>Takes the writer's message, and leaves the writer ready for the next one.</summary>
    public void Add(MessageWriter writer)
    {
        var framed = writer.Framed;
        Length += framed.Length;
        if (framed.Length > LargestCopy)
        {
            var length = writer.Detach(out var rented).Length;
            _blocks.Add(new Block(rented, length));
            return;
        }

        var (array, used) = _blocks.Count > 0 ? _blocks[^1] : default;
        if (array is null || array.Length - used < framed.Length)
        {
            var size = array is null ? FirstBlock : Math.Clamp(array.Length * Growth, FirstBlock, LargestBlock);
            array = ArrayPool<byte>.Shared.Rent(Math.Max(size, framed.Length));
            used = 0;
            _blocks.Add(default);
        }

        framed.CopyTo(array.AsSpan(used));
        _blocks[^1] = new Block(array, used + framed.Length);
        writer.Reset();
    }

    /// <summary>The framed message at a place, and the place behind it; empty behind the last one.</summary>
    public ReadOnlySpan<byte> Next(ref (int Block, int Offset) place)
    {
        while (place.Block < _blocks.Count)
        {
            var (array, used) = _blocks[place.Block];
            if (place.Offset < used)
            {
                var rest = array.AsSpan(place.Offset, used - place.Offset);
                var length = MessageWriter.PrefixLength + BinaryPrimitives.ReadInt32BigEndian(rest[1..]);
                place.Offset += length;
                return rest[..length];
            }

            place = (place.Block + 1, 0);
        }

        return default;
    }

    /// <summary>Parts with the only message, for good; its array is then the caller's. False: there are none or more.</summary>
    public bool TryTakeOnly(out ReadOnlyMemory<byte> framed, out byte[]? rented)
    {
        (int, int) place = default;
        framed = default;
        rented = null;
        if (_blocks.Count != 1 || Next(ref place).Length != Length)
        {
            return false;
        }

        rented = _blocks[0].Array;
        framed = rented.AsMemory(0, Length);
        _blocks.Clear();
        Length = 0;
        return true;
    }

    /// <summary>Drops all messages.</summary>
    public void Clear()
    {
        foreach (var block in _blocks)
        {
            ArrayPool<byte>.Shared.Return(block.Array);
        }

        _blocks.Clear();
        Length = 0;
    }

    private readonly record struct Block(byte[] Array, int Used);
}
