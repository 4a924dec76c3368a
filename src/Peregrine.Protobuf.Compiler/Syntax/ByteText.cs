// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>
/// Text that gives its bytes back, also where they are not UTF-8: there, each byte is a lone surrogate from U+DC80 to U+DCFF, which UTF-8
/// never decodes to. An escape in a quoted name can put any byte there, and descriptors keep it.
/// </summary>
internal static class ByteText
{
    private const char FirstEscaped = '\uDC80';
    private const char LastEscaped = '\uDCFF';
    private const int Offset = 0xDC00;

    /// <summary>The text that stands for the bytes.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        StringBuilder text = new(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[length..];
            }
            else
            {
                text.Append((char)(Offset + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes that <see cref="Decode"/> made the text of.</summary>
    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        ArrayBufferWriter<byte> bytes = new(text.Length);
        while (text.Length > 0)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int length) == OperationStatus.InvalidData && IsEscaped(text[0]))
            {
                bytes.GetSpan(1)[0] = (byte)(text[0] - Offset);
                bytes.Advance(1);
            }
            else
            {
                // A lone surrogate of another kind is U+FFFD here, as everywhere.
                bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            }

            text = text[length..];
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether some of the text may be bytes that are not UTF-8: without that, the common encoding gives the same.</summary>
    public static bool MayBeEscaped(ReadOnlySpan<char> text) => text.IndexOfAnyInRange(FirstEscaped, LastEscaped) >= 0;

    private static bool IsEscaped(char c) => c is >= FirstEscaped and <= LastEscaped;
}
