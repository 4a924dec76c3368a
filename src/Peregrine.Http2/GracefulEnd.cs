// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;
using Peregrine.Http2.Guards;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// GOAWAY in both directions (RFC 9113 section 6.8): who still serves which streams, and when the last of them is over.
/// <code>
///   server:  Open --Begin--> Announced --PING answered or too late--> Draining --last stream ends--> Drained
///   client:  Open --Begin, or GOAWAY received--> Draining --last stream ends--> Drained
/// </code>
/// </summary>
internal sealed class GracefulEnd(Http2Session session)
{
    /// <summary>The PING between a server's two GOAWAY frames, told apart from the owner's by this payload.</summary>
    public const ulong PingPayload = 0x5045_5245_4752_494E;

    // The debug data of GOAWAY is for people; one line is enough.
    private const int MaxReasonLength = 256;

    private int _sent = int.MaxValue;
    private int _received = int.MaxValue;
    private Http2Error? _farewell;

    public DrainState State { get; private set; }

    /// <summary>When the announcement ends though the PING was not answered.</summary>
    public long Deadline { get; private set; } = long.MaxValue;

    /// <summary>The last stream is over, and the owner does not know yet.</summary>
    public bool BecameDrained { get; set; }

    /// <summary>
    /// Whether a stream of the client came behind our final GOAWAY: "any frames of streams with identifiers higher than the included
    /// last stream identifier can be discarded".
    /// </summary>
    public bool Refuses(int id) => session.Role == Http2Role.Server && id > _sent && (id & 1) == 1;

    /// <summary>Starts the end at the owner's wish; of no effect when it was started.</summary>
    public void Begin()
    {
        if (_sent != int.MaxValue || State == DrainState.Announced)
        {
            return;
        }

        if (session.Role == Http2Role.Server && State == DrainState.Open)
        {
            session.Outbound.Frames.WriteGoAway(int.MaxValue, Http2ErrorCode.NoError, null);
            session.Outbound.Frames.WritePing(PingPayload, ack: false);
            State = DrainState.Announced;
            Deadline = session.Now + session.Options.DrainPingTimeout;
            return;
        }

        EndAnnouncement();
    }

    /// <summary>Every request that had left the client before it knew is here: the final GOAWAY.</summary>
    public void EndAnnouncement()
    {
        Deadline = long.MaxValue;
        Announce(session.LastRemoteId, Http2ErrorCode.NoError, null);
        State = DrainState.Draining;
        Check();
    }

    /// <summary>Sends GOAWAY; "Endpoints MUST NOT increase the value they send in the last stream identifier".</summary>
    public void Announce(int lastStreamId, Http2ErrorCode code, string? reason)
    {
        _sent = Math.Min(_sent, lastStreamId);
        session.Outbound.Frames.WriteGoAway(_sent, code, reason);
    }

    /// <summary>How the peer ended the connection: what it said by GOAWAY before explains it.</summary>
    public Http2Error Explain(in Http2Error end) => _farewell is not { IsFailure: true, Code: var code, Reason: var reason } ? end
        : end with { Code = code, Reason = $"{(reason is null ? "" : reason + "; ")}{end.Reason}" };

    public void OnGoAway(int lastStreamId, Http2ErrorCode code, ReadOnlySpan<byte> debugData, List<Http2Event> events)
    {
        if (lastStreamId > _received)
        {
            session.Fail(Http2ErrorCode.ProtocolError, "A GOAWAY frame raises the last stream id of the one before.", events);
            return;
        }

        if (_received != int.MaxValue && !session.SpendFrame(FloodGuard.SettingsCost, events))
        {
            return;
        }

        _received = lastStreamId;
        string? reason = debugData.IsEmpty ? null : Encoding.Latin1.GetString(debugData[..Math.Min(debugData.Length, MaxReasonLength)]);
        Http2Error error = new(Http2ErrorScope.Connection, code, Http2ErrorInitiator.Remote, reason);
        _farewell = error;
        events.Add(Http2Event.ForConnection(Http2EventKind.GoAwayReceived, error, (ulong)lastStreamId));
        if (State == DrainState.Open)
        {
            // Also a server that gets GOAWAY opens nothing more and runs what is open to its end.
            State = DrainState.Draining;
        }

        if (session.Role == Http2Role.Client)
        {
            EndUnprocessed(lastStreamId, error, events);
        }

        Check();
    }

    /// <summary>Called whenever a stream is over.</summary>
    public void Check()
    {
        if (State == DrainState.Draining && session.Streams.Count == 0)
        {
            State = DrainState.Drained;
            BecameDrained = true;
        }
    }

    private void EndUnprocessed(int lastStreamId, in Http2Error error, List<Http2Event> events)
    {
        Http2Stream?[] open = session.Streams.Slots.ToArray();
        foreach (Http2Stream? stream in open)
        {
            if (stream is { LocallyOpened: true } && stream.Id > lastStreamId)
            {
                session.CloseStream(stream, StreamEnding.ResetByUs);
                Http2Session.RaiseReset(stream, error, unprocessed: true, events);
            }
        }
    }
}
