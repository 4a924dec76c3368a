// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Peregrine.Protobuf.Wire;

/// <summary>Base-128 numbers over spans, and the zigzag mapping: pure functions that reader and writer share.</summary>
internal static class Varint
{
    /// <summary>The longest varint: 64 bits, 7 a byte.</summary>
    public const int MaxLength = 10;

    // Set in every byte of a varint but its last.
    private const ulong ContinuationBits = 0x8080808080808080;

    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Writes <paramref name="value"/> and returns how many bytes it took.</summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a varint from the start of <paramref name="source"/>.</summary>
    /// <returns>How many bytes it took; 0 when it does not end within <paramref name="source"/> or within 10 bytes.</returns>
    public static int TryRead(ReadOnlySpan<byte> source, out ulong value)
    {
        // Up to 8 bytes at once and without a branch on the length, which a processor cannot foresee in mixed numbers.
        if (source.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(source);
            ulong ends = ~word & ContinuationBits;
            if (ends != 0)
            {
                // The bytes up to the first without a continuation bit.
                value = Compress(word & (ends ^ (ends - 1)));
                return (BitOperations.TrailingZeroCount(ends) + 1) >> 3;
            }

            // Nine or ten bytes: hashes, and negative numbers.
            if (source.Length >= MaxLength)
            {
                ulong ninth = source[8];
                ulong tenth = source[9];
                value = Compress(word) | (ninth << 56);
                if (ninth < 0x80)
                {
                    return 9;
                }

                value = (value & (ulong.MaxValue >> 1)) | (tenth << 63);
                return tenth < 0x80 ? 10 : 0;
            }
        }

        return TryReadBytewise(source, out value);
    }

    /// <summary>The number in the bytes of a varint of up to eight: their groups of 7 bits, pushed together pairwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compress(ulong word)
    {
        word &= ~ContinuationBits;
        word = (word & 0x007F007F007F007F) | ((word & 0x7F007F007F007F00) >> 1);
        word = (word & 0x00003FFF00003FFF) | ((word & 0x3FFF00003FFF0000) >> 2);
        return (word & 0x000000000FFFFFFF) | ((word & 0x0FFFFFFF00000000) >> 4);
    }

    private static int TryReadBytewise(ReadOnlySpan<byte> source, out ulong value)
    {
        ulong result = 0;
        int end = Math.Min(source.Length, MaxLength);
        for (int i = 0; i < end; i++)
        {
            byte b = source[i];
            result |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                value = result;
                return i + 1;
            }
        }

        value = 0;
        return 0;
    }

    /// <summary>How many varints end within <paramref name="source"/>: the bytes without a continuation bit.</summary>
    public static int Count(ReadOnlySpan<byte> source)
    {
        int count = 0;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(source);
        foreach (ulong word in words)
        {
            count += BitOperations.PopCount(~word & ContinuationBits);
        }

        foreach (byte b in source[(words.Length * sizeof(ulong))..])
        {
            count += b < 0x80 ? 1 : 0;
        }

        return count;
    }
}
