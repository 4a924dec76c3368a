// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;
using Peregrine.TestKit;

namespace Peregrine.Http2.Tests.Rfc9113;

/// <summary>
/// RFC 9113 section 5.1, Stream States: what each frame does to stream 1 in each state, at a server and at a client. The verdicts are
/// <c>told</c> (the owner hears of it), <c>ignored</c>, <c>stream CODE</c> and <c>connection CODE</c>.
/// </summary>
public sealed class Section5_1_StreamStatesTests
{
    [Theory]
    [InlineData("idle", "DATA", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "HEADERS", "told")]
    [InlineData("idle", "PRIORITY", "ignored")]
    [InlineData("idle", "RST_STREAM", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "PUSH_PROMISE", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "WINDOW_UPDATE", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("open", "DATA", "told")]
    [InlineData("open", "HEADERS", "told")]
    [InlineData("open", "PRIORITY", "ignored")]
    [InlineData("open", "RST_STREAM", "told")]
    [InlineData("open", "PUSH_PROMISE", "connection PROTOCOL_ERROR")]
    [InlineData("open", "WINDOW_UPDATE", "ignored")]
    [InlineData("open", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("half-closed (local)", "DATA", "told")]
    [InlineData("half-closed (local)", "HEADERS", "told")]
    [InlineData("half-closed (local)", "PRIORITY", "ignored")]
    [InlineData("half-closed (local)", "RST_STREAM", "told")]
    [InlineData("half-closed (local)", "WINDOW_UPDATE", "ignored")]
    [InlineData("half-closed (local)", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("half-closed (remote)", "DATA", "stream STREAM_CLOSED")]
    [InlineData("half-closed (remote)", "HEADERS", "stream STREAM_CLOSED")]
    [InlineData("half-closed (remote)", "PRIORITY", "ignored")]
    [InlineData("half-closed (remote)", "RST_STREAM", "told")]
    [InlineData("half-closed (remote)", "WINDOW_UPDATE", "ignored")]
    [InlineData("half-closed (remote)", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("closed, both ended", "DATA", "connection STREAM_CLOSED")]
    [InlineData("closed, both ended", "HEADERS", "connection STREAM_CLOSED")]
    [InlineData("closed, both ended", "PRIORITY", "ignored")]
    [InlineData("closed, both ended", "RST_STREAM", "ignored")]
    [InlineData("closed, both ended", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, both ended", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("closed, reset by this end", "DATA", "ignored")]
    [InlineData("closed, reset by this end", "HEADERS", "ignored")]
    [InlineData("closed, reset by this end", "PRIORITY", "ignored")]
    [InlineData("closed, reset by this end", "RST_STREAM", "ignored")]
    [InlineData("closed, reset by this end", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, reset by this end", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("closed, reset by the peer", "DATA", "stream STREAM_CLOSED")]
    [InlineData("closed, reset by the peer", "HEADERS", "stream STREAM_CLOSED")]
    [InlineData("closed, reset by the peer", "PRIORITY", "ignored")]
    [InlineData("closed, reset by the peer", "RST_STREAM", "ignored")]
    [InlineData("closed, reset by the peer", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, reset by the peer", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("closed long ago", "DATA", "ignored")]
    [InlineData("closed long ago", "HEADERS", "ignored")]
    [InlineData("closed long ago", "PRIORITY", "ignored")]
    [InlineData("closed long ago", "RST_STREAM", "ignored")]
    [InlineData("closed long ago", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed long ago", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("passed over", "DATA", "connection STREAM_CLOSED")]
    [InlineData("passed over", "HEADERS", "connection PROTOCOL_ERROR")]
    [InlineData("passed over", "PRIORITY", "ignored")]
    [InlineData("passed over", "RST_STREAM", "ignored")]
    [InlineData("passed over", "WINDOW_UPDATE", "ignored")]
    [InlineData("passed over", "CONTINUATION", "connection PROTOCOL_ERROR")]
    public void Server_in_state_on_frame(string state, string frame, string verdict) => Judge(Http2Role.Server, state, frame, verdict);

    [Theory]
    [InlineData("idle", "DATA", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "HEADERS", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "PRIORITY", "ignored")]
    [InlineData("idle", "RST_STREAM", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "PUSH_PROMISE", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "WINDOW_UPDATE", "connection PROTOCOL_ERROR")]
    [InlineData("idle", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("open", "DATA", "told")]
    [InlineData("open", "HEADERS", "told")]
    [InlineData("open", "PRIORITY", "ignored")]
    [InlineData("open", "RST_STREAM", "told")]
    [InlineData("open", "PUSH_PROMISE", "connection PROTOCOL_ERROR")]
    [InlineData("open", "WINDOW_UPDATE", "ignored")]
    [InlineData("open", "CONTINUATION", "connection PROTOCOL_ERROR")]
    [InlineData("half-closed (local)", "DATA", "told")]
    [InlineData("half-closed (local)", "HEADERS", "told")]
    [InlineData("half-closed (local)", "RST_STREAM", "told")]
    [InlineData("half-closed (local)", "PUSH_PROMISE", "connection PROTOCOL_ERROR")]
    [InlineData("half-closed (local)", "WINDOW_UPDATE", "ignored")]
    [InlineData("half-closed (remote)", "DATA", "stream STREAM_CLOSED")]
    [InlineData("half-closed (remote)", "HEADERS", "stream STREAM_CLOSED")]
    [InlineData("half-closed (remote)", "RST_STREAM", "told")]
    [InlineData("half-closed (remote)", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, both ended", "DATA", "connection STREAM_CLOSED")]
    [InlineData("closed, both ended", "HEADERS", "connection STREAM_CLOSED")]
    [InlineData("closed, both ended", "PRIORITY", "ignored")]
    [InlineData("closed, both ended", "RST_STREAM", "ignored")]
    [InlineData("closed, both ended", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, reset by this end", "DATA", "ignored")]
    [InlineData("closed, reset by this end", "HEADERS", "ignored")]
    [InlineData("closed, reset by this end", "RST_STREAM", "ignored")]
    [InlineData("closed, reset by this end", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed, reset by the peer", "DATA", "stream STREAM_CLOSED")]
    [InlineData("closed, reset by the peer", "HEADERS", "stream STREAM_CLOSED")]
    [InlineData("closed, reset by the peer", "RST_STREAM", "ignored")]
    [InlineData("closed, reset by the peer", "WINDOW_UPDATE", "ignored")]
    [InlineData("closed long ago", "DATA", "ignored")]
    [InlineData("closed long ago", "HEADERS", "ignored")]
    [InlineData("closed long ago", "RST_STREAM", "ignored")]
    [InlineData("closed long ago", "WINDOW_UPDATE", "ignored")]
    public void Client_in_state_on_frame(string state, string frame, string verdict) => Judge(Http2Role.Client, state, frame, verdict);

    [Fact]
    public void Data_on_a_stream_that_this_end_reset_still_counts_against_the_connections_window()
    {
        using Peer server = Peer.Server(new() { ConnectionWindow = 65535 }).Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request));
        server.Connection.ResetStream(server.Events[0].Stream!, Http2ErrorCode.Cancel);
        for (int i = 0; i < 10; i++)
        {
            server.Feed(new FrameScript().Data(1, false, new byte[16000]));
        }

        server.Feed(new FrameScript().Headers(1, true, ("t", "1")).WindowUpdate(1, 5).Reset(1));
        Assert.Equal(["RST_STREAM 1 CANCEL", .. Enumerable.Repeat("WINDOW_UPDATE 0 48000", 3)], server.Sent());
        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Late_frames_of_many_cancelled_calls_end_nothing_however_many_calls_ended_since()
    {
        using Peer server = Peer.Server().Opened();
        for (int id = 1; id < 2000; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, false, FrameScript.Request));
            Http2Stream stream = server.Events[0].Stream!;
            server.Told();
            server.Connection.ResetStream(stream, Http2ErrorCode.Cancel);
            server.Connection.ReleaseStream(stream);
        }

        server.Sent();
        for (int id = 1; id < 2000; id += 2)
        {
            server.Feed(new FrameScript().Data(id, false, 1, 2, 3).Headers(id, true, ("t", "1")).Data(id, true, 4));
        }

        Assert.Empty(server.Told());
        Assert.Empty(server.Sent());
        Conformance.GoesOn(server);
    }

    private static void Judge(Http2Role role, string state, string frame, string verdict)
    {
        FrameScript script = new();
        _ = frame switch
        {
            "DATA" => script.Data(1, false, 1, 2, 3),
            "HEADERS" => script.Headers(1, true, role == Http2Role.Server && state == "idle" ? FrameScript.Request : [("trailer", "1")]),
            "PRIORITY" => script.Frame(2, 0, 1, 0, 0, 0, 9, 16),
            "RST_STREAM" => script.Reset(1),
            "PUSH_PROMISE" => script.Frame(5, 4, 1, 0, 0, 0, 2, 0x82),
            "WINDOW_UPDATE" => script.WindowUpdate(1, 10),
            _ => script.Frame(9, 4, 1, 0x82),
        };
        foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in SplitSequences.ChunksOf(script.ToArray()))
        {
            using Peer peer = InState(role, state);
            foreach (ReadOnlyMemory<byte> chunk in chunks.Where(chunk => !chunk.IsEmpty))
            {
                peer.Feed(chunk.Span);
            }

            List<string> sent = peer.Sent();
            List<string> told = peer.Told();
            string actual = peer.Connection.IsClosed ? "connection " + Http2Error.NameOf(peer.Connection.CloseError.Code)
                : sent.Find(line => line.StartsWith("RST_STREAM 1 ", StringComparison.Ordinal)) is { } reset ? "stream " + reset[13..]
                : told.Count > 0 ? "told"
                : "ignored";
            Assert.True(verdict == actual, $"{label}: {actual}");
        }
    }

    private static Peer InState(Http2Role role, string state)
    {
        Peer peer = new Peer(role).Opened();
        bool isServer = role == Http2Role.Server;
        if (state is "idle")
        {
            return peer;
        }

        if (state is "passed over")
        {
            peer.Feed(new FrameScript().Headers(3, true, FrameScript.Request));
            return Quiet(peer);
        }

        bool peerEnds = state is "half-closed (remote)" or "closed, both ended" or "closed long ago";
        bool thisEnds = state is "half-closed (local)" or "closed, both ended" or "closed long ago";
        Http2Stream stream = Open(peer, isServer, 1, thisEnds && !isServer, peerEnds);
        if (thisEnds && isServer)
        {
            peer.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: true);
        }

        switch (state)
        {
            case "closed, reset by this end":
                peer.Connection.ResetStream(stream, Http2ErrorCode.Cancel);
                break;
            case "closed, reset by the peer":
                peer.Feed(new FrameScript().Reset(1));
                break;
            case "closed long ago":
                for (int id = 3; id < 1000; id += 2)
                {
                    Http2Stream other = Open(peer, isServer, id, thisEnds: !isServer, peerEnds: true);
                    if (isServer)
                    {
                        peer.Connection.SendHeaders(other, Peer.Fields((":status", "200")), endStream: true);
                    }

                    peer.Told();
                    peer.Connection.ReleaseStream(other);
                }

                break;
            default:
                break;
        }

        return Quiet(peer);
    }

    private static Http2Stream Open(Peer peer, bool isServer, int id, bool thisEnds, bool peerEnds)
    {
        peer.Told();
        if (!isServer)
        {
            Http2Stream opened = peer.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: thisEnds);
            peer.Feed(new FrameScript().Headers(id, peerEnds, FrameScript.Response));
            return opened;
        }

        peer.Feed(new FrameScript().Headers(id, peerEnds, FrameScript.Request));
        return peer.Events[0].Stream!;
    }

    private static Peer Quiet(Peer peer)
    {
        peer.Told();
        peer.Sent();
        return peer;
    }
}
