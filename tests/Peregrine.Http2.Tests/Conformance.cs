// SPDX-License-Identifier: Apache-2.0
using Peregrine.TestKit;

namespace Peregrine.Http2.Tests;

/// <summary>
/// Judges what a connection makes of frames, for either role and on every split of their bytes. Unless a test says otherwise, the
/// connection is established and has two open streams, 1 and 3; on a client the heads of both responses have come.
/// </summary>
internal static class Conformance
{
    public static readonly Http2Role[] Roles = [Http2Role.Server, Http2Role.Client];

    /// <summary>The frames end the connection: GOAWAY with the code is the last frame sent, and nothing is read after them.</summary>
    public static void IsConnectionError(Http2ErrorCode code, Action<FrameScript> frames, Http2Role? only = null) =>
        OnEverySplit(frames, only, peer =>
        {
            Assert.Equal($"ConnectionClosed {Http2Error.NameOf(code)} Library", peer.Told()[^1]);
            int last = peer.Connection.Role == Http2Role.Server ? peer.Connection.Session.LastRemoteId : 0;
            Assert.Equal($"GOAWAY {last} {Http2Error.NameOf(code)}", peer.Sent()[^1]);
            peer.Feed(new FrameScript().Ping());
            Assert.Empty(peer.Sent());
            Assert.Empty(peer.Told());
        });

    /// <summary>The frames end one stream: RST_STREAM with the code is sent, the owner is told, and the connection goes on.</summary>
    public static void IsStreamError(int streamId, Http2ErrorCode code, Action<FrameScript> frames, Http2Role? only = null) =>
        OnEverySplit(frames, only, peer =>
        {
            string name = Http2Error.NameOf(code);
            Assert.Equal([$"RST_STREAM {streamId} {name}"], peer.Sent().Where(line => !line.StartsWith("WINDOW_UPDATE", StringComparison.Ordinal)));
            Assert.Contains($"StreamReset {streamId} {name} Library", peer.Told());
            GoesOn(peer);
        });

    /// <summary>The frames, a request on stream 5, are malformed: RST_STREAM, and the owner never hears of the stream.</summary>
    public static void IsRefused(Http2ErrorCode code, Action<FrameScript> frames) =>
        OnEverySplit(frames, Http2Role.Server, peer =>
        {
            Assert.Equal([$"RST_STREAM 5 {Http2Error.NameOf(code)}"], peer.Sent());
            Assert.Empty(peer.Told());
            GoesOn(peer);
        });

    /// <summary>The frames have no effect that anybody sees.</summary>
    public static void IsIgnored(Action<FrameScript> frames, Http2Role? only = null) =>
        OnEverySplit(frames, only, peer =>
        {
            Assert.Empty(peer.Told());
            Assert.Empty(peer.Sent());
            GoesOn(peer);
        });

    /// <summary>The frames are fine, and the owner is told this.</summary>
    public static void Tells(string[] told, Action<FrameScript> frames, Http2Role? only = null) =>
        OnEverySplit(frames, only, peer =>
        {
            Assert.Equal(told, JoinData(peer.Told()));
            GoesOn(peer);
        });

    /// <summary>The frames are fine, and the peer is answered this.</summary>
    public static void Answers(string[] sent, Action<FrameScript> frames, Http2Role? only = null) =>
        OnEverySplit(frames, only, peer =>
        {
            Assert.Equal(sent, peer.Sent());
            GoesOn(peer);
        });

    /// <summary>Feeds the frames to a connection of each role for each way to split them, and lets each be checked.</summary>
    public static void OnEverySplit(Action<FrameScript> frames, Http2Role? only, Action<Peer> check)
    {
        FrameScript script = new();
        frames(script);
        foreach (Http2Role role in only is { } one ? [one] : Roles)
        {
            foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in Splits(script.ToArray()))
            {
                using Peer peer = Established(role);
                foreach (ReadOnlyMemory<byte> chunk in chunks.Where(chunk => !chunk.IsEmpty))
                {
                    peer.Feed(chunk.Span);
                }

                try
                {
                    check(peer);
                }
                catch (Exception e)
                {
                    throw new Xunit.Sdk.XunitException($"{role}, {label}: {e.Message}", e);
                }
            }
        }
    }

    /// <summary>A quiet connection with two open streams.</summary>
    public static Peer Established(Http2Role role, Http2ConnectionOptions? options = null)
    {
        Peer peer = new Peer(role, options).Opened();
        for (int id = 1; id <= 3; id += 2)
        {
            if (role == Http2Role.Client)
            {
                peer.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
            }

            peer.Feed(new FrameScript().Headers(id, false, role == Http2Role.Client ? FrameScript.Response : FrameScript.Request));
        }

        peer.Sent();
        peer.Told();
        return peer;
    }

    /// <summary>The connection still works.</summary>
    public static void GoesOn(Peer peer)
    {
        Assert.False(peer.Connection.IsClosed, peer.Connection.CloseError.ToString());
        peer.Sent();
        peer.Feed(new FrameScript().Ping());
        Assert.Equal(["PING ACK"], peer.Sent());
    }

    // A DATA frame may be handed up in several pieces.
    private static List<string> JoinData(List<string> told)
    {
        List<string> joined = [];
        int open = -1;
        foreach (string line in told)
        {
            string[] words = line.Split(' ');
            if (words[0] != "Data")
            {
                joined.Add(line);
                open = -1;
                continue;
            }

            if (open >= 0 && joined[open].Split(' ') is var before && before[1] == words[1] && before.Length == 3)
            {
                int length = int.Parse(before[^1], System.Globalization.CultureInfo.InvariantCulture)
                    + int.Parse(words[^1], System.Globalization.CultureInfo.InvariantCulture);
                joined[open] = words.Length == 4 ? $"Data {words[1]} ES {length}" : $"Data {words[1]} {length}";
            }
            else
            {
                joined.Add(line);
                open = joined.Count - 1;
            }
        }

        return joined;
    }

    // Long payloads are cut at the positions that matter only: around the frame header, and near the end.
    private static IEnumerable<(string Label, IReadOnlyList<ReadOnlyMemory<byte>> Chunks)> Splits(byte[] bytes)
    {
        if (bytes.Length <= 400)
        {
            return SplitSequences.ChunksOf(bytes);
        }

        IEnumerable<int> cuts = Enumerable.Range(0, 40).Concat(Enumerable.Range(bytes.Length - 20, 21)).Append(bytes.Length / 2);
        return cuts.Select(cut => ($"cut at {cut}", (IReadOnlyList<ReadOnlyMemory<byte>>)[bytes.AsMemory(0, cut), bytes.AsMemory(cut)]));
    }
}
