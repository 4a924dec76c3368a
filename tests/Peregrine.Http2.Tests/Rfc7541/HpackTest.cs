// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc7541;

/// <summary>Blocks as hexadecimal text, lists as <c>name=value|name=value</c>.</summary>
internal static class HpackTest
{
    public static string Decode(HpackDecoder decoder, string hex, int maxListSize = 8192, int maxFields = 100)
    {
        HeaderList list = new();
        return decoder.Decode(Convert.FromHexString(hex), list, maxListSize, maxFields) is { } problem ? "error: " + problem : Text(list);
    }

    public static string Text(HeaderList list)
    {
        List<string> fields = [];
        foreach (ref readonly HeaderField field in list.Fields)
        {
            fields.Add($"{Encoding.Latin1.GetString(field.Name)}={Encoding.Latin1.GetString(field.Value)}");
        }

        return string.Join('|', fields);
    }

    /// <summary>A literal with incremental indexing, nothing of it in Huffman code.</summary>
    public static string Indexed(string name, string value) => "40" + Literal(name) + Literal(value);

    /// <summary>A string literal without Huffman code.</summary>
    public static string Literal(string text)
    {
        byte[] length = new byte[6];
        int octets = HpackInteger.Encode(length, 0, 7, text.Length);
        return Convert.ToHexString(length.AsSpan(0, octets)) + Convert.ToHexString(Encoding.Latin1.GetBytes(text));
    }
}
