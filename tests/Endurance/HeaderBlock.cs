// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Endurance;

/// <summary>Header blocks by hand: literals that enter no table, without Huffman code (RFC 7541 section 6.2.2).</summary>
internal static class HeaderBlock
{
    /// <summary>A whole request head.</summary>
    public static byte[] Request(string path, params (string Name, string Value)[] more) =>
    [
        .. Field(":method", "POST"), .. Field(":scheme", "http"), .. Field(":path", path), .. Field(":authority", "localhost"),
        .. Field("te", "trailers"), .. Field("content-type", "application/grpc"),
        .. more.SelectMany(field => Field(field.Name, field.Value)),
    ];

    public static byte[] Field(string name, string value) => [0, .. Text(name), .. Text(value)];

    /// <summary>A field that enters the table.</summary>
    public static byte[] IndexedField(string name, string value) => [0x40, .. Text(name), .. Text(value)];

    private static byte[] Text(string text) => [.. Integer(text.Length), .. Encoding.Latin1.GetBytes(text)];

    // RFC 7541 section 5.1 with a prefix of 7 bits.
    private static List<byte> Integer(int value)
    {
        const int largest = 127;
        if (value < largest)
        {
            return [(byte)value];
        }

        List<byte> bytes = [largest];
        value -= largest;
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return bytes;
    }
}
