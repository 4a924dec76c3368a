// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Http2.Guards;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// What a field section means that arrived in HEADERS (RFC 9113 section 8.1): a request that opens a stream, a response head, interim or
/// final, or trailers; and whether it may stand where it does.
/// </summary>
internal sealed class FieldSections(Http2Session session)
{
    /// <summary>A complete header list arrived: opens a stream, or is a response head or a trailer section.</summary>
    public void OnHeaderList(int id, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        Http2Stream? stream = session.Streams.Find(id);
        bool kept = stream is null
            ? OnHeadersOfNoStream(id, list, endStream, selfDependent, events)
            : OnHeadersOfStream(stream, list, endStream, selfDependent, events);
        if (!kept)
        {
            Spares.Keep(list);
        }
    }

    /// <returns>Whether the list was handed up.</returns>
    private bool OnHeadersOfNoStream(int id, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        if (!session.IsIdle(id))
        {
            session.OnFrameAfterClose(id, carriesData: false, opens: true, events);
            return false;
        }

        // RFC 9113 section 5.1.1: clients open odd numbers; a server opens none but by push, which is disabled.
        if (session.Role == Http2Role.Client || (id & 1) == 0)
        {
            session.Fail(Http2ErrorCode.ProtocolError, "HEADERS opens a stream whose number is not the peer's to use.", events);
            return false;
        }

        session.NoteRemoteId(id);
        string? problem = selfDependent ? "the stream depends on itself" : HeaderRules.CheckRequest(list);
        if (problem is null && endStream && list.ContentLength > 0)
        {
            problem = "content-length announces a body, but there is none";
        }

        // RFC 9113 section 5.1.2: a stream beyond the limit is a stream error; REFUSED_STREAM lets the client try again.
        Http2Stream? stream = problem is null ? session.OpenRemote(id, list) : null;
        if (stream is null)
        {
            session.Refuse(id, problem is null ? Http2ErrorCode.RefusedStream : Http2ErrorCode.ProtocolError, events);
            return false;
        }

        session.HoldHeaders(stream, list);
        events.Add(Http2Event.ForHeaders(Http2EventKind.Headers, stream, list, endStream));
        if (endStream)
        {
            session.EndRemote(stream);
        }

        return true;
    }

    /// <returns>Whether the list was handed up.</returns>
    private bool OnHeadersOfStream(Http2Stream stream, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        if (stream.RemoteEnded)
        {
            session.FailStream(stream, Http2ErrorCode.StreamClosed, "HEADERS was received behind END_STREAM.", events);
            return false;
        }

        bool trailers = stream.FinalHeadersReceived;
        string? problem = selfDependent ? "the stream depends on itself"
            : trailers ? HeaderRules.CheckTrailers(list)
            : HeaderRules.CheckResponse(list);
        if (problem is null && trailers && !endStream)
        {
            // RFC 9113 section 8.1: a trailer section ends the stream; a second HEADERS frame without END_STREAM is malformed.
            problem = "trailers do not end the stream";
        }

        if (problem is null && trailers && stream.ExpectedLength >= 0 && stream.ReceivedLength != stream.ExpectedLength)
        {
            problem = "the body does not have the length that content-length says";
        }

        if (problem is null && !trailers && endStream && list.ContentLength > 0 && !stream.IsHead && list.Status != 304)
        {
            // RFC 9110 section 8.6: only a response to HEAD, or 304, has the length of a body that is not sent.
            problem = "content-length announces a body, but there is none";
        }

        bool interim = !trailers && list.Status is >= 100 and < 200;
        if (problem is null && interim && endStream)
        {
            problem = "an interim response ends the stream";
        }

        if (problem is not null)
        {
            session.FailStream(stream, Http2ErrorCode.ProtocolError, "A header block is malformed: " + problem + ".", events);
            return false;
        }

        if (interim)
        {
            session.SpendFrame(FloodGuard.EmptyFrameCost, events);
            return false;
        }

        if (!trailers)
        {
            stream.FinalHeadersReceived = true;
            stream.ExpectedLength = stream.IsHead || list.Status == 304 ? -1 : list.ContentLength;
        }

        bool handedUp = !stream.Released;
        if (handedUp)
        {
            session.HoldHeaders(stream, list);
            events.Add(Http2Event.ForHeaders(
                trailers ? Http2EventKind.Trailers : Http2EventKind.Headers, stream, list, endStream));
        }

        if (endStream)
        {
            session.EndRemote(stream);
        }

        return handedUp;
    }
}
