// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Peregrine.Protobuf.Wire;

/// <content>Reads strings.</content>
public ref partial struct WireReader
{
    // Longer texts would not stay in the first cache between the walk and the copy.
    private const int MaxDecodedAside = 4096;

    /// <summary>Reads a string.</summary>
    /// <exception cref="InvalidProtocolBufferException">It is not UTF-8, or not all there.</exception>
    public string ReadString() => ReadText(verify: true);

    /// <summary>Reads a string whose field does not verify UTF-8 (proto2): what is not UTF-8 becomes U+FFFD.</summary>
    public string ReadStringLenient() => ReadText(verify: false);

    private string ReadText(bool verify)
    {
        int position = _position;
        if (position < _end)
        {
            // A short text in this segment, as most are.
            int length = At(position++);
            if ((uint)(length - 1) < 0x80 - 1 && length <= _end - position)
            {
                _position = position + length;
                return Decode(
                    MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), position), length), verify);
            }
        }

        return ReadLongText(verify);
    }

    private string ReadLongText(bool verify)
    {
        int length = ReadLength();
        if (length == 0)
        {
            return "";
        }

        if (length <= _end - _position)
        {
            ReadOnlySpan<byte> utf8 = _buffer.Slice(_position, length);
            _position += length;
            return Decode(utf8, verify);
        }

        return ReadSplitText(length, verify);
    }

    private string ReadSplitText(int length, bool verify)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            ReadRaw(rented.AsSpan(0, length));
            return Decode(rented.AsSpan(0, length), verify);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // ASCII, as most texts are.
    private static string Decode(ReadOnlySpan<byte> utf8, bool verify) => AsciiText.TryDecode(utf8) ?? DecodeOther(utf8, verify);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string DecodeOther(ReadOnlySpan<byte> utf8, bool verify)
    {
        if (verify && utf8.Length <= MaxDecodedAside)
        {
            return DecodeAside(utf8);
        }

        string text = Encoding.UTF8.GetString(utf8);

        // What is not UTF-8 was decoded as U+FFFD. Without one there is nothing to verify: a search of the text is cheaper
        // than to walk all bytes first.
        if (verify && text.Contains('\uFFFD', StringComparison.Ordinal) && !Utf8.IsValid(utf8))
        {
            throw InvalidProtocolBufferException.InvalidUtf8();
        }

        return text;
    }

    // Decodes and verifies in one walk, and copies: the framework walks twice, first to learn how long the string is to be.
    private static string DecodeAside(ReadOnlySpan<byte> utf8)
    {
        // No character takes less than a byte.
        char[] characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        OperationStatus status = Utf8.ToUtf16(utf8, characters, out _, out int length, replaceInvalidSequences: false);
        string? text = status == OperationStatus.Done ? new string(characters, 0, length) : null;
        ArrayPool<char>.Shared.Return(characters);
        return text ?? throw InvalidProtocolBufferException.InvalidUtf8();
    }
}
