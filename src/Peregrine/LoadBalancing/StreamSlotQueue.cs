// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.LoadBalancing;

/// <summary>
/// Calls that wait because every connection of a subchannel carries as many streams as the peer's SETTINGS_MAX_CONCURRENT_STREAMS allows,
/// first come first served. Only the first is woken, and keeps its place until it has a stream: waking all of them for every stream
/// that ends would cost the square of their number. Thread-safe.
/// </summary>
internal sealed class StreamSlotQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Place> _places = new();
    private volatile int _count;

    /// <summary>Whether calls wait; a new call then takes its place behind them instead of trying its luck.</summary>
    internal bool HasWaiters => _count > 0;

    /// <summary>Takes the last place. The caller gives it back by <see cref="Leave"/>, whatever becomes of it.</summary>
    internal Place Enter()
    {
        var place = new Place();
        lock (_lock)
        {
            _places.AddLast(place.Node);
            _count = _places.Count;
        }

        return place;
    }

    /// <summary>
    /// Gives the task that completes when the place's owner shall look again. The owner asks for it first, then looks, by
    /// <see cref="IsFirst"/> and at the connections: what happens after that has completed the task.
    /// </summary>
    internal Task NextTurn(Place place)
    {
        lock (_lock)
        {
            if (place.Turn.Task.IsCompleted)
            {
                place.Turn = Place.NewTurn();
            }

            return place.Turn.Task;
        }
    }

    /// <summary>Whether it is this place's turn to open a stream.</summary>
    internal bool IsFirst(Place place)
    {
        lock (_lock)
        {
            return _places.First == place.Node;
        }
    }

    /// <summary>
    /// Gives the place back and wakes the first of the others. It must: the transport tells of free slots only when there were none
    /// before, and those behind the first place have not tried by themselves.
    /// </summary>
    internal void Leave(Place place)
    {
        lock (_lock)
        {
            _places.Remove(place.Node);
            _count = _places.Count;
        }

        WakeFirst();
    }

    /// <summary>Wakes the first: a slot may be free, or another connection may be made.</summary>
    internal void WakeFirst()
    {
        lock (_lock)
        {
            _ = _places.First?.Value.Turn.TrySetResult();
        }
    }

    /// <summary>Wakes all: there is no connection left to wait for.</summary>
    internal void WakeAll()
    {
        lock (_lock)
        {
            foreach (var place in _places)
            {
                _ = place.Turn.TrySetResult();
            }
        }
    }

    /// <summary>One waiter's place; for the queue only.</summary>
    internal sealed class Place
    {
        internal Place() => Node = new LinkedListNode<Place>(this);

        internal LinkedListNode<Place> Node { get; }

        internal TaskCompletionSource Turn { get; set; } = NewTurn();

        // Completed under the queue's lock: what waits must not run there.
        internal static TaskCompletionSource NewTurn() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
