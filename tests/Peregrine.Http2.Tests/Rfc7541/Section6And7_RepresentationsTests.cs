// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc7541;

/// <summary>RFC 7541 sections 3, the whole block, 6, the representations, and 7, what an attacker may try.</summary>
public sealed class Section6And7_RepresentationsTests
{
    [Fact]
    public void Order_and_repetition_of_fields_are_kept()
    {
        HpackDecoder decoder = new(4096);
        string block = HpackTest.Indexed("b", "1") + HpackTest.Indexed("a", "2") + "BF" + "82" + HpackTest.Indexed("a", "");
        Assert.Equal("b=1|a=2|b=1|:method=GET|a=", HpackTest.Decode(decoder, block));
    }

    [Theory]
    [InlineData("40", 1, false)] // incremental
    [InlineData("00", 0, false)] // without
    [InlineData("10", 0, true)] // never
    public void Only_incremental_indexing_adds_to_the_table_and_never_indexed_is_told(string first, int entries, bool never)
    {
        HpackDecoder decoder = new(4096);
        HeaderList list = new();
        Assert.Null(decoder.Decode(Convert.FromHexString(first + "0161" + "0131"), list, 8192, 100));
        Assert.Equal("a=1", HpackTest.Text(list));
        Assert.Equal((entries, never), (decoder.Table.Count, list[0].NeverIndexed));
    }

    [Theory]
    [InlineData("44")]
    [InlineData("04")]
    [InlineData("14")]
    public void A_name_may_be_taken_from_a_table(string first) =>
        Assert.Equal(":path=/x", HpackTest.Decode(new HpackDecoder(4096), first + "022F78"));

    [Fact]
    public void Fields_retained_of_a_list_outlive_it_and_take_no_more_than_their_octets()
    {
        HpackDecoder decoder = new(4096);
        HeaderList list = new();
        string block = "82" + HpackTest.Indexed("b", "1") + "00" + HpackTest.Literal("long") + HpackTest.Literal("  value ") + "0402" + "2F78" + "10" + "0161" + "0131";
        Assert.Null(decoder.Decode(Convert.FromHexString(block), list, 8192, 100));
        HeaderList retained = list.Retain([4, 2, 1, 3]);
        Assert.Equal("a=1|long=value|b=1|:path=/x", HpackTest.Text(retained));
        Assert.True(retained[0].NeverIndexed);
        Assert.Equal("a1longvalue/x".Length, retained.Literals.Length);

        list.Reset();
        Assert.Null(decoder.Decode(Convert.FromHexString("00" + HpackTest.Literal("other") + HpackTest.Literal("XXXXXXXXXXXXXXXXXXXXXXXX")), list, 8192, 100));
        Http2Connection.ReleaseHeaders(retained);
        Assert.Equal("a=1|long=value|b=1|:path=/x", HpackTest.Text(retained));
        Assert.Empty(list.Retain([]).Literals);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.Retain([1]));
    }

    [Fact]
    public void Every_beginning_of_a_block_is_read_without_harm()
    {
        byte[] block = Convert.FromHexString("3FE11F8287" + HpackTest.Indexed("custom-key", "custom-value") + "BE0484A0E41D139D7F");
        for (int length = 0; length < block.Length; length++)
        {
            new HpackDecoder(4096).Decode(block.AsSpan(0, length), new HeaderList(), 8192, 100);
        }
    }

    [Fact]
    public void Random_blocks_are_read_without_harm()
    {
        Random random = new(42);
        byte[] block = new byte[200];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(block);
            new HpackDecoder(4096).Decode(block.AsSpan(0, random.Next(block.Length)), new HeaderList(), 1000, 20);
        }
    }

    [Fact]
    public void A_secret_is_sent_in_a_form_that_no_table_on_the_way_may_hold()
    {
        HpackEncoder encoder = new();
        OutgoingHeaders headers = new();
        headers.Add("authorization"u8, "secret"u8, HeaderIndexing.NeverIndexed);
        byte[] buffer = new byte[100];
        encoder.Encode(headers, buffer);
        Assert.Equal(0x10, buffer[0] & 0xF0);
    }

    // ---- 7.3, 7.4: memory and limits

    [Fact]
    public void A_limit_cuts_the_list_but_never_the_decoding()
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
    public void A_bomb_of_indexes_costs_neither_memory_nor_an_overflow()
    {
        HpackDecoder decoder = new(4096);
        Assert.NotEmpty(HpackTest.Decode(decoder, HpackTest.Indexed("a", new string('x', 4000))));
        byte[] bomb = new byte[1_000_000];
        bomb.AsSpan().Fill(0xBE);
        HeaderList list = new();
        Assert.Null(decoder.Decode(bomb, list, 8192, 256));
        Assert.True(list.IsTooLarge);
        Assert.Equal(2, list.Count);
        Assert.Equal(int.MaxValue, list.Size);
    }
}
