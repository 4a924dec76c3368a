// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Diagnostics;

/// <summary>A server at one moment.</summary>
public sealed record ServerSnapshot
{
    /// <summary>Its number, positive, of one entity in the process.</summary>
    public required long Id { get; init; }

    /// <summary>The calls.</summary>
    public required CallCounts Calls { get; init; }

    /// <summary>What it listens on; empty once it stops.</summary>
    public IReadOnlyList<ListenerSnapshot> Listeners { get; init; } = [];
}
