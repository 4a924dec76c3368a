// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>
/// The string code of RFC 7541 appendix B. It is canonical: codes of one length follow each other in the order of their symbols, so
/// the lengths alone define it.
/// </summary>
internal static class Huffman
{
    private const int EndOfString = 256;
    private const int LongestCode = 30;

    // No code has nine bits; the table below resolves all shorter ones with one look.
    private const int FastBits = 8;

    private static readonly byte[] Lengths =
    [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ];

    private static readonly uint[] Codes = new uint[EndOfString + 1];

    // Symbol in the low octet, length above; 0 where the first eight bits start a longer code.
    private static readonly ushort[] Fast = new ushort[1 << FastBits];

    // For each length: the first code after its last one, aligned to the left of 32 bits, and what turns a code into a place in Symbols.
    private static readonly ulong[] Limits = new ulong[LongestCode + 1];
    private static readonly int[] Offsets = new int[LongestCode + 1];
    private static readonly ushort[] Symbols = new ushort[EndOfString + 1];

#pragma warning disable CA1810 // The tables depend on each other's order of construction, which field initializers would hide.
    static Huffman()
#pragma warning restore CA1810
    {
        uint code = 0;
        int place = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            code <<= 1;
            Offsets[length] = place - (int)code;
            for (int symbol = 0; symbol <= EndOfString; symbol++)
            {
                if (Lengths[symbol] == length)
                {
                    Codes[symbol] = code;
                    Symbols[place++] = (ushort)symbol;
                    if (length <= FastBits)
                    {
                        int first = (int)code << (FastBits - length);
                        Array.Fill(Fast, (ushort)((length << 8) | symbol), first, 1 << (FastBits - length));
                    }

                    code++;
                }
            }

            Limits[length] = (ulong)code << (32 - length);
        }
    }

    /// <summary>Most octets that <paramref name="encodedLength"/> octets can decode to: the shortest code has five bits.</summary>
    public static int MaxDecodedLength(int encodedLength) => (int)((long)encodedLength * 8 / 5);

    public static int EncodedLength(ReadOnlySpan<byte> text)
    {
        long bits = 0;
        foreach (byte octet in text)
        {
            bits += Lengths[octet];
        }

        return (int)((bits + 7) >> 3);
    }

    /// <summary>Writes the code of <paramref name="text"/>; returns how many octets it took.</summary>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        ulong pending = 0;
        int bits = 0;
        int position = 0;
        foreach (byte octet in text)
        {
            int length = Lengths[octet];
            pending = (pending << length) | Codes[octet];
            bits += length;
            while (bits >= 8)
            {
                bits -= 8;
                destination[position++] = (byte)(pending >> bits);
            }
        }

        if (bits > 0)
        {
            // RFC 7541 section 5.2: "the most significant bits of the code corresponding to the EOS symbol are used to fill the octet".
            destination[position++] = (byte)((pending << (8 - bits)) | (0xFFu >> bits));
        }

        return position;
    }

    /// <summary>
    /// Decodes into <paramref name="destination"/>, which has room for <see cref="MaxDecodedLength"/>; false for what RFC 7541
    /// section 5.2 calls a decoding error: padding longer than seven bits or not of ones, or the EOS symbol.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        ulong pending = 0;
        int bits = 0;
        int position = 0;
        while (true)
        {
            while (bits <= 56 && position < source.Length)
            {
                pending = (pending << 8) | source[position++];
                bits += 8;
            }

            if (bits == 0)
            {
                return true;
            }

            // The next 32 bits; behind the end come ones, as padding would.
            uint window = bits >= 32
                ? (uint)(pending >> (bits - 32))
                : (uint)(pending << (32 - bits)) | (uint)((1UL << (32 - bits)) - 1);
            int symbol;
            int length;
            ushort fast = Fast[window >> (32 - FastBits)];
            if (fast != 0)
            {
                symbol = fast & 0xFF;
                length = fast >> 8;
            }
            else
            {
                length = FastBits + 1;
                while (window >= Limits[length])
                {
                    if (++length > LongestCode)
                    {
                        return false;
                    }
                }

                symbol = Symbols[Offsets[length] + (int)(window >> (32 - length))];
            }

            if (length > bits)
            {
                uint padding = (1u << bits) - 1;
                return bits < 8 && ((uint)pending & padding) == padding;
            }

            if (symbol == EndOfString)
            {
                return false;
            }

            destination[written++] = (byte)symbol;
            bits -= length;
        }
    }
}
