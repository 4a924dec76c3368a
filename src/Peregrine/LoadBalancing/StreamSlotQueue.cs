// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.LoadBalancing;

/// <summary>
/// Calls that wait because the peer's SETTINGS_MAX_CONCURRENT_STREAMS is reached, first come first served. One waiter is woken at a
/// time, and wakes the next after it got its stream: waking all of them for every stream that ends would cost the square of their
/// number. Thread-safe.
/// </summary>
internal sealed class StreamSlotQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = new();
    private bool _closed;

    /// <summary>Takes a place in the queue: at its front when <paramref name="first"/> (a waiter that was woken in vain).</summary>
    /// <remarks>
    /// The caller must then, if it <see cref="IsFirst"/>, try once more to open its stream before it awaits <see cref="Place.Turn"/>,
    /// because a slot may have become free before it stood in the queue; and must call <see cref="Leave"/> in the end.
    /// </remarks>
    internal Place Enter(bool first)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_closed)
            {
                waiter.SetResult();
                return new Place(waiter);
            }

            _ = first ? _waiters.AddFirst(waiter) : _waiters.AddLast(waiter);
        }

        return new Place(waiter);
    }

    /// <summary>Whether a place is the first one, or no place any more because it was woken.</summary>
    internal bool IsFirst(Place place)
    {
        lock (_lock)
        {
            return _waiters.First is not { } first || first.Value == place.Waiter || place.Turn.IsCompleted;
        }
    }

    /// <summary>
    /// Leaves the queue, whether woken or not, and wakes the next waiter. It must: the transport tells of free slots only when there
    /// were none before, and those behind the first place have not tried by themselves.
    /// </summary>
    /// <param name="place">The place that <see cref="Enter"/> gave.</param>
    internal void Leave(Place place)
    {
        lock (_lock)
        {
            _ = _waiters.Remove(place.Waiter);
        }

        WakeFirst();
    }

    /// <summary>Wakes the first waiter: a slot may be free.</summary>
    internal void WakeFirst()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            waiter = _waiters.First?.Value;
            if (waiter is null)
            {
                return;
            }

            _waiters.RemoveFirst();
        }

        waiter.SetResult();
    }

    /// <summary>Wakes all: the connection takes no more streams.</summary>
    internal void Close()
    {
        TaskCompletionSource[] waiters;
        lock (_lock)
        {
            _closed = true;
            waiters = [.. _waiters];
            _waiters.Clear();
        }

        foreach (var waiter in waiters)
        {
            waiter.SetResult();
        }
    }

    /// <summary>Whether calls wait; a new call then takes its place behind them instead of trying its luck.</summary>
    internal bool HasWaiters
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count > 0;
            }
        }
    }

    /// <summary>One waiter's place in the queue.</summary>
    internal readonly struct Place(TaskCompletionSource waiter)
    {
        internal TaskCompletionSource Waiter { get; } = waiter;

        /// <summary>Completes when it is this waiter's turn to try, or when the connection takes no more streams.</summary>
        internal Task Turn => Waiter.Task;
    }
}
