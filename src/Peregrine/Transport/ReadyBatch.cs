// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Transport;

/// <summary>
/// The user code that one read made ready, and which thread runs it: the reading thread, until the watchdog gives the rest of the
/// batch to another one.
/// </summary>
/// <remarks>
/// One word says who may touch what, so that nothing here needs a lock: the batch's thread, and the turn. While the turn is even, that
/// thread alone uses the queue; while it is odd, the thread runs user code and nobody uses it. Two race for the end of an odd turn by one
/// compare-and-swap: the thread that comes back from user code, and the watchdog that takes the batch away from it.
/// <code>
///    63          32 31           0
///   +--------------+--------------+
///   |     turn     |    thread    |   thread 0: nobody's batch
///   +--------------+--------------+
/// </code>
/// </remarks>
internal sealed class ReadyBatch
{
    private const ulong OneTurn = 1UL << 32;

    private readonly Queue<IReadyWork> _ready = new();
    private IReadyWork? _running;
    private ulong _state;

    /// <summary>Numbers what runs: odd while user code runs.</summary>
    public long Turn => (long)(Volatile.Read(ref _state) >> 32);

    /// <summary>Whether the batch is this thread's.</summary>
    public bool IsMine => (uint)Volatile.Read(ref _state) == (uint)Environment.CurrentManagedThreadId;

    /// <summary>This thread begins a batch, or goes on with one that was taken over.</summary>
    public void Begin() => Volatile.Write(ref _state, State((uint)(_state >> 32), Environment.CurrentManagedThreadId));

    /// <summary>Queues user code to this thread's batch, or to the thread pool when it has none or is in the middle of user code.</summary>
    public void Schedule(IReadyWork work)
    {
        // Read once: between two reads the watchdog may end the turn.
        var state = Volatile.Read(ref _state);
        if ((uint)state == (uint)Environment.CurrentManagedThreadId && !IsUserCode(state))
        {
            _ready.Enqueue(work);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }

    /// <summary>Runs what is ready, also what becomes so meanwhile. False: the batch was given to another thread.</summary>
    public bool Run(Http2Pump pump)
    {
        if (_ready.Count == 0)
        {
            return true;
        }

        var before = DispatchWatchdog.Enter(pump);
        try
        {
            while (_ready.TryDequeue(out var work))
            {
                Volatile.Write(ref _running, work);
                var running = _state + OneTurn;
                Volatile.Write(ref _state, running);
                RunIsolated(work);
                if (Interlocked.CompareExchange(ref _state, running + OneTurn, running) != running)
                {
                    return false;
                }
            }

            _running = null;
            return true;
        }
        finally
        {
            DispatchWatchdog.Leave(before);
        }
    }

    /// <summary>Ends the batch. False: more became ready.</summary>
    public bool TryEnd()
    {
        if (_ready.Count > 0)
        {
            return false;
        }

        Volatile.Write(ref _state, State((uint)(_state >> 32), thread: 0));
        return true;
    }

    /// <summary>This thread leaves the batch by an exception, if it has one: what is still ready goes to the thread pool.</summary>
    public void Abandon()
    {
        var state = Volatile.Read(ref _state);
        var turn = (uint)(state >> 32) + (IsUserCode(state) ? 1u : 0u);
        if (!IsMine || Interlocked.CompareExchange(ref _state, State(turn, thread: 0), state) != state)
        {
            return;
        }

        while (_ready.TryDequeue(out var work))
        {
            ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
        }
    }

    /// <summary>Takes the batch from a thread that still runs user code number <paramref name="stuck"/>; the caller finds another.</summary>
    public bool TryTakeOver(long stuck)
    {
        // Read before the swap: once that succeeds, this was what ran.
        var work = Volatile.Read(ref _running);
        var state = Volatile.Read(ref _state);
        if ((long)(state >> 32) != stuck
            || !IsUserCode(state)
            || Interlocked.CompareExchange(ref _state, State((uint)stuck + 1, thread: 0), state) != state)
        {
            return false;
        }

        work?.OnStalled();
        return true;
    }

    private static bool IsUserCode(ulong state) => (state & OneTurn) != 0;

    private static ulong State(uint turn, int thread) => ((ulong)turn << 32) | (uint)thread;

    // User code may set AsyncLocals and a synchronization context; the next call on this thread is not to see them.
    private static void RunIsolated(IReadyWork work)
    {
        var context = ExecutionContext.Capture();
        work.Execute();
        if (context is not null && ExecutionContext.Capture() != context)
        {
            ExecutionContext.Restore(context);
        }

        if (SynchronizationContext.Current is not null)
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }
}
