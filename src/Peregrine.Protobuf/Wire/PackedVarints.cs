// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protobuf.Wire;

/// <summary>Runs of varints, as packed fields hold them: loops over spans that keep their place in a register.</summary>
internal static class PackedVarints
{
    private const ulong ContinuationBits = 0x8080808080808080;

    /// <summary>Reads numbers until <paramref name="values"/> is full.</summary>
    /// <param name="source">The run, in which at least as many numbers end.</param>
    /// <param name="values">Where the numbers go.</param>
    /// <param name="read">How many bytes were read.</param>
    /// <returns>How many numbers were read: fewer when one is longer than ten bytes.</returns>
    public static int Read<T, TCodec>(ReadOnlySpan<byte> source, Span<T> values, out int read)
        where TCodec : struct, IValueCodec<T>
    {
        ref byte start = ref MemoryMarshal.GetReference(source);
        int position = 0;
        int count = 0;
        while (count < values.Length)
        {
            if (source.Length - position >= sizeof(ulong))
            {
                ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, position));
                word = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
                ulong ends = ~word & ContinuationBits;
                if (ends == ContinuationBits && values.Length - count >= sizeof(ulong))
                {
                    // Eight numbers below 128, as small numbers come.
                    Spread<T, TCodec>(word, values.Slice(count, sizeof(ulong)));
                    count += sizeof(ulong);
                    position += sizeof(ulong);
                    continue;
                }

                if (ends != 0)
                {
                    // All that end in the word: where the next one begins is known before this one is put together.
                    int begin = 0;
                    do
                    {
                        values[count++] = TCodec.FromVarint(Varint.Compress((word & (ends ^ (ends - 1))) >> begin));
                        begin = BitOperations.TrailingZeroCount(ends) + 1;
                        ends &= ends - 1;
                    }
                    while (ends != 0 && count < values.Length);
                    position += begin >> 3;
                    continue;
                }
            }

            int length = Varint.TryRead(source[position..], out ulong value);
            if (length == 0)
            {
                break;
            }

            values[count++] = TCodec.FromVarint(value);
            position += length;
        }

        read = position;
        return count;
    }

    /// <summary>Writes numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="destination">Where to: as long as they are.</param>
    /// <returns>How many bytes were written; -1 when there is no room, because a number has grown since it was measured.</returns>
    public static int Write<T, TCodec>(ReadOnlySpan<T> values, Span<byte> destination)
        where TCodec : struct, IValueCodec<T>
    {
        ref byte start = ref MemoryMarshal.GetReference(destination);
        int position = 0;
        foreach (T item in values)
        {
            ulong value = TCodec.ToVarint(item);
            if (value < 0x80 && position < destination.Length)
            {
                Unsafe.Add(ref start, position++) = (byte)value;
            }
            else if (destination.Length - position >= Varint.MaxLength)
            {
                do
                {
                    Unsafe.Add(ref start, position++) = (byte)(value | 0x80);
                    value >>= 7;
                }
                while (value >= 0x80);
                Unsafe.Add(ref start, position++) = (byte)value;
            }
            else if (WireSize.UInt64(value) <= destination.Length - position)
            {
                position += Varint.Write(destination[position..], value);
            }
            else
            {
                return -1;
            }
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<T, TCodec>(ulong word, Span<T> values)
        where TCodec : struct, IValueCodec<T>
    {
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && Unsafe.SizeOf<T>() == sizeof(int) && TCodec.IsPlainInt32)
        {
            Vector128<ushort> eight = Vector128.WidenLower(Vector128.CreateScalarUnsafe(word).AsByte());
            ref uint target = ref Unsafe.As<T, uint>(ref MemoryMarshal.GetReference(values));
            Vector128.WidenLower(eight).StoreUnsafe(ref target);
            Vector128.WidenUpper(eight).StoreUnsafe(ref target, 4);
            return;
        }

        if (typeof(T) == typeof(bool) && BitConverter.IsLittleEndian)
        {
            // Adding 127 to a byte that is not 0 sets its highest bit.
            ulong flags = ((word + ~ContinuationBits) & ContinuationBits) >> 7;
            Unsafe.WriteUnaligned(ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values)), flags);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = TCodec.FromVarint((byte)(word >> (8 * i)));
        }
    }
}
