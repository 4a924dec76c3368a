// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>RFC 9113 section 4, HTTP Frames: 4.1 format, 4.2 size, 4.3 field section compression.</summary>
public sealed class Section4_FramesTests
{
    // ---- 4.1

    [Fact]
    public void Frames_of_unknown_types_are_discarded()
    {
        for (int type = 10; type < 256; type += 49)
        {
            int unknown = type;
            Conformance.IsIgnored(frames => frames.Frame(unknown, 0xFF, 0, 1, 2, 3).Frame(unknown, 0, 1).Frame(unknown, 0, 99, new byte[50]));
        }
    }

    [Fact]
    public void Undefined_flags_are_ignored() =>
        Conformance.Tells(["Data 1 2"], frames => frames.Frame(0, 0xF6, 1, 1, 2).Frame(8, 0xFF, 1, 0, 0, 0, 1).Frame(2, 0xFF, 1, 0, 0, 0, 9, 0));

    [Fact]
    public void The_reserved_bit_before_a_stream_number_is_ignored() =>
        Conformance.Answers(["PING ACK"], frames => frames.Frame(6, 0, unchecked((int)0x8000_0000), new byte[8]).Frame(8, 0, unchecked((int)0x8000_0001), 0, 0, 0, 1));

    // ---- 4.2

