// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;

namespace Peregrine;

/// <summary>Which keys and values may travel as metadata (gRPC PROTOCOL-HTTP2, "Custom-Metadata").</summary>
internal static class MetadataSyntax
{
    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

    public static bool IsBinaryKey(string key) => key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal);

    /// <summary>Whether an entry of a key and a text can be made.</summary>
    public static bool CanHoldText(string key, string value) =>
        IsNormalizedKey(key.ToLowerInvariant()) && !IsBinaryKey(key) && IndexOfForbidden(value) < 0;

    public static string NormalizeKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        string normalized = key.ToLowerInvariant();
        if (!IsNormalizedKey(normalized))
        {
            throw new ArgumentException(
                $"The metadata key '{key}' is not valid: letters, digits, '_', '-' and '.' are allowed.", nameof(key));
        }

        return normalized;
    }

    /// <summary>Refuses what no HTTP field value may hold (RFC 9110 section 5.5).</summary>
    public static void CheckValue(string key, string value, string parameterName)
    {
        int i = IndexOfForbidden(value);
        if (i >= 0)
        {
            // The value itself may be a secret (a token): only the place is told.
            throw new ArgumentException(
                $"The value of the metadata entry '{key}' holds the character U+{(int)value[i]:X4} at index {i}; " +
                $"only printable ASCII may travel. Use a key ending with '{Metadata.BinaryHeaderSuffix}' and bytes instead.",
                parameterName);
        }
    }

    private static bool IsNormalizedKey(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    private static int IndexOfForbidden(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF)
            {
                return i;
            }
        }

        return -1;
    }
}
