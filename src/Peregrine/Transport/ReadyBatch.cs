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
/// The turn says who may touch what, so that nothing here needs a lock: while it is even, the batch's thread alone uses the queue; while
/// it is odd, user code runs and nobody uses it. Both ends of an odd turn race for one compare-and-swap: the thread that comes back from
/// user code, and the watchdog that takes the batch away from it.
/// </remarks>
internal sealed class ReadyBatch
{
    private readonly Queue<IReadyWork> _ready = new();
    private IReadyWork? _running;
    private long _turn;
    private int _thread;

    /// <summary>Numbers what runs: odd while user code runs.</summary>
    public long Turn => Volatile.Read(ref _turn);

    /// <summary>Whether the batch is this thread's.</summary>
    public bool IsMine => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>This thread begins a batch, or goes on with one that was taken over.</summary>
    public void Begin() => Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);

    /// <summary>Queues user code to this thread's batch, or to the thread pool when it has none or is in the middle of user code.</summary>
    public void Schedule(IReadyWork work)
    {
        if (IsMine && (Turn & 1) == 0)
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
                var turn = _turn + 1;
                Volatile.Write(ref _turn, turn);
                RunIsolated(work);
                if (Interlocked.CompareExchange(ref _turn, turn + 1, turn) != turn)
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

        Volatile.Write(ref _thread, 0);
        return true;
    }

    /// <summary>Takes the batch from a thread that still runs user code number <paramref name="stuck"/>; the caller finds another.</summary>
    public bool TryTakeOver(long stuck)
    {
        // Read before the swap: once that succeeds, this was what ran.
        var work = Volatile.Read(ref _running);
        if ((stuck & 1) == 0 || Interlocked.CompareExchange(ref _turn, stuck + 1, stuck) != stuck)
        {
            return false;
        }

        // The held thread finds the batch gone even before it comes back: what it sends from now on leaves at once.
        Volatile.Write(ref _thread, 0);
        work?.OnStalled();
        return true;
    }

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
