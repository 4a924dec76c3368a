// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.Guards;

/// <summary>Floods (RFC 9113 section 10.5) end the connection with ENHANCE_YOUR_CALM after a known number of frames.</summary>
public sealed class FloodTests
{
    // ---- Frames that carry nothing: 10,000 at once and 1,000 a second; SETTINGS count twenty times.

    [Theory]
    [InlineData("PING", 9_900, 10_100)]
    [InlineData("PING ACK", 9_900, 10_100)]
    [InlineData("SETTINGS", 490, 510)]
    [InlineData("SETTINGS ACK", 9_900, 10_100)]
    [InlineData("GOAWAY", 490, 510)]
    [InlineData("PRIORITY", 9_900, 10_100)]
    [InlineData("empty DATA", 9_900, 10_100)]
    [InlineData("padded empty DATA", 9_900, 10_100)]
    [InlineData("WINDOW_UPDATE", 9_900, 10_100)]
    [InlineData("WINDOW_UPDATE of a stream", 9_900, 10_100)]
    [InlineData("unknown", 9_900, 10_100)]
    [InlineData("RST_STREAM of a closed stream", 9_900, 10_100)]
    [InlineData("HEADERS of a reset stream", 9_900, 10_100)]
    public void Frames_that_carry_nothing_end_the_connection(string flood, int least, int most)
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        server.Connection.ResetStream(server.Connection.Session.Streams.Find(3)!, Http2ErrorCode.Cancel);
        int frames = CountUntilClosed(server, flood);
        Assert.InRange(frames, least, most);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    [Fact]
    public void Interim_heads_without_end_end_a_clients_connection()
    {
        using Peer client = Peer.Client().Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        int heads = 0;
        for (; !client.Connection.IsClosed && heads < 20_000; heads++)
        {
            client.Feed(new FrameScript().Headers(1, false, (":status", "103")));
        }

        Assert.InRange(heads, 9_900, 10_100);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, client.Connection.CloseError.Code);
    }

    [Fact]
    public void What_a_flood_may_spend_fills_by_1000_frames_a_second()
    {
        using Peer server = Peer.Server().Opened();
        for (int second = 1; second <= 60; second++)
        {
            server.Now = second * 1000L;
            for (int i = 0; i < 1000; i++)
            {
                server.Feed(new FrameScript().Ping());
                server.Take();
            }
        }

        Assert.False(server.Connection.IsClosed);
        Assert.InRange(CountUntilClosed(server, "PING"), 9_000, 10_100);
    }

    [Fact]
    public void A_new_initial_window_costs_more_the_more_streams_it_moves()
    {
        using Peer server = Peer.Server().Opened();
        for (int id = 1; id < 2000; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, false, FrameScript.Request)).Told();
        }

        int changes = 0;
        for (; !server.Connection.IsClosed && changes < 1000; changes++)
        {
            server.Feed(new FrameScript().Settings((4, (uint)(changes & 1) + 1)));
            server.Take();
        }

        // 10,000 / (20 + 1000 / 8)
        Assert.InRange(changes, 65, 72);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    // ---- CONTINUATION

    [Theory]
    [InlineData(0, 66)]
    [InlineData(1, 66)]
    [InlineData(16_384, 3)]
    public void A_header_block_without_end_is_stopped_after_64_frames_or_four_times_the_limit(int octets, int most)
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Frame(1, 0, 1, 0x82));
        int frames = 1;
        for (; !server.Connection.IsClosed && frames < 1000; frames++)
        {
            server.Feed(new FrameScript().Frame(9, 0, 1, new byte[octets]));
        }

        Assert.InRange(frames, 2, most);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
        Assert.InRange(server.Connection.Session.Reader.Buffer.RentedBytes, 0, 64 << 10);
    }

    // ---- Replies that the peer does not read

    [Theory]
    [InlineData("PING")]
    [InlineData("SETTINGS")]
    [InlineData("refused requests")]
    public void At_most_4000_replies_wait_for_a_peer_that_does_not_read(string provoked)
    {
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 1 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request)).Told();
        for (int i = 1; i < 10_000 && !server.Connection.IsClosed; i++)
        {
            server.Now += 100;
            FrameScript script = new();
            server.Feed(provoked switch
            {
                "PING" => script.Ping(),
                "SETTINGS" => script.Settings(),
                _ => script.Headers(1 + (2 * i), true, FrameScript.Request),
            }).Told();
        }

        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
        Assert.InRange(server.Connection.UnsentBytes, 4000 * 9, 4002 * 17 + 100);
    }

    private static int CountUntilClosed(Peer server, string flood)
    {
        int frames = 0;
        while (!server.Connection.IsClosed && frames < 20_000)
        {
            FrameScript script = new();
            server.Feed(flood switch
            {
                "PING" => script.Ping(),
                "PING ACK" => script.Ping(ack: true),
                "SETTINGS" => script.Settings(),
                "SETTINGS ACK" => script.SettingsAck(),
                "GOAWAY" => script.GoAway(3),
                "PRIORITY" => script.Frame(2, 0, 99, 0, 0, 0, 1, 0),
                "empty DATA" => script.Data(1, false),
                "padded empty DATA" => script.Frame(0, 8, 1, 1, 0),
                "WINDOW_UPDATE" => script.WindowUpdate(0, 1),
                "WINDOW_UPDATE of a stream" => script.WindowUpdate(1, 1),
                "unknown" => script.Frame(99, 0, 0, 1),
                "RST_STREAM of a closed stream" => script.Reset(3),
                _ => script.Headers(3, true, ("t", "1")),
            });
            server.Take();
            server.Events.Clear();
            frames++;
        }

        return frames;
    }
}
