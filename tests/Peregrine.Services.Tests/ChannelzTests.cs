// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Grpc.Channelz.V1;
using Grpc.Health.V1;
using Library;
using Peregrine.Client;
using Peregrine.Diagnostics;
using Peregrine.Testing;
using ChannelzClient = Grpc.Channelz.V1.Channelz.ChannelzClient;
using State = Grpc.Channelz.V1.ChannelConnectivityState.Types.State;

namespace Peregrine.Services.Tests;

/// <summary>grpc.channelz.v1 over a process in which other tests have servers and channels, too.</summary>
public sealed class ChannelzTests
{
    [Fact]
    public async Task A_channel_has_its_target_its_state_and_its_calls()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        using GrpcChannel channel = server.CreateChannel();
        Grpc.Channelz.V1.Channel idle = await FindAsync(client, channel);
        Assert.Equal((State.Idle, 0L), (idle.Data!.State!.State, idle.Data.CallsStarted));
        Assert.Null(idle.Data.LastCallStartedTimestamp);

        DateTime before = DateTime.UtcNow;
        await CallAsync(channel);
        await CallAsync(channel);
        await FailAsync(channel);
        GetChannelResponse response = await client.GetChannelAsync(new GetChannelRequest { ChannelId = idle.Ref!.ChannelId });
        ChannelData data = response.Channel!.Data!;
        Assert.Equal((server.Address, server.Address), (data.Target, response.Channel.Ref!.Name));
        Assert.Equal((State.Ready, 3L, 2L, 1L), (data.State!.State, data.CallsStarted, data.CallsSucceeded, data.CallsFailed));
        Assert.InRange(data.LastCallStartedTimestamp!.ToDateTime(), before - TimeSpan.FromSeconds(1), DateTime.UtcNow);
    }

    [Fact]
    public async Task From_a_channel_the_way_leads_to_its_subchannel_and_its_socket()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        using GrpcChannel channel = server.CreateChannel();
        await CallAsync(channel);
        await FailAsync(channel);
        Grpc.Channelz.V1.Channel top = await FindAsync(client, channel);
        SubchannelRef reference = Assert.Single(top.SubchannelRef);
        Subchannel subchannel = (await client.GetSubchannelAsync(new GetSubchannelRequest { SubchannelId = reference.SubchannelId })).Subchannel!;
        Assert.Equal((reference, State.Ready, 2L), (subchannel.Ref, subchannel.Data!.State!.State, subchannel.Data.CallsStarted));

        SocketRef socketRef = Assert.Single(subchannel.SocketRef);
        Socket socket = (await client.GetSocketAsync(new GetSocketRequest { SocketId = socketRef.SocketId })).Socket!;
        SocketData data = socket.Data!;
        Assert.Equal((socketRef, server.Address), (socket.Ref, socketRef.Name));
        Assert.Equal((2L, 2L, 0L), (data.StreamsStarted, data.StreamsSucceeded, data.StreamsFailed));
        Assert.Equal((2L, 1L, 0L), (data.MessagesSent, data.MessagesReceived, data.KeepAlivesSent));
        Assert.NotNull(data.LastLocalStreamCreatedTimestamp);
        Assert.Null(data.LastRemoteStreamCreatedTimestamp);
        Assert.NotNull(data.LastMessageSentTimestamp);
        Assert.NotNull(data.LastMessageReceivedTimestamp);
        Assert.InRange(data.LocalFlowControlWindow!.Value, 1, int.MaxValue);
        Assert.InRange(data.RemoteFlowControlWindow!.Value, 1, int.MaxValue);
        Assert.Equal(server.Address, socket.Remote!.OtherAddress!.Name);
        Assert.Null(socket.Security);
    }

    [Fact]
    public async Task A_server_has_its_calls_and_its_sockets()
    {
        // Another server is asked, so that what is asked is not counted.
        await using InMemoryServer asked = Start();
        ChannelzClient client = new(asked.Channel);
        await using InMemoryServer server = Start();
        using GrpcChannel channel = server.CreateChannel();
        await CallAsync(channel);
        await FailAsync(channel);
        (Grpc.Channelz.V1.Server found, List<SocketRef> sockets) = await FindServerAsync(client, server);
        Grpc.Channelz.V1.Server again;
        do
        {
            // A call is counted as ended a moment after its answer has left.
            again = (await client.GetServerAsync(new GetServerRequest { ServerId = found.Ref!.ServerId })).Server!;
        }
        while (again.Data!.CallsFailed == 0 || again.Data.CallsSucceeded == 0);
        Assert.Equal(found.Ref, again.Ref);
        Assert.Equal((2L, 1L, 1L), (again.Data.CallsStarted, again.Data.CallsSucceeded, again.Data.CallsFailed));
        Assert.NotNull(again.Data.LastCallStartedTimestamp);

        SocketRef reference = Assert.Single(sockets);
        Socket socket = (await client.GetSocketAsync(new GetSocketRequest { SocketId = reference.SocketId })).Socket!;
        SocketData data = socket.Data!;
        Assert.Equal((2L, 2L, 0L), (data.StreamsStarted, data.StreamsSucceeded, data.StreamsFailed));
        Assert.Equal((1L, 2L), (data.MessagesSent, data.MessagesReceived));
        Assert.NotNull(data.LastRemoteStreamCreatedTimestamp);
        Assert.Null(data.LastLocalStreamCreatedTimestamp);

        GetSocketResponse summary = await client.GetSocketAsync(new GetSocketRequest { SocketId = reference.SocketId, Summary = true });
        Assert.Equal(new Socket { Ref = reference }, summary.Socket);
    }

    [Fact]
    public async Task A_stream_that_is_reset_has_failed()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        using GrpcChannel channel = server.CreateChannel();
        AsyncServerStreamingCall<HealthCheckResponse> watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext());
        watch.Dispose();
        Grpc.Channelz.V1.Channel top = await FindAsync(client, channel);
        Assert.Equal((1L, 0L, 1L), (top.Data!.CallsStarted, top.Data.CallsSucceeded, top.Data.CallsFailed));
        ConnectionSnapshot connection = Assert.Single(LiveEntities.FindChannel(top.Ref!.ChannelId)!.Subchannels[0].Connections);
        Assert.Equal((1L, 0L, 1L), (connection.StreamsStarted, connection.StreamsSucceeded, connection.StreamsFailed));
    }

    [Fact]
    public async Task What_happened_to_a_channel_is_told_with_reasons()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        using GrpcChannel channel = GrpcChannel.ForAddress($"inproc:nobody-{Guid.NewGuid():N}");
        await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel));
        ChannelTrace trace = (await FindAsync(client, channel)).Data!.Trace!;
        Assert.InRange(trace.NumEventsLogged, 2, long.MaxValue);
        Assert.Equal("The state is Connecting.", trace.Events[0].Description);
        Assert.Equal(ChannelTraceEvent.Types.Severity.CtInfo, trace.Events[0].Severity);
        Assert.StartsWith("The state is TransientFailure: ", trace.Events[1].Description);
        Assert.Contains(channel.Target, trace.Events[1].Description);
        Assert.Equal(ChannelTraceEvent.Types.Severity.CtWarning, trace.Events[1].Severity);
        Assert.True(trace.CreationTimestamp! <= trace.Events[0].Timestamp!);
    }

    [Fact]
    public async Task Of_many_changes_the_last_are_kept()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        using GrpcChannel channel = server.CreateChannel();
        for (int i = 0; i < 12; i++)
        {
            // Connecting, ready, idle.
            await channel.ConnectAsync();
            server.Server.AbortConnections();
            await channel.WaitForStateChangedAsync(ConnectivityState.Ready);
        }

        await CallAsync(server.Channel);
        ChannelTrace trace = (await FindAsync(client, channel)).Data!.Trace!;
        Assert.InRange(trace.NumEventsLogged, 36, long.MaxValue);
        Assert.Equal(20, trace.Events.Count);
        Assert.Equal("The state is Idle.", trace.Events[^1].Description);
    }

    [Fact]
    public async Task Pages_lead_through_all_channels_in_order()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        GrpcChannel[] channels = [server.CreateChannel(), server.CreateChannel(), server.CreateChannel()];
        List<Grpc.Channelz.V1.Channel> seen = [];
        GetTopChannelsResponse page;
        do
        {
            page = await client.GetTopChannelsAsync(new GetTopChannelsRequest { StartChannelId = seen.Count == 0 ? 0 : seen[^1].Ref!.ChannelId + 1, MaxResults = 1 });
            Assert.True(page.Channel.Count == 1 || page.End);
            seen.AddRange(page.Channel);
        }
        while (!page.End);
        Assert.Equal(channels.Length + 1, seen.Count(channel => channel.Data!.Target == server.Address));
        Assert.Equal(seen.Select(channel => channel.Ref!.ChannelId).Order(), seen.Select(channel => channel.Ref!.ChannelId));
    }

    [Fact]
    public async Task Pages_lead_through_the_sockets_of_a_server()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        for (int i = 0; i < 3; i++)
        {
            await CallAsync(server.CreateChannel());
        }

        (Grpc.Channelz.V1.Server found, List<SocketRef> all) = await FindServerAsync(client, server);
        Assert.Equal(4, all.Count);
        GetServerSocketsRequest request = new() { ServerId = found.Ref!.ServerId, MaxResults = 2 };
        GetServerSocketsResponse first = await client.GetServerSocketsAsync(request);
        Assert.False(first.End);
        request.StartSocketId = first.SocketRef[^1].SocketId + 1;
        GetServerSocketsResponse second = await client.GetServerSocketsAsync(request);
        Assert.True(second.End);
        Assert.Equal(all, first.SocketRef.Concat(second.SocketRef));
        request.StartSocketId = all[^1].SocketId + 1;
        GetServerSocketsResponse third = await client.GetServerSocketsAsync(request);
        Assert.True(third.End);
        Assert.Empty(third.SocketRef);
    }

    [Fact]
    public async Task What_is_not_there_is_NOT_FOUND()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        await ExpectAsync(StatusCode.NotFound, client.GetChannelAsync(new GetChannelRequest { ChannelId = long.MaxValue }));
        await ExpectAsync(StatusCode.NotFound, client.GetSubchannelAsync(new GetSubchannelRequest { SubchannelId = long.MaxValue }));
        await ExpectAsync(StatusCode.NotFound, client.GetServerAsync(new GetServerRequest { ServerId = long.MaxValue }));
        await ExpectAsync(StatusCode.NotFound, client.GetServerSocketsAsync(new GetServerSocketsRequest { ServerId = long.MaxValue }));
        await ExpectAsync(StatusCode.NotFound, client.GetSocketAsync(new GetSocketRequest { SocketId = long.MaxValue }));
    }

    [Fact]
    public async Task Negative_pages_are_INVALID_ARGUMENT()
    {
        await using InMemoryServer server = Start();
        ChannelzClient client = new(server.Channel);
        await ExpectAsync(StatusCode.InvalidArgument, client.GetTopChannelsAsync(new GetTopChannelsRequest { MaxResults = -1 }));
        await ExpectAsync(StatusCode.InvalidArgument, client.GetServersAsync(new GetServersRequest { StartServerId = -1 }));
        await ExpectAsync(StatusCode.InvalidArgument, client.GetServerSocketsAsync(new GetServerSocketsRequest { MaxResults = long.MinValue }));
    }

    [Fact]
    public async Task What_is_shut_down_is_gone()
    {
        await using InMemoryServer observer = Start();
        ChannelzClient client = new(observer.Channel);
        await using InMemoryServer server = Start();
        await CallAsync(server.Channel);
        (Grpc.Channelz.V1.Server found, _) = await FindServerAsync(client, server);
        long channel = (await FindAsync(client, server.Channel)).Ref!.ChannelId;
        await server.Channel.ShutdownAsync();
        await ExpectAsync(StatusCode.NotFound, client.GetChannelAsync(new GetChannelRequest { ChannelId = channel }));
        await server.Server.ShutdownAsync();
        await ExpectAsync(StatusCode.NotFound, client.GetServerAsync(new GetServerRequest { ServerId = found.Ref!.ServerId }));
    }

    [Fact]
    public void Nothing_is_kept_alive_by_being_observed()
    {
        (WeakReference channel, WeakReference server, string target) = Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(channel.IsAlive);
        Assert.False(server.IsAlive);
        Assert.DoesNotContain(LiveEntities.GetChannels(0, int.MaxValue), seen => seen.Target == target);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Channel, WeakReference Server, string Target) Forget()
    {
        string target = $"inproc:nobody-{Guid.NewGuid():N}";
        GrpcChannel channel = GrpcChannel.ForAddress(target);
        Assert.Contains(LiveEntities.GetChannels(0, int.MaxValue), seen => seen.Target == target);
        return (new WeakReference(channel), new WeakReference(new GrpcServer()), target);
    }

    internal static InMemoryServer Start()
    {
        InMemoryServer server = InMemoryServer.Start(Library.Library.BindService(new LibraryService()));
        server.Server.AddHealthService();
        server.Server.AddChannelzService();
        return server;
    }

    private static async Task<Grpc.Channelz.V1.Channel> FindAsync(ChannelzClient client, GrpcChannel channel)
    {
        // Of the channels to one server the last that was made.
        GetTopChannelsResponse all = await client.GetTopChannelsAsync(new GetTopChannelsRequest { MaxResults = 1000 });
        return all.Channel.Last(seen => seen.Data!.Target == channel.Target);
    }

    private static async Task<(Grpc.Channelz.V1.Server Server, List<SocketRef> Sockets)> FindServerAsync(ChannelzClient client, InMemoryServer server)
    {
        GetServersResponse all = await client.GetServersAsync(new GetServersRequest { MaxResults = 1000 });
        foreach (Grpc.Channelz.V1.Server one in all.Server)
        {
            try
            {
                GetServerSocketsResponse sockets = await client.GetServerSocketsAsync(new GetServerSocketsRequest { ServerId = one.Ref!.ServerId });
                if (sockets.SocketRef.Any(socket => socket.Name == server.Address))
                {
                    return (one, [.. sockets.SocketRef]);
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
            {
                // Another test's, which has ended meanwhile.
            }
        }

        throw new InvalidOperationException("The server is not shown.");
    }

    private static async Task CallAsync(GrpcChannel channel) => await new Library.Library.LibraryClient(channel).FindAsync(new Query { Title = "x" });

    private static async Task FailAsync(GrpcChannel channel) =>
        await ExpectAsync(StatusCode.NotFound, new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = "no.Such" }));

    private static async Task ExpectAsync<T>(StatusCode code, AsyncUnaryCall<T> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
}
