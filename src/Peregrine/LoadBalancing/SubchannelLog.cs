// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.LoadBalancing;

/// <summary>The log events of <see cref="Subchannel"/>: ids 1000 to 1099 of this assembly.</summary>
internal static partial class SubchannelLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Channel to '{Target}' is connected to {Peer}.")]
    internal static partial void Connected(ILogger logger, string target, string peer);

    [LoggerMessage(1001, LogLevel.Warning, "Channel to '{Target}' failed to connect; next attempt in {Pause}. {Detail}")]
    internal static partial void ConnectFailed(ILogger logger, string target, string detail, TimeSpan pause, Exception? cause);

    [LoggerMessage(1002, LogLevel.Debug, "Channel to '{Target}' lost its connection to {Peer}, or was asked to leave it; the next call connects anew.")]
    internal static partial void ConnectionEnded(ILogger logger, string target, string peer);

    [LoggerMessage(1003, LogLevel.Debug, "Channel to '{Target}' ends its connection to {Peer}, which is idle.")]
    internal static partial void ConnectionIdle(ILogger logger, string target, string peer);

    [LoggerMessage(1004, LogLevel.Debug, "Channel to '{Target}' is idle after {IdleTimeout} without calls; the next call connects anew.")]
    internal static partial void Idle(ILogger logger, string target, TimeSpan idleTimeout);

    [LoggerMessage(1005, LogLevel.Warning, "Channel to '{Target}' makes no calls on its connection to {Peer}. {Detail}")]
    internal static partial void NotServing(ILogger logger, string target, string peer, string detail);

    [LoggerMessage(1006, LogLevel.Warning, "Channel to '{Target}' cannot check the health of {Peer}, which has no service grpc.health.v1.Health; it counts as healthy.")]
    internal static partial void HealthUnimplemented(ILogger logger, string target, string peer);

    [LoggerMessage(1007, LogLevel.Warning, "Channel to '{Target}' stops checking the health of {Peer}, which allows one stream at a time: calls need it.")]
    internal static partial void HealthGivesWay(ILogger logger, string target, string peer);
}
