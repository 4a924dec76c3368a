// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.Guards;

/// <summary>How a dead peer is noticed.</summary>
public sealed class KeepAliveTests
{
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
}
