// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Guards;

/// <summary>
/// Streams that end by a reset: those of the peer (rapid reset, CVE-2023-44487) and those that it provokes by errors (CVE-2025-8671). A
/// thousand and as many as may be open at once, and 500 a second; each call that ends well pays for one.
/// </summary>
public sealed class ResetTests
{
    [Theory]
    [InlineData("RST_STREAM")]
    [InlineData("WINDOW_UPDATE of 0")]
    [InlineData("WINDOW_UPDATE beyond 2^31-1")]
    [InlineData("PRIORITY that depends on itself")]
    [InlineData("PRIORITY of a wrong length")]
    [InlineData("HEADERS behind END_STREAM")]
    [InlineData("DATA behind END_STREAM")]
    [InlineData("DATA beyond content-length")]
    [InlineData("DATA beyond the stream's window")]
    [InlineData("DATA beyond the frame size")]
    [InlineData("trailers that do not end the stream")]
    [InlineData("malformed trailers")]
    [InlineData("malformed head")]
    [InlineData("head that depends on itself")]
    public void Streams_that_end_by_resets_alone_end_the_connection_after_2000(string how)
    {
        using Peer server = Peer.Server(new() { InitialStreamWindow = 20_000 }).Opened();
        int streams = 0;
        for (int id = 1; !server.Connection.IsClosed && streams < 5000; id += 2, streams++)
        {
            server.Feed(Provoke(how, id));
            Http2Stream? opened = server.Events.FirstOrDefault(item => item.Kind == Http2EventKind.Headers).Stream;
            server.Told();
            if (opened is not null)
            {
                server.Connection.ReleaseStream(opened);
            }

            server.Take();
        }

        Assert.InRange(streams, 2000, 2002);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
    }

    [Fact]
    public void Resets_at_500_a_second_may_go_on()
    {
        using Peer server = Peer.Server().Opened();
        for (int id = 1; id < 60_000; id += 2)
        {
            server.Now += 2;
            server.Feed(Provoke("RST_STREAM", id));
            Http2Stream opened = server.Events[0].Stream!;
            server.Told();
            server.Connection.ReleaseStream(opened);
        }

        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void Calls_that_were_reset_count_until_their_handlers_end()
    {
        // Otherwise resets lift the limit of concurrency: every handler would still run.
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 50 }).Opened();
        List<Http2Stream> running = [];
        int id = 1;
        for (; id < 1000; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, false, FrameScript.Request).Reset(id));
            running.AddRange(server.Events.Where(item => item.Kind == Http2EventKind.Headers).Select(item => item.Stream!));
            server.Told();
        }

        Assert.Equal(200, running.Count);
        Assert.Contains("RST_STREAM 401 REFUSED_STREAM", server.Sent());
        running.ForEach(server.Connection.ReleaseStream);
        server.Feed(new FrameScript().Headers(id, false, FrameScript.Request));
        Assert.StartsWith($"Headers {id}", Assert.Single(server.Told()));
    }

    [Fact]
    public void Streams_that_were_reset_while_the_connections_window_is_closed_are_not_kept()
    {
        // Calls that end well earn resets, so that both can go on for ever.
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request));
        server.Connection.SendHeaders(server.Events[0].Stream!, Peer.Fields(FrameScript.Response), endStream: false);
        server.Connection.SendData(server.Events[0].Stream!, new byte[65535], endStream: true);
        server.Told();
        server.Take();
        for (int id = 3; id < 100_000; id += 4)
        {
            server.Feed(new FrameScript().Headers(id, true, FrameScript.Request).Headers(id + 2, true, FrameScript.Request));
            Http2Stream[] streams = [.. server.Events.Select(item => item.Stream!)];
            server.Told();
            server.Connection.SendHeaders(streams[0], Peer.Fields(FrameScript.Response), endStream: false);
            server.Connection.SendData(streams[0], new byte[10], endStream: true);
            server.Connection.SendHeaders(streams[1], Peer.Fields((":status", "200")), endStream: true);
            server.Feed(new FrameScript().Reset(id));
            Array.ForEach(streams, server.Connection.ReleaseStream);
            server.Events.Clear();
            server.Take();
            Assert.InRange(server.Connection.Session.Outbound.StreamsInTurn, 0, 150);
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        Assert.Equal(0, server.Connection.Session.Outbound.QueuedBytes);
    }

    private static FrameScript Provoke(string how, int id)
    {
        FrameScript script = new();
        byte[] self = [0, 0, (byte)(id >> 8), (byte)id];
        (string, string)[] request = FrameScript.Request;
        _ = how switch
        {
            "malformed head" => script.Headers(id, false, [.. request, ("X", "1")]),
            "head that depends on itself" => script.Frame(1, 0x24, id, [.. self, 0, .. script.Encode(request)]),
            "DATA beyond content-length" => script.Headers(id, false, [.. request, ("content-length", "1")]).Data(id, false, 1, 2),
            _ => script.Headers(id, how.EndsWith("behind END_STREAM", StringComparison.Ordinal), request),
        };
        return how switch
        {
            "RST_STREAM" => script.Reset(id),
            "WINDOW_UPDATE of 0" => script.WindowUpdate(id, 0),
            "WINDOW_UPDATE beyond 2^31-1" => script.WindowUpdate(id, int.MaxValue),
            "PRIORITY that depends on itself" => script.Frame(2, 0, id, [.. self, 0]),
            "PRIORITY of a wrong length" => script.Frame(2, 0, id, self),
            "HEADERS behind END_STREAM" => script.Headers(id, true, ("t", "1")),
            "DATA behind END_STREAM" => script.Data(id, true, 1),
            "DATA beyond the stream's window" => script.Data(id, false, new byte[16384]).Data(id, false, new byte[16384]),
            "DATA beyond the frame size" => script.Data(id, false, new byte[16385]),
            "trailers that do not end the stream" => script.Headers(id, false, ("t", "1")),
            "malformed trailers" => script.Headers(id, true, (":path", "/")),
            _ => script,
        };
    }
}
