// SPDX-License-Identifier: Apache-2.0
using System.Threading;

namespace Peregrine.Serving;

/// <summary>
/// Whether a method's handlers block: where its next call starts, on the reading thread or on the thread pool. Thread-safe.
/// </summary>
/// <remarks>
/// One stall says little: just-in-time compilation, a garbage collection or a busy machine holds any thread for a millisecond now and
/// then. So a stall is forgotten over the next <see cref="CallsToForget"/> calls, and only stalls that come faster than that send the
/// method to the thread pool; and not for good, but for a number of calls that doubles each time it is caught again. A method without
/// a stall in memory, which nearly all are, costs one read of a field that nobody writes.
/// </remarks>
internal sealed class StallHistory
{
    /// <summary>Calls in which one stall is forgotten. A handler that blocks in one call of these costs about as much as dispatching all.</summary>
    public const int CallsToForget = 64;

    /// <summary>Stalls, none of them forgotten, that send the method to the thread pool.</summary>
    public const int StallsBeforeDispatch = 3;

    // After this many dispatched calls at the latest, one that starts on the reading thread shows whether the method still blocks.
    private const int LongestDispatch = 1 << 16;

    private readonly Lock _gate = new();
    private int _suspicion;
    private int _dispatched;
    private int _nextDispatch = CallsToForget;

    /// <summary>Counts a call in. True: it starts on the reading thread; false: on the thread pool.</summary>
    public bool TakeInline()
    {
        if (Volatile.Read(ref _suspicion) == 0)
        {
            return true;
        }

        lock (_gate)
        {
            if (_dispatched > 0)
            {
                _dispatched--;
                return false;
            }

            if (_suspicion > 0 && --_suspicion == 0)
            {
                _nextDispatch = CallsToForget;
            }

            return true;
        }
    }

    /// <summary>A call was caught holding the reading thread. True: that sends the method to the thread pool.</summary>
    public bool AddStall()
    {
        lock (_gate)
        {
            // Calls that began on the reading thread before the method was sent away may be caught after it.
            if (_dispatched > 0)
            {
                return false;
            }

            _suspicion += CallsToForget;
            if (_suspicion <= (StallsBeforeDispatch - 1) * CallsToForget)
            {
                return false;
            }

            _suspicion = (StallsBeforeDispatch - 1) * CallsToForget;
            _dispatched = _nextDispatch;
            _nextDispatch = int.Min(_nextDispatch * 2, LongestDispatch);
            return true;
        }
    }
}
