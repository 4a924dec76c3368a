// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;

namespace Peregrine.Protocol;

/// <summary>
/// The values of <c>-bin</c> metadata: base64, sent unpadded, accepted with and without padding; several values may come in one
/// field, separated by commas (gRPC PROTOCOL-HTTP2, "Binary-Header").
/// </summary>
internal static class BinaryMetadata
{
    /// <summary>How long <see cref="Encode"/>'s result is.</summary>
    public static int EncodedLength(int byteCount) => (int)(((byteCount * 4L) + 2) / 3);

    /// <summary>Writes unpadded base64.</summary>
    /// <param name="value">The bytes.</param>
    /// <param name="destination">At least four bytes for every three begun.</param>
    /// <returns>How many bytes were written, without the padding.</returns>
    public static int Encode(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        Base64.EncodeToUtf8(value, destination, out _, out _);
        return EncodedLength(value.Length);
    }

    /// <summary>Reads the values of one field, in order.</summary>
    /// <param name="field">The field value; split at commas before decoding.</param>
    /// <param name="values">Takes the values.</param>
    /// <returns>False when a value is not base64; values before it are in the list.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> field, List<byte[]> values)
    {
        foreach (Range part in field.Split((byte)','))
        {
            if (!TryDecodeOne(field[part].Trim(" \t"u8), out byte[] value))
            {
                return false;
            }

            values.Add(value);
        }

        return true;
    }

    /// <summary>Whether every value of a field is base64.</summary>
    public static bool IsValid(ReadOnlySpan<byte> field)
    {
        foreach (Range part in field.Split((byte)','))
        {
            if (!TryDecodeOne(field[part].Trim(" \t"u8), out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryDecodeOne(ReadOnlySpan<byte> text, out byte[] value)
    {
        value = [];
        ReadOnlySpan<byte> digits = text.TrimEnd((byte)'=');
        int padding = text.Length - digits.Length;
        int rest = digits.Length % 4;

        // Padding is absent or complete. The platform's decoder would skip blanks in the middle, which are no base64 digits.
        if (rest == 1 || (padding != 0 && (padding > 2 || padding != (4 - rest) % 4)) || digits.ContainsAny(" \t"u8))
        {
            return false;
        }

        int paddedLength = digits.Length + ((4 - rest) % 4);
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(paddedLength, 1));
        try
        {
            digits.CopyTo(rented);
            rented.AsSpan(digits.Length, paddedLength - digits.Length).Fill((byte)'=');
            if (Base64.DecodeFromUtf8InPlace(rented.AsSpan(0, paddedLength), out int length) != OperationStatus.Done)
            {
                return false;
            }

            value = rented.AsSpan(0, length).ToArray();
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
