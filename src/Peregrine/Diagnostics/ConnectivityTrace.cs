// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Diagnostics;

/// <summary>The last changes of a channel's connectivity. Guarded by its owner's lock.</summary>
internal sealed class ConnectivityTrace(DateTimeOffset created)
{
    // Some rounds of connecting and failing; what was before is of no use for what is wrong now.
    private const int Kept = 20;

    private readonly Queue<ConnectivityEvent> _events = [];

    /// <summary>When the channel was made.</summary>
    public DateTimeOffset Created => created;

    /// <summary>All changes since then, also those that are not kept any more.</summary>
    public long Count { get; private set; }

    /// <summary>The changes that are kept, oldest first: a copy.</summary>
    public IReadOnlyList<ConnectivityEvent> Events => [.. _events];

    public void Add(ConnectivityEvent change)
    {
        Count++;
        if (_events.Count == Kept)
        {
            _ = _events.Dequeue();
        }

        _events.Enqueue(change);
    }
}