    [Fact]
    public void A_frame_of_16384_octets_is_accepted() =>
        Conformance.Tells(["Data 1 16384"], frames => frames.Data(1, false, new byte[16384]));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    [InlineData(6, 0)]
    [InlineData(7, 0)]
    [InlineData(8, 0)]
    [InlineData(9, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 99)]
    public void A_frame_above_the_maximum_that_alters_the_connection_is_connection_error_FRAME_SIZE_ERROR(int type, int streamId)
    {
        if (type == 9)
        {
            Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(1, 0, 1).Frame(9, 4, streamId, new byte[16385]));
        }
        else
        {
            Conformance.IsConnectionError(Http2ErrorCode.FrameSizeError, frames => frames.Frame(type, 0, streamId, new byte[16385]));
        }
    }

    [Fact]
    public void DATA_above_the_maximum_is_stream_error_FRAME_SIZE_ERROR() =>
        Conformance.IsStreamError(1, Http2ErrorCode.FrameSizeError, frames => frames.Data(1, false, new byte[16385]));

    [Fact]
    public void The_maximum_is_what_this_end_announced_and_the_peers_is_kept_when_sending()
    {
        using Peer server = Peer.Server(new() { MaxFrameSize = 60_000 });
        server.Feed(new FrameScript().Preface().Settings((5, 40_000)).SettingsAck().Headers(1, false, FrameScript.Request)
            .Data(1, true, new byte[60_000]));
        Streams.Http2Stream stream = server.Events.First(item => item.Stream is not null).Stream!;
        Assert.Equal(60_000, server.Events.Sum(item => item.Data.Length));
        server.Told();
        server.Sent();
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        server.Connection.SendData(stream, new byte[50_000], endStream: true);
        Assert.Equal(["DATA 1 40000", "DATA 1 ES 10000"], server.Sent()[1..]);
    }

    // ---- 4.3

    [Fact]
    public void A_block_that_cannot_be_decoded_is_connection_error_COMPRESSION_ERROR()
    {
        Conformance.IsConnectionError(Http2ErrorCode.CompressionError, frames => frames.Frame(1, 5, 1, 0x80));
        Conformance.IsConnectionError(Http2ErrorCode.CompressionError, frames => frames.Frame(1, 5, 5, 0x88, 0xBE));
        Conformance.IsConnectionError(Http2ErrorCode.CompressionError, frames => frames.Frame(1, 1, 5, 0x40).Frame(9, 4, 5, 0x0A, 0x61));
    }

    [Fact]
    public void A_block_that_another_frame_interrupts_is_connection_error_PROTOCOL_ERROR()
    {
        FrameScript[] between =
        [
            new FrameScript().Ping(), new FrameScript().Data(1, false, 1), new FrameScript().Frame(2, 0, 1, 0, 0, 0, 9, 0), new FrameScript().Settings(),
            new FrameScript().Frame(99, 0, 0), new FrameScript().Reset(1), new FrameScript().WindowUpdate(0, 1), new FrameScript().GoAway(0),
            new FrameScript().Frame(1, 4, 1, 0x88), new FrameScript().Frame(9, 4, 3),
        ];
        foreach (FrameScript other in between)
        {
            Conformance.IsConnectionError(Http2ErrorCode.ProtocolError, frames => frames.Frame(1, 1, 1, 0x40).Raw(other.ToArray()));
        }
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
    [InlineData("refused, too many streams")]
    [InlineData("malformed")]
    [InlineData("on a stream that this end reset")]
    [InlineData("on a stream that the peer reset")]
    [InlineData("behind the final GOAWAY")]
    public void The_table_follows_blocks_that_are_discarded(string how)
    {
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 2 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, false, FrameScript.Request));
        Streams.Http2Stream first = server.Events[0].Stream!;
        server.Told();
        HpackEncoder encoder = new();
        FrameScript discarded = new();
        byte[] entry = Block(encoder, ("x-shared", "kept"));
        switch (how)
        {
            case "refused, too many streams":
                discarded.Frame(1, 5, 5, Block(encoder, [.. FrameScript.Request, ("x-new", "1")]));
                break;
            case "malformed":
                discarded.Frame(1, 5, 5, Block(encoder, ("x-new", "1")));
                break;
            case "on a stream that this end reset":
                server.Connection.ResetStream(first, Http2ErrorCode.Cancel);
                discarded.Frame(1, 5, 1, Block(encoder, ("x-new", "1")));
                break;
            case "on a stream that the peer reset":
                discarded.Reset(1).Frame(1, 5, 1, Block(encoder, ("x-new", "1")));
                break;
            default:
                server.Connection.BeginDrain(0);
                server.Connection.Tick(10_000, server.Events);
                discarded.Frame(1, 5, 5, Block(encoder, ("x-new", "1")));
                break;
        }

        // The first block of this encoder must be the first that the server sees.
        server.Feed(new FrameScript().Frame(1, 5, 3, entry).Raw(discarded.ToArray()));
        server.Told();
        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        DynamicTable table = server.Connection.Session.Reader.Decoder.Table;
        Assert.Equal("x-new"u8, table[0].Name);
        Assert.Equal("x-shared"u8, table[table.Count - 1].Name);
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

    // ---- 4.3.1

    [Fact]
    public void A_block_without_the_size_update_that_a_smaller_acknowledged_table_demands_is_connection_error_COMPRESSION_ERROR()
    {
        using Peer server = Peer.Server(new() { HeaderTableSize = 100 }).Opened();
        server.Feed(new FrameScript().Frame(1, 5, 1, 0x83, 0x86, 0x84));
        Assert.Equal("ConnectionClosed COMPRESSION_ERROR Library", server.Told()[^1]);
        using Peer obedient = Peer.Server(new() { HeaderTableSize = 100 }).Opened();
        obedient.Feed(new FrameScript().Frame(1, 5, 1, 0x3F, 0x45, 0x83, 0x86, 0x84));
        Assert.Equal("Headers 1 ES :method=POST :scheme=http :path=/", obedient.Told()[^1]);
    }

    private static byte[] Block(HpackEncoder encoder, params (string Name, string Value)[] fields)
    {
        OutgoingHeaders headers = new();
        foreach ((string name, string value) in fields)
        {
            headers.Add(
                System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(value), HeaderIndexing.Incremental);
        }

        byte[] buffer = new byte[4096];
        return buffer[..encoder.Encode(headers, buffer)];
    }
}
