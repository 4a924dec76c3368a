// SPDX-License-Identifier: Apache-2.0
using System;
using System.Net;

namespace Peregrine.Diagnostics;

/// <summary>A connection at one moment. Times are in UTC; null for never.</summary>
public sealed record ConnectionSnapshot
{
    /// <summary>Its number, positive, of one entity in the process.</summary>
    public required long Id { get; init; }

    /// <summary>Whether this end is the server.</summary>
    public required bool IsServer { get; init; }

    /// <summary>The peer's address as gRPC writes it.</summary>
    public required string Peer { get; init; }

    /// <summary>The address at this end; null inside the process, and when the connection is closed.</summary>
    public EndPoint? LocalEndPoint { get; init; }

    /// <summary>The address at the other end; null inside the process, and when the connection is closed.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>How TLS protects it; null for plaintext.</summary>
    public TlsSnapshot? Tls { get; init; }

    /// <summary>Streams, which are calls or attempts of calls, that were started on it.</summary>
    public required long StreamsStarted { get; init; }

    /// <summary>Streams that the server ended with END_STREAM, whatever the status.</summary>
    public required long StreamsSucceeded { get; init; }

    /// <summary>Streams that ended by a reset or with the connection.</summary>
    public required long StreamsFailed { get; init; }

    /// <summary>gRPC messages that were sent.</summary>
    public required long MessagesSent { get; init; }

    /// <summary>gRPC messages that came and were read.</summary>
    public required long MessagesReceived { get; init; }

    /// <summary>PINGs that were sent to see whether the peer is there.</summary>
    public required long KeepAlivesSent { get; init; }

    /// <summary>When this end started a stream last.</summary>
    public DateTimeOffset? LastLocalStreamStarted { get; init; }

    /// <summary>When the peer started a stream last.</summary>
    public DateTimeOffset? LastRemoteStreamStarted { get; init; }

    /// <summary>When a message was sent last.</summary>
    public DateTimeOffset? LastMessageSent { get; init; }

    /// <summary>When a message was read last.</summary>
    public DateTimeOffset? LastMessageReceived { get; init; }

    /// <summary>The octets that the peer allows this end now on the connection (RFC 9113 section 5.2).</summary>
    public required long SendWindow { get; init; }

    /// <summary>The octets that this end allows the peer now on the connection.</summary>
    public required long ReceiveWindow { get; init; }
}
