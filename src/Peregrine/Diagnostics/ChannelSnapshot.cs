// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Diagnostics;

/// <summary>A channel at one moment.</summary>
public sealed record ChannelSnapshot
{
    /// <summary>Its number, positive, of one entity in the process.</summary>
    public required long Id { get; init; }

    /// <summary>The target as the user wrote it.</summary>
    public required string Target { get; init; }

    /// <summary>The connectivity state.</summary>
    public required ConnectivityState State { get; init; }

    /// <summary>The calls.</summary>
    public required CallCounts Calls { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>How often its state has changed since then.</summary>
    public required long EventCount { get; init; }

    /// <summary>The last of these changes, oldest first.</summary>
    public required IReadOnlyList<ConnectivityEvent> Events { get; init; }

    /// <summary>The ways to its server.</summary>
    public required IReadOnlyList<SubchannelSnapshot> Subchannels { get; init; }
}
