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
                if ((word & ContinuationBits) == 0 && values.Length - count >= sizeof(ulong))
                {
                    // Eight numbers below 128, as small numbers come.
                    Spread<T, TCodec>(word, values.Slice(count, sizeof(ulong)));
                    count += sizeof(ulong);
                    position += sizeof(ulong);
                    continue;
                }

                if ((word & 0x80) == 0)
                {
                    values[count++] = TCodec.FromVarint(word & 0x7F);
                    position++;
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

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = TCodec.FromVarint((byte)(word >> (8 * i)));
        }
    }
}
