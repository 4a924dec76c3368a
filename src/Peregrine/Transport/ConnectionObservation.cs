// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Diagnostics;
using Peregrine.Http2;

namespace Peregrine.Transport;

/// <summary>Looks at a connection for <see cref="LiveEntities"/>: takes its lock for some reads, and asks the socket where it is.</summary>
internal static class ConnectionObservation
{
    public static ConnectionSnapshot Of(long id, Http2Pump pump, ByteDuplex duplex, string peer, TimeProvider time)
    {
        Http2Counters counters;
        MessageCounters messages;
        bool isServer;
        lock (pump.Gate)
        {
            counters = pump.Core.Counters;
            messages = pump.Messages;
            isServer = pump.Core.Role == Http2Role.Server;
        }

        var now = pump.Now();
        var utc = time.GetUtcNow();
        return new ConnectionSnapshot
        {
            Id = id,
            IsServer = isServer,
            Peer = peer,
            LocalEndPoint = duplex.LocalEndPoint,
            RemoteEndPoint = duplex.RemoteEndPoint,
            Tls = duplex.Tls,
            StreamsStarted = isServer ? counters.RemoteStreamsStarted : counters.LocalStreamsStarted,
            StreamsSucceeded = counters.StreamsSucceeded,
            StreamsFailed = counters.StreamsFailed,
            MessagesSent = messages.Sent,
            MessagesReceived = messages.Received,
            KeepAlivesSent = counters.KeepAlivesSent,
            LastLocalStreamStarted = At(counters.LastLocalStream),
            LastRemoteStreamStarted = At(counters.LastRemoteStream),
            LastMessageSent = At(messages.LastSent),
            LastMessageReceived = At(messages.LastReceived),
            SendWindow = counters.SendWindow,
            ReceiveWindow = counters.ReceiveWindow,
        };

        DateTimeOffset? At(long then) => Utc(then, now, utc);
    }

    /// <summary>When the peer started a stream last, in UTC; null for never. The socket is not asked.</summary>
    public static DateTimeOffset? LastRemoteStream(Http2Pump pump, TimeProvider time)
    {
        long last;
        lock (pump.Gate)
        {
            last = pump.Core.Counters.LastRemoteStream;
        }

        return Utc(last, pump.Now(), time.GetUtcNow());
    }

    private static DateTimeOffset? Utc(long then, long now, DateTimeOffset utc) =>
        then < 0 ? null : utc - TimeSpan.FromMilliseconds(Math.Max(0, now - then));
}
