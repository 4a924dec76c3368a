// SPDX-License-Identifier: Apache-2.0
using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// How many bytes a value takes on the wire, without its tag and with its length prefix where it has one. Generated
/// <c>CalculateSize</c> adds these up in a <see cref="long"/> and ends with <see cref="Total"/>.
/// </summary>
public static class WireSize
{
    private const int MaxBytesPerChar = 3;

    // Texts up to this length have less than 2 GiB in UTF-8, so that the count of the framework does not overflow.
    private const int LongestPiece = int.MaxValue / MaxBytesPerChar;

    /// <summary>The size of a tag.</summary>
    public static int Tag(uint tag) => UInt32(tag);

    /// <summary>The size of a length prefix.</summary>
    public static int Length(int length) => UInt32((uint)length);

    /// <summary>The size of an int32: negative numbers take ten bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Int32(int value) => value >= 0 ? UInt32((uint)value) : 10;

    /// <summary>The size of an int64.</summary>
    public static int Int64(long value) => UInt64((ulong)value);

    /// <summary>The size of a uint32.</summary>
    // Each varint byte carries 7 bits: (bits * 9 + 73) / 64 equals ceil(bits / 7) for 1 to 64 bits, without a division.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UInt32(uint value) => ((BitOperations.Log2(value | 1) * 9) + 73) >> 6;

    /// <summary>The size of a uint64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UInt64(ulong value) => ((BitOperations.Log2(value | 1) * 9) + 73) >> 6;

    /// <summary>The size of a zigzag-coded sint32.</summary>
    public static int SInt32(int value) => UInt32(Varint.ZigZag(value));

    /// <summary>The size of a zigzag-coded sint64.</summary>
    public static int SInt64(long value) => UInt64(Varint.ZigZag(value));

    /// <summary>The size of an enum value.</summary>
    public static int Enum(int value) => Int32(value);

    /// <summary>The size of a string in UTF-8 with its length prefix.</summary>
    public static long String(string value)
    {
        long length = value.Length <= LongestPiece
            ? AsciiText.Utf8Length(value)
            : Utf8Length(value, LongestPiece);
        return UInt64((ulong)length) + length;
    }

    /// <summary>The size of a byte string with its length prefix.</summary>
    public static long Bytes(ByteString value) => (long)Length(value.Length) + value.Length;

    /// <summary>The size of a message with its length prefix; the message keeps its own size for the writer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Message(IMessage value)
    {
        int size = value.CalculateSize();
        return (long)Length(size) + size;
    }

    /// <summary>The size of a message written as a group, without its two tags.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Group(IMessage value) => value.CalculateSize();

    /// <summary>The sum of the parts as the size of a message.</summary>
    /// <exception cref="InvalidOperationException">The message is larger than 2 GiB, which no protobuf reader takes.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Total(long size)
    {
        if (size > int.MaxValue)
        {
            ThrowTooLarge(size);
        }

        return (int)size;
    }

    /// <summary>Counts the bytes of a text in UTF-8 piece by piece, surrogate pairs kept together.</summary>
    internal static long Utf8Length(ReadOnlySpan<char> text, int longestPiece)
    {
        long length = 0;
        while (text.Length > longestPiece)
        {
            int piece = char.IsSurrogatePair(text[longestPiece - 1], text[longestPiece]) ? longestPiece + 1 : longestPiece;
            length += Encoding.UTF8.GetByteCount(text[..piece]);
            text = text[piece..];
        }

        return length + Encoding.UTF8.GetByteCount(text);
    }

    private static void ThrowTooLarge(long size) => throw new InvalidOperationException(
        $"The message takes {size} bytes; protobuf messages end at 2147483647 bytes (2 GiB). Split it into several.");
}
