// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Grpc.Channelz.V1;
using Peregrine.Diagnostics;
using Peregrine.Protobuf;
using Peregrine.Protobuf.WellKnownTypes;
using State = Grpc.Channelz.V1.ChannelConnectivityState.Types.State;

namespace Peregrine.Services.Channelz;

/// <summary>The messages of channelz for what <see cref="LiveEntities"/> sees.</summary>
internal static class EntityMessages
{
    public static Grpc.Channelz.V1.Channel Of(ChannelSnapshot channel) => new()
    {
        Ref = new ChannelRef { ChannelId = channel.Id, Name = channel.Target },
        Data = Data(channel.Target, channel.State, channel.Calls, Trace(channel.Created, channel.EventCount, channel.Events)),
        SubchannelRef = { channel.Subchannels.Select(subchannel => new SubchannelRef { SubchannelId = subchannel.Id, Name = subchannel.Target }) },
    };

    public static Subchannel Of(SubchannelSnapshot subchannel) => new()
    {
        Ref = new SubchannelRef { SubchannelId = subchannel.Id, Name = subchannel.Target },
        Data = Data(
            subchannel.Target, subchannel.State, subchannel.Calls, Trace(subchannel.Created, subchannel.EventCount, subchannel.Events)),
        SocketRef = { subchannel.Connections.Select(RefOf) },
    };

    public static Grpc.Channelz.V1.Server Of(ServerSnapshot server) => new()
    {
        Ref = new ServerRef { ServerId = server.Id },
        Data = new ServerData
        {
            CallsStarted = server.Calls.Started,
            CallsSucceeded = server.Calls.Succeeded,
            CallsFailed = server.Calls.Failed,
            LastCallStartedTimestamp = At(server.Calls.LastStarted),
        },
        ListenSocket = { server.Listeners.Select(RefOf) },
    };

    public static SocketRef RefOf(ConnectionSnapshot connection) => new() { SocketId = connection.Id, Name = connection.Peer };

    public static SocketRef RefOf(ListenerSnapshot listener) => new() { SocketId = listener.Id, Name = listener.Address };

    public static Grpc.Channelz.V1.Socket Of(ListenerSnapshot listener) => new()
    {
        Ref = RefOf(listener),
        Local = Of(listener.LocalEndPoint, listener.Address),
    };

    public static Grpc.Channelz.V1.Socket Of(ConnectionSnapshot connection) => new()
    {
        Ref = RefOf(connection),
        Data = new SocketData
        {
            StreamsStarted = connection.StreamsStarted,
            StreamsSucceeded = connection.StreamsSucceeded,
            StreamsFailed = connection.StreamsFailed,
            MessagesSent = connection.MessagesSent,
            MessagesReceived = connection.MessagesReceived,
            KeepAlivesSent = connection.KeepAlivesSent,
            LastLocalStreamCreatedTimestamp = At(connection.LastLocalStreamStarted),
            LastRemoteStreamCreatedTimestamp = At(connection.LastRemoteStreamStarted),
            LastMessageSentTimestamp = At(connection.LastMessageSent),
            LastMessageReceivedTimestamp = At(connection.LastMessageReceived),
            LocalFlowControlWindow = connection.SendWindow,
            RemoteFlowControlWindow = connection.ReceiveWindow,
        },
        Local = Of(connection.LocalEndPoint, connection.Peer),
        Remote = Of(connection.RemoteEndPoint, connection.Peer),
        Security = connection.Tls is { } tls ? new Security { Tls = Of(tls) } : null,
    };

    private static Security.Types.Tls Of(TlsSnapshot tls) => new()
    {
        StandardName = tls.CipherSuite,
        LocalCertificate = ByteString.CopyFrom(tls.LocalCertificate.Span),
        RemoteCertificate = ByteString.CopyFrom(tls.RemoteCertificate.Span),
    };

    private static ChannelData Data(string target, ConnectivityState state, CallCounts calls, ChannelTrace trace) => new()
    {
        Target = target,
        State = new ChannelConnectivityState { State = Of(state) },
        Trace = trace,
        CallsStarted = calls.Started,
        CallsSucceeded = calls.Succeeded,
        CallsFailed = calls.Failed,
        LastCallStartedTimestamp = At(calls.LastStarted),
    };

    private static State Of(ConnectivityState state) => state switch
    {
        ConnectivityState.Idle => State.Idle,
        ConnectivityState.Connecting => State.Connecting,
        ConnectivityState.Ready => State.Ready,
        ConnectivityState.TransientFailure => State.TransientFailure,
        ConnectivityState.Shutdown => State.Shutdown,
        _ => State.Unknown,
    };

    private static ChannelTrace Trace(DateTimeOffset created, long count, IReadOnlyList<ConnectivityEvent> events) => new()
    {
        CreationTimestamp = Timestamp.FromDateTimeOffset(created),
        NumEventsLogged = count,
        Events = { events.Select(Of) },
    };

    private static ChannelTraceEvent Of(ConnectivityEvent change) => new()
    {
        Description = change.Reason is { } reason ? $"The state is {change.State}: {reason}" : $"The state is {change.State}.",
        Severity = change.State == ConnectivityState.TransientFailure
            ? ChannelTraceEvent.Types.Severity.CtWarning
            : ChannelTraceEvent.Types.Severity.CtInfo,
        Timestamp = Timestamp.FromDateTimeOffset(change.At),
    };

    private static Address Of(EndPoint? endPoint, string name) => endPoint switch
    {
        IPEndPoint ip => new Address
        {
            TcpipAddress = new Address.Types.TcpIpAddress
            {
                IpAddress = ByteString.CopyFrom(
                    (ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address).GetAddressBytes()),
                Port = ip.Port,
            },
        },
        UnixDomainSocketEndPoint unix => new Address { UdsAddress = new Address.Types.UdsAddress { Filename = unix.ToString() } },
        _ => new Address { OtherAddress = new Address.Types.OtherAddress { Name = name } },
    };

    private static Timestamp? At(DateTimeOffset? time) => time is { } known ? Timestamp.FromDateTimeOffset(known) : null;
}
