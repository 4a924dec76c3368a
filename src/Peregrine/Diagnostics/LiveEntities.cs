// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>
/// The channels, servers and connections of this process that live, to look at: what the service channelz shows (gRFC A14). A look takes the locks of
/// what it looks at for a moment, and costs nothing otherwise. Thread-safe.
/// </summary>
/// <remarks>
/// Every entity has a number of its own, in the order in which they were made. A channel is here until it is shut down, a server until its shutdown has
/// completed, and either only as long as the program refers to it.
/// </remarks>
public static class LiveEntities
{
    private static long _lastId;

    internal static EntityTable<ChannelBase> ChannelTable { get; } = new();

    internal static EntityTable<GrpcServer> ServerTable { get; } = new();

    /// <summary>The channels from a number on, ascending.</summary>
    /// <param name="startId">The least number.</param>
    /// <param name="maxCount">The most to return.</param>
    public static IReadOnlyList<ChannelSnapshot> GetChannels(long startId, int maxCount) =>
        [.. ChannelTable.From(startId, maxCount).Select(channel => channel.Observe()).OfType<ChannelSnapshot>()];

    /// <summary>The channel of a number; null if there is none.</summary>
    /// <param name="id">The number.</param>
    public static ChannelSnapshot? FindChannel(long id) => ChannelTable.Find(id)?.Observe();

    /// <summary>The subchannel of a number; null if there is none.</summary>
    /// <param name="id">The number.</param>
    public static SubchannelSnapshot? FindSubchannel(long id) =>
        GetChannels(0, int.MaxValue).SelectMany(channel => channel.Subchannels).FirstOrDefault(subchannel => subchannel.Id == id);

    /// <summary>The servers from a number on, ascending.</summary>
    /// <param name="startId">The least number.</param>
    /// <param name="maxCount">The most to return.</param>
    public static IReadOnlyList<ServerSnapshot> GetServers(long startId, int maxCount) =>
        [.. ServerTable.From(startId, maxCount).Select(server => server.Observe())];

    /// <summary>The server of a number; null if there is none.</summary>
    /// <param name="id">The number.</param>
    public static ServerSnapshot? FindServer(long id) => ServerTable.Find(id)?.Observe();

    /// <summary>What a server listens on, by its number; null if there is none.</summary>
    /// <param name="id">The number.</param>
    public static ListenerSnapshot? FindListener(long id) =>
        GetServers(0, int.MaxValue).SelectMany(server => server.Listeners).FirstOrDefault(listener => listener.Id == id);

    /// <summary>The connections of a server from a number on, ascending; null if there is no such server.</summary>
    /// <param name="serverId">The server's number.</param>
    /// <param name="startId">The least number.</param>
    /// <param name="maxCount">The most to return.</param>
    public static IReadOnlyList<ConnectionSnapshot>? GetServerConnections(long serverId, long startId, int maxCount) =>
        ServerTable.Find(serverId)?.ObserveConnections(startId, maxCount);

    /// <summary>The connection of a number, a server's or a channel's; null if there is none.</summary>
    /// <param name="id">The number.</param>
    public static ConnectionSnapshot? FindConnection(long id) =>
        ServerTable.From(0, int.MaxValue).Select(server => server.ObserveConnection(id)).FirstOrDefault(found => found is not null)
        ?? GetChannels(0, int.MaxValue).SelectMany(channel => channel.Subchannels).SelectMany(subchannel => subchannel.Connections)
            .FirstOrDefault(connection => connection.Id == id);

    /// <summary>The number of an entity that begins.</summary>
    internal static long NextId() => Interlocked.Increment(ref _lastId);
}
