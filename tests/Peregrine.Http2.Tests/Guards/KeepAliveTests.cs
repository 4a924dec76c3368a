// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.Guards;

/// <summary>How a dead peer is noticed, and how often a peer may be asked.</summary>
public sealed class KeepAliveTests
{
    private static readonly Http2ConnectionOptions Asking = new()
    {
        KeepAliveInterval = 1000,
        KeepAliveDistance = 5000,
        KeepAliveTimeout = 500,
        SettingsTimeout = 0,
    };

    [Fact]
    public void Keepalive_asks_a_silent_peer_and_gives_up_on_a_dead_one()
    {
        using Peer client = Open(new() { KeepAliveInterval = 1000, KeepAliveTimeout = 500, SettingsTimeout = 0 });
        Assert.Equal(1000, client.Connection.NextDeadline);
        client.Connection.Tick(1000, client.Events);
        Assert.Equal(["PING"], client.Sent());
        client.Connection.Tick(1499, client.Events);
        Assert.False(client.Connection.IsClosed);
        client.Connection.Tick(1500, client.Events);
        Assert.True(client.Connection.IsClosed);
    }

    [Fact]
    public void Keepalive_asks_soon_after_a_message_and_then_keeps_its_distance()
    {
        using Peer client = Open(Asking);
        client.Connection.Tick(1000, client.Events);
        Assert.Equal(["PING"], client.Sent());
        Answer(client, 1001);
        Assert.Equal(6000, client.Connection.NextDeadline);
        client.Connection.Tick(5999, client.Events);
        Assert.Empty(client.Sent());
        client.Connection.Tick(6000, client.Events);
        Assert.Equal(["PING"], client.Sent());
        Answer(client, 6001);

        // HEADERS of the response.
        Feed(client, 6500, new FrameScript().Headers(1, false, FrameScript.Response));
        Assert.Equal(7500, client.Connection.NextDeadline);
    }

