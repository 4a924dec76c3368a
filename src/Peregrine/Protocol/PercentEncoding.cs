// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;

namespace Peregrine.Protocol;

/// <summary>
/// The value of <c>grpc-message</c>: UTF-8 with everything but <c>%x20-24</c> and <c>%x26-7E</c> as <c>%XX</c>
/// (gRPC PROTOCOL-HTTP2, "Status-Message").
/// </summary>
internal static class PercentEncoding
{
    private const int EscapeLength = 3;

    /// <summary>
    /// Encodes a text. A blank at either end is escaped, too: HTTP would strip it (RFC 9113 section 8.2.1). A text that grows
    /// beyond the limit is cut between characters.
    /// </summary>
    /// <param name="text">The text; an unpaired surrogate becomes U+FFFD.</param>
    /// <param name="maxLength">The longest result in bytes.</param>
    /// <returns>The encoded bytes.</returns>
    public static byte[] Encode(string text, int maxLength = int.MaxValue)
    {
        var encoded = new ArrayBufferWriter<byte>(Math.Max(16, (int)Math.Min(text.Length, (long)maxLength)));
        Span<byte> utf8 = stackalloc byte[4];
        int index = 0;
        bool isCut = false;
        while (index < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(index), out Rune rune, out int consumed);
            bool isAtEnd = index == 0 || index + consumed == text.Length;
            index += consumed;
            ReadOnlySpan<byte> bytes = utf8[..rune.EncodeToUtf8(utf8)];
            bool escape = bytes.Length > 1 || !IsPlain(bytes[0]) || (isAtEnd && bytes[0] == ' ');
            int length = escape ? bytes.Length * EscapeLength : 1;
            if (length > maxLength - encoded.WrittenCount)
            {
                isCut = true;
                break;
            }

            Span<byte> destination = encoded.GetSpan(length);
            if (!escape)
            {
                destination[0] = bytes[0];
            }
            else
            {
                for (int i = 0; i < bytes.Length; i++)
                {
                    destination[i * EscapeLength] = (byte)'%';
                    destination[(i * EscapeLength) + 1] = HexDigit(bytes[i] >> 4);
                    destination[(i * EscapeLength) + 2] = HexDigit(bytes[i] & 0xF);
                }
            }

            encoded.Advance(length);
        }

        // What was inside before the cut may stand at the end now.
        ReadOnlySpan<byte> result = encoded.WrittenSpan;
        return (isCut ? result.TrimEnd((byte)' ') : result).ToArray();
    }

    /// <summary>Decodes a text. Never fails: a broken escape stays as it is, broken UTF-8 becomes U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<byte> value)
    {
        int escape = value.IndexOf((byte)'%');
        if (escape < 0)
        {
            return Encoding.UTF8.GetString(value);
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(value.Length);
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == '%' && i + 2 < value.Length
                && char.IsAsciiHexDigit((char)value[i + 1]) && char.IsAsciiHexDigit((char)value[i + 2]))
            {
                rented[length++] = (byte)((HexValue(value[i + 1]) << 4) | HexValue(value[i + 2]));
                i += 2;
            }
            else
            {
                rented[length++] = value[i];
            }
        }

        string text = Encoding.UTF8.GetString(rented, 0, length);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }

    private static bool IsPlain(byte b) => b is >= 0x20 and <= 0x7E and not (byte)'%';

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
