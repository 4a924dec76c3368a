// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>
/// The connectivity state of a channel, as the gRPC document "connectivity-semantics-and-api" defines it. The numbers are those of
/// the document's order and of earlier C# packages.
/// </summary>
public enum ConnectivityState
{
    /// <summary>No connection, and none is being made. The next call, or <c>ConnectAsync</c>, starts one.</summary>
    Idle,

    /// <summary>A connection is being made: name resolution, TCP, TLS, or waiting for the peer's HTTP/2 SETTINGS.</summary>
    Connecting,

    /// <summary>A connection stands and the peer's SETTINGS have arrived.</summary>
    Ready,

    /// <summary>
    /// The last attempt to connect failed. Calls fail at once with UNAVAILABLE unless they wait for ready; the channel tries again by
    /// itself when its backoff has passed, and stays in this state until it is <see cref="Ready"/> (gRFC A62).
    /// </summary>
    TransientFailure,

    /// <summary>The channel was shut down or disposed. It never leaves this state.</summary>
    Shutdown,
}
