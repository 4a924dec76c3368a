// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests;

/// <summary>Floods end the connection with ENHANCE_YOUR_CALM; busy honest traffic never does.</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData("ping")]
    [InlineData("settings")]
    [InlineData("priority")]
    [InlineData("empty data")]
    [InlineData("window update")]
    [InlineData("unknown frames")]
    public void Frames_that_carry_nothing_are_limited_to_ten_thousand_at_once(string flood)
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request)).Told();
        int frames = 0;
        while (!server.Connection.IsClosed && frames < 20_000)
        {
            FrameScript script = new();
            server.Feed(flood switch
            {
                "ping" => script.Ping(),
                "settings" => script.Settings(),
                "priority" => script.Frame(2, 0, 3, 0, 0, 0, 1, 0),
                "empty data" => script.Data(1, false),
                "window update" => script.WindowUpdate(0, 1),
                _ => script.Frame(99, 0, 0, 1),
            });
            server.Sent();
            frames++;
        }

        Assert.InRange(frames, 400, 10_100);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    [Fact]
    public void Replies_that_the_peer_does_not_read_are_bounded()
    {
        using Peer server = Peer.Server().Opened();
        for (int i = 0; i < 5000 && !server.Connection.IsClosed; i++)
        {
            server.Feed(new FrameScript().Ping());
        }

        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
        Assert.InRange(server.Connection.UnsentBytes, 1, 100_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rapid_reset_and_resets_by_provoked_errors_are_stopped_after_two_thousand(bool provoked)
    {
        using Peer server = Peer.Server().Opened();
        int id = 1;
        for (; !server.Connection.IsClosed && id < 20_000; id += 2)
        {
            FrameScript script = new FrameScript().Headers(id, false, FrameScript.Request);
            server.Feed(provoked ? script.WindowUpdate(id, 0) : script.Reset(id)).Told();
            server.Sent();
        }

        Assert.InRange(id, 4000, 4100);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    [Fact]
    public void A_header_block_without_end_is_stopped_within_64_frames()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new FrameScript().Frame(1, 0, 1, 0x82);
        for (int i = 0; i < 65; i++)
        {
            script.Frame(9, 0, 1);
        }

        server.Feed(script);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    [Fact]
    public void Half_of_all_calls_cancelled_and_a_window_update_for_each_message_is_honest()
    {
        using Peer server = Peer.Server().Opened();
        OutgoingPair answer = new();
        for (int id = 1; id < 100_000; id += 2)
        {
            FrameScript script = new FrameScript().Headers(id, false, FrameScript.Request).Data(id, false, new byte[16])
                .WindowUpdate(id, 16).WindowUpdate(0, 16);
            bool cancelled = (id & 2) == 0;
            server.Feed(cancelled ? script.Reset(id) : script.Data(id, true, new byte[16]));
            if (!cancelled)
            {
                server.Connection.SendHeaders(server.Events[0].Stream!, answer.Headers, endStream: false);
                server.Connection.SendTrailers(server.Events[0].Stream!, answer.Trailers);
            }

            server.Told();
            server.Take();
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void Keepalive_asks_a_silent_peer_and_gives_up_on_a_dead_one()
    {
        using Peer client = Peer.Client(new() { KeepAliveInterval = 1000, KeepAliveTimeout = 500, SettingsTimeout = 0 }).Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Sent();
        Assert.Equal(1000, client.Connection.NextDeadline);
        client.Connection.Tick(1000, client.Events);
        Assert.Equal(["PING"], client.Sent());
        client.Connection.Tick(1499, client.Events);
        Assert.False(client.Connection.IsClosed);
        client.Connection.Tick(1500, client.Events);
        Assert.True(client.Connection.IsClosed);
    }

    private sealed class OutgoingPair
    {
        public Hpack.OutgoingHeaders Headers { get; } = Peer.Fields(FrameScript.Response);

        public Hpack.OutgoingHeaders Trailers { get; } = Peer.Fields(("grpc-status", "0"));
    }
}
