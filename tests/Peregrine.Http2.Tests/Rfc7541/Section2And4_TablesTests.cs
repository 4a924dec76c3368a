// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc7541;

/// <summary>RFC 7541 sections 2.3, the tables and their indexes, and 4, the dynamic table's size, eviction and updates.</summary>
public sealed class Section2And4_TablesTests
{
    // ---- 2.3

    [Fact]
    public void The_newest_entry_has_index_62_and_older_ones_follow()
    {
        HpackDecoder decoder = new(4096);
        Assert.Equal("a=1", HpackTest.Decode(decoder, HpackTest.Indexed("a", "1")));
        Assert.Equal("b=2", HpackTest.Decode(decoder, HpackTest.Indexed("b", "2")));
        Assert.Equal("b=2|a=1", HpackTest.Decode(decoder, "BEBF"));
    }

    [Theory]
    [InlineData("80")] // index 0
    [InlineData("BE")] // 62, nothing is there
    [InlineData("FF00")] // 127
    [InlineData("7F0001")] // name index 63
    [InlineData("0F3001")] // the same without indexing
    [InlineData("1F3001")] // and never indexed
    public void An_index_outside_of_the_tables_is_a_decoding_error(string hex) =>
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), hex));

    [Fact]
    public void The_last_static_entry_and_every_other_have_their_names()
    {
        HpackDecoder decoder = new(4096);
        Assert.Equal("www-authenticate=", HpackTest.Decode(decoder, "BD"));
        Assert.Equal(":authority=", HpackTest.Decode(decoder, "81"));
        Assert.Equal(":status=500", HpackTest.Decode(decoder, "8E"));
        Assert.Equal("accept-encoding=gzip, deflate", HpackTest.Decode(decoder, "90"));
    }

    [Fact]
    public void A_table_may_hold_the_same_field_twice()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, HpackTest.Indexed("a", "1") + HpackTest.Indexed("a", "1"));
        Assert.Equal(2, decoder.Table.Count);
        Assert.Equal("a=1|a=1", HpackTest.Decode(decoder, "BEBF"));
    }

    // ---- 4.1, 4.3, 4.4

    [Fact]
    public void An_entry_counts_its_octets_and_32()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, HpackTest.Indexed("custom-key", " custom-header "));
        Assert.Equal(10 + 15 + 32, decoder.Table.Size);
    }

    [Fact]
    public void Entries_are_evicted_from_the_old_end_when_a_new_one_needs_their_room()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, "3F45"); // size 100
        HpackTest.Decode(decoder, HpackTest.Indexed("a", "1") + HpackTest.Indexed("b", "2"));
        Assert.Equal((2, 68), (decoder.Table.Count, decoder.Table.Size));
        HpackTest.Decode(decoder, HpackTest.Indexed("c", "3"));
        Assert.Equal("c=3|b=2", HpackTest.Decode(decoder, "BEBF"));
        Assert.StartsWith("error: ", HpackTest.Decode(decoder, "C0"));
    }

    [Fact]
    public void An_entry_larger_than_the_table_empties_it_and_is_no_error()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, "3F45" + HpackTest.Indexed("a", "1"));
        string large = new('x', 70);
        Assert.Equal("b=" + large, HpackTest.Decode(decoder, HpackTest.Indexed("b", large)));
        Assert.Equal((0, 0), (decoder.Table.Count, decoder.Table.Size));
    }

    [Fact]
    public void A_new_entry_may_take_its_name_from_one_that_it_evicts()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, "3F45" + HpackTest.Indexed("name", "1"));
        string value = new('x', 60);
        Assert.Equal("name=" + value, HpackTest.Decode(decoder, "7E" + HpackTest.Literal(value)));
        Assert.Equal((1, 96), (decoder.Table.Count, decoder.Table.Size));
    }

    // ---- 4.2, 6.3

    [Theory]
    [InlineData("823F01")] // behind a field
    [InlineData("40016101313F01")]
    [InlineData("3FE21F82")] // to 4097
    [InlineData("3FFFFFFF7F82")] // far above
    [InlineData("20202082")] // three of them
    [InlineData("3F")] // cut off
    public void A_size_update_that_is_misplaced_too_large_or_repeated_is_a_decoding_error(string hex) =>
        Assert.StartsWith("error: ", HpackTest.Decode(new HpackDecoder(4096), hex));

    [Fact]
    public void Two_size_updates_may_start_a_block()
    {
        HpackDecoder decoder = new(4096);
        HpackTest.Decode(decoder, HpackTest.Indexed("a", "1"));
        Assert.Equal(":method=GET", HpackTest.Decode(decoder, "203FE11F82"));
        Assert.Equal((0, 4096), (decoder.Table.Count, decoder.Table.Capacity));
    }

    [Fact]
    public void A_size_update_alone_is_a_block() => Assert.Equal("", HpackTest.Decode(new HpackDecoder(4096), "20"));

    [Fact]
    public void A_table_larger_than_4096_is_used_once_the_sender_says_so()
    {
        // RFC 7541 section 4.2 and RFC 9113 section 6.5.2: 4096 until the sender's update, or both ends would evict differently.
        HpackDecoder decoder = new(65536);
        Assert.Equal(4096, decoder.Table.Capacity);
        string large = new('x', 3000);
        HpackTest.Decode(decoder, HpackTest.Indexed("a", large) + HpackTest.Indexed("b", large));
        Assert.Equal(1, decoder.Table.Count);
        decoder.ApplyAcknowledgedTableSize(65536);
        Assert.Equal("", HpackTest.Decode(decoder, "3FE1FF03")); // 65536
        HpackTest.Decode(decoder, HpackTest.Indexed("a", large));
        Assert.Equal(2, decoder.Table.Count);
    }

    [Fact]
    public void A_smaller_acknowledged_size_demands_an_update_in_the_next_block()
    {
        HpackDecoder decoder = new(4096);
        decoder.ApplyAcknowledgedTableSize(100);
        Assert.StartsWith("error: ", HpackTest.Decode(decoder, "82"));
        decoder = new HpackDecoder(4096);
        decoder.ApplyAcknowledgedTableSize(100);
        Assert.StartsWith("error: ", HpackTest.Decode(decoder, "3F4682")); // 101
        Assert.Equal(":method=GET", HpackTest.Decode(decoder, "3F4582"));
    }

    [Fact]
    public void An_encoder_tells_the_smallest_and_the_last_size()
    {
        using Peer client = Peer.Client();
        client.Feed(new FrameScript().Settings((1, 0), (1, 300)).SettingsAck());
        client.Take();
        client.Connection.OpenStream(Peer.Fields((":method", "GET")), endStream: true);

        // RFC 7541 section 4.2: the smallest size, then the last one: 001 00000, 001 11111 with 300 - 31 in 7-bit groups.
        Assert.Equal([0x20, 0x3F, 0x8D, 0x02, 0x82], client.Take()[9..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(32)]
    [InlineData(60)]
    public void An_encoder_keeps_to_a_tiny_table(int size)
    {
        HpackEncoder encoder = new();
        HpackDecoder decoder = new(size);
        encoder.ApplyPeerTableSize((uint)size);
        decoder.ApplyAcknowledgedTableSize(size);
        byte[] buffer = new byte[4096];
        for (int round = 0; round < 20; round++)
        {
            OutgoingHeaders headers = new();
            headers.Add(new HeaderTemplate("name" + (round % 3), "value"));
            headers.Add("other"u8, "constant"u8, HeaderIndexing.Incremental);
            HeaderList list = new();
            Assert.Null(decoder.Decode(buffer.AsSpan(0, encoder.Encode(headers, buffer)), list, 8192, 100));
            Assert.Equal(2, list.Count);
            Assert.InRange(decoder.Table.Size, 0, size);
        }
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
                expected.Add($"{name}={value}");
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
            Assert.Equal(string.Join('|', expected), HpackTest.Text(list));
        }
    }
}
