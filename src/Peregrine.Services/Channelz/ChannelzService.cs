// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Channelz.V1;
using Peregrine.Diagnostics;

namespace Peregrine.Services.Channelz;

/// <summary>
/// The service <c>grpc.channelz.v1.Channelz</c> (gRFC A14): the channels, servers and connections of this process as <see cref="LiveEntities"/> sees
/// them. Thread-safe.
/// </summary>
public class ChannelzService : Grpc.Channelz.V1.Channelz.ChannelzBase
{
    // What a page holds when the client leaves it to the server, and at most.
    private const int UsualPage = 100;
    private const int LargestPage = 1000;

    /// <inheritdoc/>
    public override Task<GetTopChannelsResponse> GetTopChannels(GetTopChannelsRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TryGetPage(request.StartChannelId, request.MaxResults, out var size, out var error))
        {
            return Task.FromException<GetTopChannelsResponse>(error!);
        }

        // One more tells whether this is the end.
        var found = LiveEntities.GetChannels(request.StartChannelId, size + 1);
        return Task.FromResult(new GetTopChannelsResponse
        {
            Channel = { found.Take(size).Select(EntityMessages.Of) },
            End = found.Count <= size,
        });
    }

    /// <inheritdoc/>
    public override Task<GetServersResponse> GetServers(GetServersRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TryGetPage(request.StartServerId, request.MaxResults, out var size, out var error))
        {
            return Task.FromException<GetServersResponse>(error!);
        }

        var found = LiveEntities.GetServers(request.StartServerId, size + 1);
        return Task.FromResult(new GetServersResponse
        {
            Server = { found.Take(size).Select(EntityMessages.Of) },
            End = found.Count <= size,
        });
    }

    /// <inheritdoc/>
    public override Task<GetServerSocketsResponse> GetServerSockets(GetServerSocketsRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!TryGetPage(request.StartSocketId, request.MaxResults, out var size, out var error))
        {
            return Task.FromException<GetServerSocketsResponse>(error!);
        }

        return LiveEntities.GetServerConnections(request.ServerId, request.StartSocketId, size + 1) is { } found
            ? Task.FromResult(new GetServerSocketsResponse
            {
                SocketRef = { found.Take(size).Select(EntityMessages.RefOf) },
                End = found.Count <= size,
            })
            : Task.FromException<GetServerSocketsResponse>(NotFound("server", request.ServerId));
    }

    /// <inheritdoc/>
    public override Task<GetServerResponse> GetServer(GetServerRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LiveEntities.FindServer(request.ServerId) is { } found
            ? Task.FromResult(new GetServerResponse { Server = EntityMessages.Of(found) })
            : Task.FromException<GetServerResponse>(NotFound("server", request.ServerId));
    }

    /// <inheritdoc/>
    public override Task<GetChannelResponse> GetChannel(GetChannelRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LiveEntities.FindChannel(request.ChannelId) is { } found
            ? Task.FromResult(new GetChannelResponse { Channel = EntityMessages.Of(found) })
            : Task.FromException<GetChannelResponse>(NotFound("channel", request.ChannelId));
    }

    /// <inheritdoc/>
    public override Task<GetSubchannelResponse> GetSubchannel(GetSubchannelRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        return LiveEntities.FindSubchannel(request.SubchannelId) is { } found
            ? Task.FromResult(new GetSubchannelResponse { Subchannel = EntityMessages.Of(found) })
            : Task.FromException<GetSubchannelResponse>(NotFound("subchannel", request.SubchannelId));
    }

    /// <inheritdoc/>
    public override Task<GetSocketResponse> GetSocket(GetSocketRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        var socket = LiveEntities.FindConnection(request.SocketId) is { } connection ? EntityMessages.Of(connection)
            : LiveEntities.FindListener(request.SocketId) is { } listener ? EntityMessages.Of(listener)
            : null;
        return socket is not null
            ? Task.FromResult(new GetSocketResponse { Socket = request.Summary ? new Socket { Ref = socket.Ref } : socket })
            : Task.FromException<GetSocketResponse>(NotFound("socket", request.SocketId));
    }

    private static bool TryGetPage(long startId, long maxResults, out int size, out RpcException? error)
    {
        size = maxResults == 0 ? UsualPage : (int)Math.Min(maxResults, LargestPage);
        error = startId >= 0 && maxResults >= 0 ? null : new RpcException(new Status(
            StatusCode.InvalidArgument, $"The page from {startId} on with at most {maxResults} results cannot be given: neither may be negative."));
        return error is null;
    }

    private static RpcException NotFound(string what, long id) =>
        new(new Status(StatusCode.NotFound, $"There is no {what} {id} in this process, or it has ended."));
}
