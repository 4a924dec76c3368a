// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.LoadBalancing;

/// <summary>What a call gets when it asks for a connection: the connection, or the status that it ends with.</summary>
internal readonly struct Pick
{
    internal Pick(SubchannelConnection connection) => Connection = connection;

    internal Pick(Status failure) => Failure = failure;

    /// <summary>The connection to open a stream on; null when there is none for this call.</summary>
    internal SubchannelConnection? Connection { get; }

    /// <summary>Why there is no connection, when <see cref="Connection"/> is null.</summary>
    internal Status Failure { get; }
}
