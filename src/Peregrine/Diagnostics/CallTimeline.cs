// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Peregrine.Diagnostics;

/// <summary>
/// What happened to a failed call of a client, and last on its connection, in the order of time: resolved, connected, waited for a stream,
/// sent, first byte, last frames. Immutable and thread-safe; <see cref="RpcException.Timeline"/> has it.
/// </summary>
/// <remarks>Until its texts are asked for, a timeline is some numbers.</remarks>
public sealed class CallTimeline
{
    private readonly TimeProvider _time;
    private readonly string? _peer;
    private readonly FlightEvent[] _events;
    private readonly long _started;
    private IReadOnlyList<CallTimelineEntry>? _entries;

    /// <summary>Takes what is known of a call.</summary>
    /// <param name="time">The clock of the events.</param>
    /// <param name="peer">The server's address; null when the call had no connection.</param>
    /// <param name="events">What happened; what has the same time stays in this order.</param>
    internal CallTimeline(TimeProvider time, string? peer, IEnumerable<FlightEvent> events)
    {
        _time = time;
        _peer = peer;
        _events = [.. events.OrderBy(one => one.Timestamp)];

        // A call that failed before it had waited for anything has its end only.
        _started = _events.FirstOrDefault(one => one.Kind == FlightEventKind.CallStarted, _events[^1]).Timestamp;
    }

    /// <summary>What happened, in the order of time.</summary>
    public IReadOnlyList<CallTimelineEntry> Entries => _entries ??=
        [.. _events.Select(one => new CallTimelineEntry(_time.GetElapsedTime(_started, one.Timestamp), one.ToString()))];

    /// <summary>The server's address, and one line for each entry with its time in milliseconds.</summary>
    /// <returns>The lines.</returns>
    public override string ToString()
    {
        var text = new StringBuilder(_peer is null ? "The call had no connection:" : $"The call on the connection to {_peer}:");
        foreach (var entry in Entries)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"\n{entry.Elapsed.TotalMilliseconds,14:+0.000;-0.000;0.000} ms  {entry.Event}");
        }

        return text.ToString();
    }
}
