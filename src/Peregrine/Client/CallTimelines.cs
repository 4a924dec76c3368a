// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Linq;
using Peregrine.Diagnostics;

namespace Peregrine.Client;

/// <summary>Puts together what a failed call remembers of itself and what its connection's recorder has.</summary>
internal static class CallTimelines
{
    // Of the other streams of the connection: enough to see whether it was alive.
    private const int OthersShown = 8;

    /// <summary>The timeline up to now.</summary>
    /// <param name="call">The call, which has failed.</param>
    /// <param name="code">Its status.</param>
    /// <param name="marks">What it noted.</param>
    internal static CallTimeline Take(ClientCall call, StatusCode code, CallMark? marks)
    {
        // Those of the same time are told in this order.
        List<FlightEvent> events = [];
        FlightEvent? ended = null;
        for (var mark = marks; mark is not null; mark = mark.Previous)
        {
            if (mark.Event.Kind == FlightEventKind.CallEnded)
            {
                ended = mark.Event;
            }
            else
            {
                events.Insert(0, mark.Event);
            }
        }

        var attempt = call.Attempt;
        if (attempt is { Connection.Transport.Flight: { } flight, Opened: { } opened })
        {
            if (events.Count == 0)
            {
                // Nothing came between the start and the stream.
                events.Add(opened with { Kind = FlightEventKind.CallStarted, StreamId = 0 });
            }

            AddConnection(events, flight, opened.StreamId);
            AddOnce(events, opened);
            if (attempt.FirstByte is { } firstByte)
            {
                AddOnce(events, firstByte);
            }
        }

        // A reader may see the outcome a moment before the end is noted.
        events.Add(ended ?? new FlightEvent(call.Channel.Time.GetTimestamp(), FlightEventKind.CallEnded, 0, (int)code));
        return new CallTimeline(call.Channel.Time, attempt?.Connection?.Transport.Peer, events);
    }

    private static void AddConnection(List<FlightEvent> events, FlightRecorder flight, int streamId)
    {
        flight.CopyPhasesTo(events);
        var last = new List<FlightEvent>();
        flight.CopyLastTo(last);
        var others = last.Where(one => one.StreamId != streamId && one.StreamId != 0).OrderByDescending(one => one.Timestamp).Take(OthersShown).ToHashSet();
        events.AddRange(last.Where(one => one.StreamId == streamId || one.StreamId == 0 || others.Contains(one)));
    }

    // The recorder may have forgotten it.
    private static void AddOnce(List<FlightEvent> events, FlightEvent known)
    {
        if (!events.Contains(known))
        {
            events.Add(known);
        }
    }
}
