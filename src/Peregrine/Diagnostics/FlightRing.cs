// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>The last events of one direction of a connection, in a ring of fixed size. Noting takes no lock and allocates nothing. Thread-safe.</summary>
internal sealed class FlightRing(TimeProvider time)
{
    /// <summary>How many events are kept; a power of two. Some ten unary calls' worth, 1 KiB.</summary>
    public const int Capacity = 32;

    private readonly Slot[] _slots = new Slot[Capacity];
    private readonly bool _isSystemTime = ReferenceEquals(time, TimeProvider.System);
    private long _last;

    /// <summary>Notes an event.</summary>
    /// <returns>The time it was noted at.</returns>
    public long Note(FlightEventKind kind, int streamId, int detail)
    {
        var timestamp = time.GetTimestamp();
        Put(Interlocked.Increment(ref _last), Environment.TickCount, timestamp, kind, streamId, detail);
        return timestamp;
    }

    /// <summary>
    /// Notes an event that mostly follows another of its stream at once, such as DATA its HEADERS. Then it has that one's time, as long as the
    /// system's coarse clock has not moved on: reading the exact clock is most of what a note costs.
    /// </summary>
    public void NoteNext(FlightEventKind kind, int streamId, int detail)
    {
        var number = Interlocked.Increment(ref _last);
        var tick = Environment.TickCount;
        ref var before = ref _slots[(number - 1) & (Capacity - 1)];
        var timestamp = 0L;
        if (_isSystemTime && Volatile.Read(ref before.Number) == number - 1 && before.StreamId == streamId && before.Tick == tick)
        {
            timestamp = before.Timestamp;
            Volatile.ReadBarrier();
            timestamp = before.Number == number - 1 ? timestamp : 0;
        }

        Put(number, tick, timestamp != 0 ? timestamp : time.GetTimestamp(), kind, streamId, detail);
    }

    /// <summary>Adds the events, the oldest first.</summary>
    public void CopyTo(List<FlightEvent> events)
    {
        var last = Volatile.Read(ref _last);
        for (var number = Math.Max(1, last - Capacity + 1); number <= last; number++)
        {
            ref var slot = ref _slots[number & (Capacity - 1)];
            var before = Volatile.Read(ref slot.Number);
            var noted = new FlightEvent(slot.Timestamp, slot.Kind, slot.StreamId, slot.Detail);
            Volatile.ReadBarrier();
            if (before == number && slot.Number == number)
            {
                events.Add(noted);
            }
        }
    }

    // Whoever reads sees the number twice, or knows that it saw something half written. (A thread that stops here for as long as others take
    // for a whole round may spoil one entry: a line of a diagnosis, which is not worth a lock.)
    private void Put(long number, int tick, long timestamp, FlightEventKind kind, int streamId, int detail)
    {
        ref var slot = ref _slots[number & (Capacity - 1)];
        slot.Number = 0;
        Volatile.WriteBarrier();
        slot.Timestamp = timestamp;
        slot.StreamId = streamId;
        slot.Detail = detail;
        slot.Tick = tick;
        slot.Kind = kind;
        Volatile.Write(ref slot.Number, number);
    }

    // 32 bytes.
    private struct Slot
    {
        public long Number;
        public long Timestamp;
        public int StreamId;
        public int Detail;
        public int Tick;
        public FlightEventKind Kind;
    }
}
