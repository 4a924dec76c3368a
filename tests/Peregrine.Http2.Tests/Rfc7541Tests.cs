// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests;

/// <summary>The rules of RFC 7541 sections 2 to 6: what must be refused, and what must survive.</summary>
public sealed class Rfc7541Tests
{
    [Fact]
    public void Huffman_code_round_trips_every_octet_and_random_text()
    {
        Random random = new(7541);
        for (int length = 0; length < 300; length++)
        {
            byte[] text = new byte[length];
            random.NextBytes(text);
            byte[] encoded = new byte[Huffman.EncodedLength(text)];
            Assert.Equal(encoded.Length, Huffman.Encode(text, encoded));
            byte[] decoded = new byte[Huffman.MaxDecodedLength(encoded.Length) + 1];
            Assert.True(Huffman.TryDecode(encoded, decoded, out int written));
            Assert.Equal(text, decoded[..written]);
        }

        foreach (byte octet in Enumerable.Range(0, 256).Select(n => (byte)n))
        {
            byte[] encoded = new byte[Huffman.EncodedLength([octet])];
            Huffman.Encode([octet], encoded);
            byte[] decoded = new byte[8];
            Assert.True(Huffman.TryDecode(encoded, decoded, out int written));
            Assert.Equal([octet], decoded[..written]);
        }
    }

    [Theory]
    [InlineData("ff")] // eight bits of padding
    [InlineData("1cffff")] // padding of a whole octet behind a symbol
    [InlineData("00")] // "00000" and padding of zeros
    [InlineData("ffffffff")] // EOS
    [InlineData("ffffffffff")]
    public void Wrong_huffman_padding_and_end_of_string_are_refused(string hex) =>
        Assert.False(Huffman.TryDecode(Convert.FromHexString(hex), new byte[64], out _));

    [Theory]
    [InlineData("80")] // index 0
    [InlineData("be")] // dynamic index of an empty table
    [InlineData("ff")] // integer cut off
    [InlineData("ffffffffff7f")] // integer of six octets
    [InlineData("ff8080808000")] // the same by zero padding
    [InlineData("400a61")] // string longer than the block
    [InlineData("823f01")] // size update behind a field
    [InlineData("3fe21f82")] // size update to 4097
    [InlineData("20202082")] // three size updates
    [InlineData("7e0161")] // name index outside of the tables
    public void Undecodable_blocks_are_refused(string hex) =>
        Assert.NotNull(new HpackDecoder(4096).Decode(Convert.FromHexString(hex), new HeaderList(), 8192, 100));

    [Fact]
    public void Every_prefix_of_a_valid_block_is_read_without_harm()
    {
        byte[] block = Convert.FromHexString(
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565"[6..]);
        for (int length = 0; length < block.Length; length++)
        {
            new HpackDecoder(4096).Decode(block.AsSpan(0, length), new HeaderList(), 8192, 100);
        }
    }

    [Fact]
    public void A_list_beyond_its_limit_is_cut_but_the_table_follows_to_the_end()
    {
        OutgoingHeaders headers = new();
        for (int i = 0; i < 20; i++)
        {
            headers.Add("name"u8, System.Text.Encoding.ASCII.GetBytes($"value{i:00}"), HeaderIndexing.Incremental);
        }

        byte[] buffer = new byte[4096];
        HpackEncoder encoder = new();
        HpackDecoder decoder = new(4096);
        HeaderList list = new();
        Assert.Null(decoder.Decode(buffer.AsSpan(0, encoder.Encode(headers, buffer)), list, 200, 100));
        Assert.True(list.IsTooLarge);
        Assert.Equal(4, list.Count);
        Assert.Equal(20 * 43, list.Size);
        Assert.Equal(20, decoder.Table.Count);

        list.Reset();
        Assert.Null(decoder.Decode(buffer.AsSpan(0, encoder.Encode(headers, buffer)), list, 8192, 10));
        Assert.True(list.IsTooLarge);
        Assert.Equal(10, list.Count);
    }

    [Fact]
    public void Encoder_and_decoder_agree_through_evictions_and_size_changes()
    {
        Random random = new(11);
        HpackEncoder encoder = new();
        HpackDecoder decoder = new(4096);
        byte[] buffer = new byte[1 << 16];
        for (int round = 0; round < 500; round++)
        {
            if (round % 50 == 49)
            {
                encoder.ApplyPeerTableSize((uint)random.Next(0, 5000));
                encoder.ApplyPeerTableSize((uint)random.Next(0, 5000));
            }

            OutgoingHeaders headers = new();
            List<string> expected = [];
            for (int i = random.Next(0, 12); i > 0; i--)
            {
                string name = "name" + random.Next(0, 30);
                string value = new('v', random.Next(0, 200));
                expected.Add(name + value);
                HeaderIndexing indexing = (HeaderIndexing)random.Next(0, 3);
                if (random.Next(2) == 0)
                {
                    headers.Add(new HeaderTemplate(name, value, indexing));
                }
                else
                {
                    headers.Add(System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value), indexing);
                }
            }

            HeaderList list = new();
            Assert.Null(decoder.Decode(buffer.AsSpan(0, encoder.Encode(headers, buffer)), list, 1 << 20, 100));
            List<string> actual = [];
            foreach (ref readonly HeaderField field in list.Fields)
            {
                actual.Add(System.Text.Encoding.ASCII.GetString(field.Name) + System.Text.Encoding.ASCII.GetString(field.Value));
            }

            Assert.Equal(expected, actual);
        }
    }
}
