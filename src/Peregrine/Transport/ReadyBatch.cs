// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Transport;

/// <summary>
/// The user code that one read made ready, and which thread runs it: the reading thread, until the watchdog gives the rest of the
/// batch to another one.
/// </summary>
internal sealed class ReadyBatch
{
    private readonly Lock gate = new();
    private readonly Queue<IReadyWork> ready = new();
    private IReadyWork? running;
    private long turn;
    private int thread;

    /// <summary>Numbers what runs: odd while user code runs.</summary>
    public long Turn => Volatile.Read(ref turn);

    /// <summary>Whether the batch is this thread's.</summary>
    public bool IsMine => Volatile.Read(ref thread) == Environment.CurrentManagedThreadId;

    /// <summary>This thread begins a batch, or goes on with one that was taken over.</summary>
    public void Begin()
    {
        lock (gate)
        {
            thread = Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>Queues user code to this thread's batch, or to the thread pool when it has none.</summary>
    public void Schedule(IReadyWork work)
    {
        if (IsMine)
        {
            lock (gate)
            {
                // Asked again under the lock: the watchdog may have moved the batch to another thread a moment ago.
                if (thread == Environment.CurrentManagedThreadId)
                {
                    ready.Enqueue(work);
                    return;
                }
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
    }

    /// <summary>Runs what is ready, also what becomes so meanwhile. False: the batch was given to another thread.</summary>
    public bool Run(Http2Pump pump)
    {
        Http2Pump? before = null;
        var entered = false;
        try
        {
            long mine = 0;
            while (true)
            {
                IReadyWork? work;
                lock (gate)
                {
                    if (mine != 0)
                    {
                        if (turn != mine)
                        {
                            return false;
                        }

                        turn++;
                        running = null;
                    }

                    if (!ready.TryDequeue(out work))
                    {
                        return true;
                    }

                    mine = ++turn;
                    running = work;
                }

                if (!entered)
                {
                    entered = true;
                    before = DispatchWatchdog.Enter(pump);
                }

                RunIsolated(work);
            }
        }
        finally
        {
            if (entered)
            {
                DispatchWatchdog.Leave(before);
            }
        }
    }

    /// <summary>Ends the batch. False: more became ready.</summary>
    public bool TryEnd()
    {
        lock (gate)
        {
            if (ready.Count > 0)
            {
                return false;
            }

            thread = 0;
            return true;
        }
    }

    /// <summary>Takes the batch from a thread that still runs user code number <paramref name="stuck"/>; the caller finds another.</summary>
    public bool TryTakeOver(long stuck)
    {
        IReadyWork? work;
        lock (gate)
        {
            if (turn != stuck || (stuck & 1) == 0)
            {
                return false;
            }

            turn++;
            thread = 0;
            work = running;
            running = null;
        }

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
