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
    private readonly Lock _gate = new();
    private readonly Queue<IReadyWork> _ready = new();
    private IReadyWork? _running;
    private long _turn;
    private int _thread;

    /// <summary>Numbers what runs: odd while user code runs.</summary>
    public long Turn => Volatile.Read(ref _turn);

    /// <summary>Whether the batch is this thread's.</summary>
    public bool IsMine => Volatile.Read(ref _thread) == Environment.CurrentManagedThreadId;

    /// <summary>This thread begins a batch, or goes on with one that was taken over.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _thread = Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>Queues user code to this thread's batch, or to the thread pool when it has none.</summary>
    public void Schedule(IReadyWork work)
    {
        if (IsMine)
        {
            lock (_gate)
            {
                // Asked again under the lock: the watchdog may have moved the batch to another thread a moment ago.
                if (_thread == Environment.CurrentManagedThreadId)
                {
                    _ready.Enqueue(work);
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
                lock (_gate)
                {
                    if (mine != 0)
                    {
                        if (_turn != mine)
                        {
                            return false;
                        }

                        _turn++;
                        _running = null;
                    }

                    if (!_ready.TryDequeue(out work))
                    {
                        return true;
                    }

                    mine = ++_turn;
                    _running = work;
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
        lock (_gate)
        {
            if (_ready.Count > 0)
            {
                return false;
            }

            _thread = 0;
            return true;
        }
    }

    /// <summary>Takes the batch from a thread that still runs user code number <paramref name="stuck"/>; the caller finds another.</summary>
    public bool TryTakeOver(long stuck)
    {
        IReadyWork? work;
        lock (_gate)
        {
            if (_turn != stuck || (stuck & 1) == 0)
            {
                return false;
            }

            _turn++;
            _thread = 0;
            work = _running;
            _running = null;
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
