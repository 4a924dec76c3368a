// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Transport;

/// <summary>
/// Sees reading threads that are held by user code for more than a millisecond, and moves the reading of their connections on to
/// another thread.
/// </summary>
/// <remarks>
/// User code runs on the reading thread because that is the cheapest place by far: no queue, no wake-up, warm caches. The price is
/// that a handler which blocks holds its connection. So each thread that runs user code owns a slot here that names the pump; the
/// pump numbers what it runs; and one background thread compares the numbers each millisecond. It sleeps when nothing ran for a
/// while. A thread of the poller that is held is replaced, so that other connections are read as before. A dedicated thread is used, not
/// a timer: timers fire on the thread pool, which may be what is blocked.
/// </remarks>
internal static class DispatchWatchdog
{
    private const int ScansBeforeSleep = 200;

    private static readonly Lock SlotsLock = new();
    private static readonly List<Slot> Slots = [];
    private static readonly ManualResetEventSlim WakeUp = new(initialState: false);
    private static Thread? _thread;
    private static int _asleep;

    [ThreadStatic]
    private static Slot? _current;

    /// <summary>This thread is about to run user code for the pump. Returns what it did before, for <see cref="Leave"/>.</summary>
    public static Http2Pump? Enter(Http2Pump pump)
    {
        var slot = _current ??= Register();

        // A full fence: the watchdog must either see the pump or be seen asleep.
        var before = Interlocked.Exchange(ref slot.Pump, pump);
        if (Volatile.Read(ref _asleep) != 0)
        {
            WakeUp.Set();
        }

        return before;
    }

    /// <summary>This thread has left user code.</summary>
    public static void Leave(Http2Pump? before) => Volatile.Write(ref _current!.Pump, before);

    private static Slot Register()
    {
        var slot = new Slot(Thread.CurrentThread, ReadinessPoller.PollingThread.Current);
        lock (SlotsLock)
        {
            Slots.Add(slot);
            if (_thread is null)
            {
                _thread = new Thread(Watch) { IsBackground = true, Name = "Peregrine dispatch watchdog" };
                _thread.UnsafeStart();
            }
        }

        return slot;
    }

    private static void Watch()
    {
        var idleScans = 0;
        while (true)
        {
            Thread.Sleep(1);
            idleScans = Scan() ? 0 : idleScans + 1;
            if (idleScans < ScansBeforeSleep)
            {
                continue;
            }

            WakeUp.Reset();
            Interlocked.Exchange(ref _asleep, 1);
            if (!Scan())
            {
                WakeUp.Wait();
            }

            Volatile.Write(ref _asleep, 0);
            idleScans = 0;
        }
    }

    private static bool Scan()
    {
        var active = false;
        lock (SlotsLock)
        {
            for (var i = Slots.Count - 1; i >= 0; i--)
            {
                var slot = Slots[i];
                var pump = Volatile.Read(ref slot.Pump);
                if (pump is null)
                {
                    slot.SeenPump = null;
                    if (!slot.Thread.IsAlive)
                    {
                        Slots.RemoveAt(i);
                    }

                    continue;
                }

                active = true;
                var turn = pump.Turn;
                if (slot.SeenPump == pump && slot.SeenTurn == turn && pump.TakeOver(turn))
                {
                    slot.Polling?.Replace();
                }

                slot.SeenPump = pump;
                slot.SeenTurn = turn;
            }
        }

        return active;
    }

    private sealed class Slot(Thread thread, ReadinessPoller.PollingThread? polling)
    {
        public Http2Pump? Pump;
        public Http2Pump? SeenPump;
        public long SeenTurn;

        public Thread Thread { get; } = thread;

        public ReadinessPoller.PollingThread? Polling { get; } = polling;
    }
}