    [Fact]
    public void The_silence_before_the_first_stream_does_not_count()
    {
        using Peer client = Peer.Client(Asking).Opened();
        _ = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true, now: 3000);
        client.Sent();
        Assert.Equal(4000, client.Connection.NextDeadline);
    }

    [Fact]
    public void Without_a_time_out_a_ping_may_stay_unanswered()
    {
        using Peer client = Open(new() { KeepAliveInterval = 1000, KeepAliveTimeout = 0, SettingsTimeout = 0 });
        client.Connection.Tick(1000, client.Events);
        Assert.Equal(["PING"], client.Sent());
        Assert.Equal(long.MaxValue, client.Connection.NextDeadline);
    }

    [Fact]
    public void Keepalive_asks_nothing_without_streams_unless_it_is_told_to()
    {
        using Peer client = Peer.Client(Asking).Opened();
        Assert.Equal(long.MaxValue, client.Connection.NextDeadline);
        using Peer asking = Peer.Client(new() { KeepAliveInterval = 1000, KeepAliveWithoutStreams = true, SettingsTimeout = 0 }).Opened();
        Assert.Equal(1000, asking.Connection.NextDeadline);
    }

    [Fact]
    public void A_new_stream_on_a_long_silent_connection_brings_a_ping_behind_its_headers()
    {
        using Peer client = Peer.Client(Asking).Opened();
        _ = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true, now: 4999);
        Assert.Equal(["HEADERS"], Types(client));
        _ = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true, now: 5000);
        Assert.Equal(["HEADERS", "PING"], Types(client));
        _ = client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true, now: 5001);
        Assert.Equal(["HEADERS"], Types(client));
        client.Connection.Tick(5500, client.Events);
        Assert.True(client.Connection.IsClosed);
    }

    [Fact]
    public void The_third_early_ping_of_a_client_ends_the_connection()
    {
        using Peer server = Peer.Server(new() { MinPingInterval = 1000, SettingsTimeout = 0 }).Opened();
        Feed(server, 0, new FrameScript().Headers(1, true, FrameScript.Request));
        for (int i = 0; i < 3; i++)
        {
            Feed(server, 10 + i, new FrameScript().Ping());
            Assert.False(server.Connection.IsClosed);
        }

        Feed(server, 20, new FrameScript().Ping());
        Assert.True(server.Connection.IsClosed);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
        Assert.Equal("too_many_pings", server.Connection.CloseError.Reason);
    }

    [Fact]
    public void Pings_that_keep_their_distance_are_answered_for_ever_and_a_message_forgives_early_ones()
    {
        using Peer server = Peer.Server(new() { MinPingInterval = 1000, SettingsTimeout = 0 }).Opened();
        Feed(server, 0, new FrameScript().Headers(1, true, FrameScript.Request));
        for (int i = 1; i < 20; i++)
        {
            Feed(server, i * 1000, new FrameScript().Ping());
        }

        var stream = server.Events.First(e => e.Kind == Http2EventKind.Headers).Stream!;
        for (int i = 0; i < 20; i++)
        {
            server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
            Feed(server, 20_000 + (3 * i), new FrameScript().Ping());
            Feed(server, 20_001 + (3 * i), new FrameScript().Ping());
            Feed(server, 20_002 + (3 * i), new FrameScript().Ping());
        }

        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Without_streams_one_ping_in_two_hours_is_permitted()
    {
        using Peer server = Peer.Server(new() { MinPingInterval = 1000, SettingsTimeout = 0 }).Opened();
        const long hour = 60 * 60 * 1000;
        for (int i = 0; i < 3; i++)
        {
            Feed(server, i * hour, new FrameScript().Ping());
        }

        Assert.False(server.Connection.IsClosed);
        Feed(server, 3 * hour, new FrameScript().Ping());
        Assert.True(server.Connection.IsClosed);

        using Peer permitting = Peer.Server(new() { MinPingInterval = 1000, PermitPingsWithoutStreams = true, SettingsTimeout = 0 }).Opened();
        for (int i = 0; i < 10; i++)
        {
            Feed(permitting, i * 1000, new FrameScript().Ping());
        }

        Assert.False(permitting.Connection.IsClosed);
    }

    [Fact]
    public void The_default_of_clients_is_never_too_much_for_the_default_of_servers()
    {
        // One idle stream for a day, by virtual time: 30 s, then 5 min 10 s (the channel's defaults) against 5 min.
        using Peer client = Open(new() { KeepAliveInterval = 30_000, KeepAliveDistance = 310_000, KeepAliveTimeout = 20_000, SettingsTimeout = 0 });
        using Peer server = Peer.Server(new() { MinPingInterval = 300_000, SettingsTimeout = 0 }).Opened();
        Feed(server, 0, new FrameScript().Headers(1, true, FrameScript.Request));
        const long day = 24 * 60 * 60 * 1000;
        int pings = 0;
        for (long now = client.Connection.NextDeadline; now < day; now = client.Connection.NextDeadline)
        {
            client.Connection.Tick(now, client.Events);
            Assert.Equal(["PING"], client.Sent());
            Feed(server, now, new FrameScript().Ping());
            Answer(client, now + 1);
            pings++;
        }

        Assert.False(server.Connection.IsClosed);
        Assert.InRange(pings, 270, 290);
    }

    private static Peer Open(Http2ConnectionOptions options)
    {
        Peer client = Peer.Client(options).Opened();
        client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: true);
        client.Sent();
        return client;
    }

    private static IEnumerable<string> Types(Peer peer) => peer.Sent().Select(line => line.Split(' ')[0]);

    private static void Feed(Peer peer, long now, FrameScript script)
    {
        peer.Now = now;
        peer.Feed(script);
    }

    private static void Answer(Peer client, long now) => Feed(client, now, new FrameScript().Ping(ack: true));
}
