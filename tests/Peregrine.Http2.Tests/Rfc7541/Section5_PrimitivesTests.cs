// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc7541;

/// <summary>RFC 7541 section 5, Primitive Type Representations: 5.1 integers, 5.2 strings.</summary>
public sealed class Section5_PrimitivesTests
{
    // ---- 5.1

    [Fact]
    public void Integers_round_trip_for_every_prefix_at_the_borders_of_their_lengths()
    {
        byte[] buffer = new byte[8];
        for (int prefix = 1; prefix <= 8; prefix++)
        {
            int full = (1 << prefix) - 1;
            foreach (int value in new[] { 0, 1, full - 1, full, full + 1, full + 127, full + 128, full + 16383, full + 16384, full + (1 << 21), full + (1 << 28) - 1 })
            {
                int length = HpackInteger.Encode(buffer, 0, prefix, value);
                int position = 0;
                Assert.True(HpackInteger.TryDecode(buffer.AsSpan(0, length), ref position, prefix, out int decoded));
                Assert.Equal((value, length), (decoded, position));
                for (int cut = 0; cut < length; cut++)
                {
                    position = 0;
                    Assert.False(HpackInteger.TryDecode(buffer.AsSpan(0, cut), ref position, prefix, out _));
                }
            }
        }
    }

    [Theory]
    [InlineData("FF8080808000")] // six octets, value 127: zero padding counts
    [InlineData("FFFFFFFFFF7F")]
    [InlineData("FF80808080808080808001")]
    public void An_integer_of_more_than_five_octets_is_a_decoding_error(string hex)
    {
        int position = 0;
        Assert.False(HpackInteger.TryDecode(Convert.FromHexString(hex), ref position, 7, out _));
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), hex));
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), "40" + hex)); // as a string's length
    }

    [Fact]
    public void Zero_padding_within_five_octets_is_read()
    {
        int position = 0;
        Assert.True(HpackInteger.TryDecode([0xFF, 0x80, 0x80, 0x80, 0x00], ref position, 7, out int value));
        Assert.Equal(127, value);
    }

    // ---- 5.2

    [Theory]
    [InlineData("400A61")] // name longer than the block
    [InlineData("40016105")] // value likewise
    [InlineData("40016185F1")] // Huffman-coded
    [InlineData("407FFFFFFF7F61")] // a length of 2^28
    [InlineData("40")]
    [InlineData("400161")]
    public void A_string_that_is_longer_than_its_block_is_a_decoding_error(string hex)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), hex));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void Huffman_code_round_trips_every_octet_and_random_text()
    {
        Random random = new(7541);
        IEnumerable<byte[]> texts = Enumerable.Range(0, 256).Select(octet => new[] { (byte)octet })
            .Concat(Enumerable.Range(0, 300).Select(length =>
            {
                byte[] text = new byte[length];
                random.NextBytes(text);
                return text;
            }));
        foreach (byte[] text in texts)
        {
            byte[] encoded = new byte[Huffman.EncodedLength(text)];
            Assert.Equal(encoded.Length, Huffman.Encode(text, encoded));
            byte[] decoded = new byte[Huffman.MaxDecodedLength(encoded.Length) + 1];
            Assert.True(Huffman.TryDecode(encoded, decoded, out int written));
            Assert.Equal(text, decoded[..written]);
        }
    }

    [Theory]
    [InlineData("FF")] // eight bits of padding
    [InlineData("1CFFFF")] // padding of a whole octet behind a symbol
    [InlineData("00")] // "00000" and padding of zeros
    [InlineData("1E")] // '3' in 6 bits, and padding 10
    [InlineData("FFFFFFFC")] // EOS, and padding of zeros
    [InlineData("FFFFFFFF")] // EOS
    [InlineData("FFFFFFFFFF")]
    public void Wrong_Huffman_padding_and_end_of_string_are_decoding_errors(string hex)
    {
        Assert.False(Huffman.TryDecode(Convert.FromHexString(hex), new byte[64], out _));
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), $"400161{0x80 + (hex.Length / 2):X2}{hex}"));
    }

    [Fact]
    public void The_shorter_form_is_sent()
    {
        Assert.Equal(0x80, HpackEncoder.EncodeString("www.example.com"u8)[0] & 0x80);
        Assert.Equal(3, HpackEncoder.EncodeString("\x01\x02"u8).Length);
        Assert.Equal([0], HpackEncoder.EncodeString([]));
    }
}
