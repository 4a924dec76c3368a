// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// Integers of RFC 7541 section 5.1: the low N bits of an octet, and if they are all ones, groups of seven bits, least first.
/// <code>
///   0   1   2   3   4   5   6   7
/// +---+---+---+---+---+---+---+---+
/// | ? | ? | ? | 1   1   1   1   1 |   prefix of N = 5, full
/// +---+---+---+-------------------+
/// | 1 |    Value-(2^N-1) LSB      |
/// +---+---------------------------+
/// | 0 |    Value-(2^N-1) MSB      |
/// +---+---------------------------+
/// </code>
/// </summary>
internal static class HpackInteger
{
    /// <summary>
    /// Most octets of an encoding, the prefix's and zero padding included. RFC 7541 section 5.1 asks for such a limit; five carry
    /// 28 bits, more than any table size, index or string of an acceptable block.
    /// </summary>
    public const int MaxOctets = 5;

    /// <summary>Reads an integer; false when the bytes end before it does or it is longer than <see cref="MaxOctets"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, ref int position, int prefixBits, out int value)
    {
        value = 0;
        if ((uint)position >= (uint)source.Length)
        {
            return false;
        }

        int mask = (1 << prefixBits) - 1;
        value = source[position++] & mask;
        if (value < mask)
        {
            return true;
        }

        for (int octet = 1, shift = 0; octet < MaxOctets; octet++, shift += 7)
        {
            if ((uint)position >= (uint)source.Length)
            {
                return false;
            }

            byte next = source[position++];
            value += (next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes an integer below the bits of <paramref name="pattern"/>; returns how many octets it took.</summary>
    public static int Encode(Span<byte> destination, byte pattern, int prefixBits, int value)
    {
        int mask = (1 << prefixBits) - 1;
        if (value < mask)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | mask);
        value -= mask;
        int position = 1;
        while (value >= 0x80)
        {
            destination[position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[position++] = (byte)value;
        return position;
    }
}
