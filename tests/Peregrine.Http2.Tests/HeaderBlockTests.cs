// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests;

/// <summary>Header blocks on the wire: padding, priority, CONTINUATION both ways, table sizes, malformed responses.</summary>
public sealed class HeaderBlockTests
{
    private static readonly Dictionary<string, Func<FrameScript>> Responses = new()
    {
        ["no status"] = () => new FrameScript().Headers(1, false, ("content-type", "application/grpc")),
        ["status of two digits"] = () => new FrameScript().Headers(1, false, (":status", "20")),
        ["status no number"] = () => new FrameScript().Headers(1, false, (":status", "2x0")),
        ["status repeated"] = () => new FrameScript().Headers(1, false, (":status", "200"), (":status", "200")),
        ["status 101"] = () => new FrameScript().Headers(1, false, (":status", "101")),
        ["status behind a regular field"] = () => new FrameScript().Headers(1, false, ("a", "b"), (":status", "200")),
        ["request pseudo field"] = () => new FrameScript().Headers(1, false, (":status", "200"), (":path", "/")),
        ["upper case name"] = () => new FrameScript().Headers(1, false, (":status", "200"), ("X", "1")),
        ["connection field"] = () => new FrameScript().Headers(1, false, (":status", "200"), ("connection", "close")),
        ["interim that ends the stream"] = () => new FrameScript().Headers(1, true, (":status", "103")),
        ["body before the head"] = () => new FrameScript().Data(1, false, 1),
        ["body behind an interim head"] = () => new FrameScript().Headers(1, false, (":status", "103")).Data(1, false, 1),
        ["trailers that do not end"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Response).Headers(1, false, ("grpc-status", "0")),
        ["status in trailers"] = () =>
            new FrameScript().Headers(1, false, FrameScript.Response).Headers(1, true, (":status", "200")),
        ["body shorter than content-length"] = () =>
            new FrameScript().Headers(1, false, [.. FrameScript.Response, ("content-length", "2")]).Data(1, false, 1).Headers(1, true, ("t", "1")),
    };

    [Theory]
    [InlineData("no status")]
    [InlineData("status of two digits")]
    [InlineData("status no number")]
    [InlineData("status repeated")]
    [InlineData("status 101")]
    [InlineData("status behind a regular field")]
    [InlineData("request pseudo field")]
    [InlineData("upper case name")]
    [InlineData("connection field")]
    [InlineData("interim that ends the stream")]
    [InlineData("body before the head")]
    [InlineData("body behind an interim head")]
    [InlineData("trailers that do not end")]
    [InlineData("status in trailers")]
    [InlineData("body shorter than content-length")]
    public void Malformed_response_is_stream_error_PROTOCOL_ERROR(string response)
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        client.Sent();
        client.Feed(Responses[response]());
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR"], client.Sent());
        Assert.Equal("StreamReset 1 PROTOCOL_ERROR Library", client.Told()[^1]);
        Assert.False(client.Connection.IsClosed);
    }

    [Fact]
    public void Padding_and_priority_around_a_header_block_are_skipped()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new();
        byte[] block = script.Encode(FrameScript.Request);
        server.Feed(script.Frame(1, 0x2D, 1, [3, 0x80, 0, 0, 0, 200, .. block, 0, 0, 0]));
        Assert.StartsWith("Headers 1 ES :method=POST", Assert.Single(server.Told()));
    }

    [Fact]
    public void Priority_that_names_its_own_stream_is_stream_error_and_a_truncated_one_connection_error()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new();
        byte[] block = script.Encode(FrameScript.Request);
        server.Feed(script.Frame(1, 0x25, 1, [0, 0, 0, 1, 5, .. block]).Frame(1, 0x25, 3, [0, 0, 0, 0]));
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR", "GOAWAY 1 FRAME_SIZE_ERROR"], server.Sent());
    }

    [Fact]
    public void A_block_reads_the_same_wherever_CONTINUATION_cuts_it()
    {
        using Peer server = Peer.Server().Opened();
        byte[] block = new FrameScript().Encode(FrameScript.Request);
        int id = 1;
        for (int cut = 0; cut <= block.Length; cut++, id += 2)
        {
            server.Feed(new FrameScript().Frame(1, 1, id, block[..cut]).Frame(9, 0, id).Frame(9, 4, id, block[cut..]));
            Assert.Equal(
                $"Headers {id} ES :method=POST :scheme=http :path=/a/b :authority=test te=trailers", Assert.Single(server.Told()));
        }
    }

    [Theory]
    [InlineData(16_000)]
    [InlineData(16_384)]
    [InlineData(50_000)]
    public void A_block_larger_than_a_frame_goes_out_in_CONTINUATION_frames(int length)
    {
        using ConnectionPair pair = new(server: new() { MaxHeaderListSize = 100_000 });
        pair.Settle();
        pair.ServerEvents.Clear();
        string value = string.Concat(Enumerable.Range(0, length).Select(i => (char)('!' + (i % 90))));
        pair.Client.OpenStream(Peer.Fields([.. FrameScript.Request, ("x", value)]), endStream: true);
        pair.Settle();
        HeaderList received = Assert.Single(pair.ServerEvents).Headers!;
        Assert.Equal(value, System.Text.Encoding.Latin1.GetString(received[5].Value));
        Assert.False(received.IsTooLarge);
    }

    [Fact]
    public void A_server_may_send_interim_heads_before_the_final_one()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request));
        Streams.Http2Stream stream = server.Events[0].Stream!;
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "103"), ("link", "a")), endStream: false);
        server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: true);
        Assert.Equal(["HEADERS 1 :status=103 link=a", "HEADERS 1 ES :status=200"], server.Sent());
    }

    [Fact]
    public void Table_size_lowered_and_raised_by_one_SETTINGS_frame_is_signaled_in_two_updates()
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
}
