// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>What a connection has done since it began. Times are the owner's milliseconds; -1 for never.</summary>
public readonly record struct Http2Counters
{
    /// <summary>Streams that this end opened.</summary>
    public long LocalStreamsStarted { get; init; }

    /// <summary>Streams that the peer opened.</summary>
    public long RemoteStreamsStarted { get; init; }

    /// <summary>Streams whose server ended them with END_STREAM.</summary>
    public long StreamsSucceeded { get; init; }

    /// <summary>Streams that ended without that: by a reset, or with the connection.</summary>
    public long StreamsFailed { get; init; }

    /// <summary>PINGs of keepalive.</summary>
    public long KeepAlivesSent { get; init; }

    /// <summary>When this end opened a stream last.</summary>
    public long LastLocalStream { get; init; }

    /// <summary>When the peer opened a stream last.</summary>
    public long LastRemoteStream { get; init; }

    /// <summary>The octets of DATA that the peer allows now on the connection, beside what it allows on each stream.</summary>
    public int SendWindow { get; init; }

    /// <summary>The octets of DATA that this end allows the peer now on the connection.</summary>
    public int ReceiveWindow { get; init; }
}
