// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Diagnostics;

/// <summary>
/// What happened last on one client connection, and how it came to be: told with the failures of its calls. It always runs, so it is small
/// and of fixed size. Thread-safe.
/// </summary>
/// <remarks>Each direction has a ring of its own: callers send, the reading thread receives, and neither waits for the other's memory.</remarks>
internal sealed class FlightRecorder(TimeProvider time)
{
    // Four phases of becoming ready at most; nothing pushes them out.
    private readonly FlightEvent[] _phases = new FlightEvent[4];
    private readonly FlightRing _sent = new(time);
    private readonly FlightRing _received = new(time);
    private int _phaseCount;

    /// <summary>Notes a phase of connecting, before the connection carries calls; one thread at a time.</summary>
    public void Phase(FlightEventKind kind) => Phase(kind, time.GetTimestamp());

    /// <summary>Notes a phase that has been, before the connection carries calls; one thread at a time.</summary>
    public void Phase(FlightEventKind kind, long timestamp)
    {
        if (_phaseCount < _phases.Length)
        {
            _phases[_phaseCount++] = new FlightEvent(timestamp, kind, 0, 0);
        }
    }

    /// <inheritdoc cref="FlightRing.Note"/>
    public long Note(FlightEventKind kind, int streamId, int detail = 0) => RingOf(kind).Note(kind, streamId, detail);

    /// <inheritdoc cref="FlightRing.NoteNext"/>
    public void NoteNext(FlightEventKind kind, int streamId, int detail = 0) => RingOf(kind).NoteNext(kind, streamId, detail);

    /// <summary>Adds the phases of connecting.</summary>
    public void CopyPhasesTo(List<FlightEvent> events) => events.AddRange(_phases.AsSpan(0, _phaseCount));

    /// <summary>Adds the last events: what was sent, then what was received, each from the oldest on.</summary>
    public void CopyLastTo(List<FlightEvent> events)
    {
        _sent.CopyTo(events);
        _received.CopyTo(events);
    }

    private FlightRing RingOf(FlightEventKind kind) => kind >= FlightEventKind.HeadersReceived ? _received : _sent;
}
