// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc7541;

/// <summary>The examples of RFC 7541 appendix C, in both directions.</summary>
public sealed class AppendixC_ExamplesTests
{
    private const string First = ":method=GET|:scheme=http|:path=/|:authority=www.example.com";
    private const string Second = First + "|cache-control=no-cache";
    private const string Third = ":method=GET|:scheme=https|:path=/index.html|:authority=www.example.com|custom-key=custom-value";

    private const string FirstResponse =
        ":status=302|cache-control=private|date=Mon, 21 Oct 2013 20:13:21 GMT|location=https://www.example.com";

    private const string SecondResponse =
        ":status=307|cache-control=private|date=Mon, 21 Oct 2013 20:13:21 GMT|location=https://www.example.com";

    private const string ThirdResponse =
        ":status=200|cache-control=private|date=Mon, 21 Oct 2013 20:13:22 GMT|location=https://www.example.com|"
        + "content-encoding=gzip|set-cookie=foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    public static TheoryData<string, int, bool, string[], string[], int[]> Sequences => new()
    {
        {
            "C.3", 4096, false, [First, Second, Third],
            [
                "828684410f7777772e6578616d706c652e636f6d",
                "828684be58086e6f2d6361636865",
                "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
            ],
            [57, 110, 164]
        },
        {
            "C.4", 4096, true, [First, Second, Third],
            [
                "828684418cf1e3c2e5f23a6ba0ab90f4ff",
                "828684be5886a8eb10649cbf",
                "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
            ],
            [57, 110, 164]
        },
        {
            "C.5", 256, false, [FirstResponse, SecondResponse, ThirdResponse],
            [
                "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d",
                "4803333037c1c0bf",
                "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
            ],
            [222, 222, 215]
        },
        {
            "C.6", 256, true, [FirstResponse, SecondResponse, ThirdResponse],
            [
                "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
                "4883640effc1c0bf",
                "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
            ],
            [222, 222, 215]
        },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Blocks_decode_to_the_lists_of_the_appendix(
        string section, int tableSize, bool huffman, string[] lists, string[] blocks, int[] tableSizes)
    {
        HpackDecoder decoder = new(4096);
        decoder.Table.Resize(tableSize);
        for (int i = 0; i < blocks.Length; i++)
        {
            HeaderList list = new();
            Assert.Null(decoder.Decode(Convert.FromHexString(blocks[i]), list, 8192, 100));
            Assert.Equal(lists[i], Text(list));
            Assert.Equal(tableSizes[i], decoder.Table.Size);
        }

        Assert.NotEmpty(section);
        _ = huffman;
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Lists_encode_to_the_blocks_of_the_appendix(
        string section, int tableSize, bool huffman, string[] lists, string[] blocks, int[] tableSizes)
    {
        HpackEncoder encoder = new(huffman ? HpackEncoder.StringForm.Huffman : HpackEncoder.StringForm.Raw);
        byte[] buffer = new byte[4096];
        encoder.SetCapacity(tableSize);
        int update = encoder.Encode(new OutgoingHeaders(), buffer);
        Assert.Equal(tableSize == 4096 ? 0 : 3, update);
        for (int i = 0; i < blocks.Length; i++)
        {
            OutgoingHeaders headers = new();
            foreach (string field in lists[i].Split('|'))
            {
                int split = field.IndexOf('=', 1);
                headers.Add(
                    Encoding.ASCII.GetBytes(field[..split]), Encoding.ASCII.GetBytes(field[(split + 1)..]), HeaderIndexing.Incremental);
            }

            Assert.Equal(blocks[i], Convert.ToHexStringLower(buffer.AsSpan(0, encoder.Encode(headers, buffer))));
        }

        Assert.Equal(3, tableSizes.Length);
        Assert.NotEmpty(section);
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key=custom-header", 55, false)] // C.2.1
    [InlineData("040c2f73616d706c652f70617468", ":path=/sample/path", 0, false)] // C.2.2
    [InlineData("100870617373776f726406736563726574", "password=secret", 0, true)] // C.2.3
    [InlineData("82", ":method=GET", 0, false)] // C.2.4
    public void Each_representation_decodes(string block, string text, int tableSize, bool neverIndexed)
    {
        HpackDecoder decoder = new(4096);
        HeaderList list = new();
        Assert.Null(decoder.Decode(Convert.FromHexString(block), list, 8192, 100));
        Assert.Equal(text, Text(list));
        Assert.Equal(tableSize, decoder.Table.Size);
        Assert.Equal(neverIndexed, list[0].NeverIndexed);
    }

    [Theory]
    [InlineData(5, 10, "0a")] // C.1.1
    [InlineData(5, 1337, "1f9a0a")] // C.1.2
    [InlineData(8, 42, "2a")] // C.1.3
    public void Integers_encode_and_decode(int prefix, int value, string hex)
    {
        byte[] buffer = new byte[8];
        Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, HpackInteger.Encode(buffer, 0, prefix, value))));
        int position = 0;
        Assert.True(HpackInteger.TryDecode(Convert.FromHexString(hex), ref position, prefix, out int decoded));
        Assert.Equal(value, decoded);
    }

    private static string Text(HeaderList list)
    {
        List<string> fields = [];
        foreach (ref readonly HeaderField field in list.Fields)
        {
            fields.Add($"{Encoding.ASCII.GetString(field.Name)}={Encoding.ASCII.GetString(field.Value)}");
        }

        return string.Join('|', fields);
    }
}
