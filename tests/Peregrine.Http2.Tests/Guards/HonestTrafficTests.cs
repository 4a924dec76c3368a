// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Guards;

/// <summary>Busy but honest traffic that no guard may bite, all of it in one instant.</summary>
public sealed class HonestTrafficTests
{
    [Fact]
    public void Messages_of_16_octets_in_a_frame_each()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request)).Told();
        byte[] frame = new FrameScript().Data(1, false, new byte[21]).ToArray();
        for (int i = 0; i < 200_000; i++)
        {
            server.Feed(frame);
            server.Connection.ReleaseData(server.Events[0].Data);
            server.Events.Clear();
            if (i % 100 == 0)
            {
                server.Take();
            }
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void A_WINDOW_UPDATE_for_each_message_sent()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, true, FrameScript.Request));
        Http2Stream stream = server.Events[0].Stream!;
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        for (int i = 0; i < 50_000; i++)
        {
            Assert.True(server.Connection.TryReserveData(stream, 10, out Span<byte> payload));
            payload.Clear();
            server.Connection.CommitData(10, endStream: false);
            server.Take();
            server.Feed(new FrameScript().WindowUpdate(1, 10).WindowUpdate(0, 10));
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void Half_of_all_calls_cancelled_with_a_WINDOW_UPDATE_for_each_message()
    {
        using Peer server = Peer.Server().Opened();
        OutgoingHeaders head = Peer.Fields(FrameScript.Response);
        OutgoingHeaders trailers = Peer.Fields(("grpc-status", "0"));
        for (int id = 1; id < 100_000; id += 2)
        {
            FrameScript script = new FrameScript().Headers(id, false, FrameScript.Request).Data(id, false, new byte[16])
                .WindowUpdate(id, 16).WindowUpdate(0, 16);
            bool cancelled = (id & 2) == 0;
            server.Feed(cancelled ? script.Reset(id) : script.Data(id, true, new byte[16]));
            Http2Stream stream = server.Events[0].Stream!;
            if (!cancelled)
            {
                server.Connection.SendHeaders(stream, head, endStream: false);
                server.Connection.SendTrailers(stream, trailers);
            }

            server.Told();
            server.Connection.ReleaseStream(stream);
            server.Take();
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void A_burst_of_a_thousand_calls_cancelled_at_once_whose_DATA_is_still_on_its_way()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript burst = new();
        for (int id = 1; id < 2000; id += 2)
        {
            burst.Headers(id, false, FrameScript.Request).Data(id, false, new byte[16]);
        }

        for (int id = 1; id < 2000; id += 2)
        {
            burst.Reset(id);
        }

        server.Feed(burst);
        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        Assert.DoesNotContain(server.Sent(), line => line.StartsWith("RST_STREAM", StringComparison.Ordinal));
    }

    [Fact]
    public void DATA_of_16_octets_a_frame_on_its_way_to_a_stream_that_this_end_reset()
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        server.Connection.ResetStream(server.Connection.Session.Streams.Find(1)!, Http2ErrorCode.Cancel);
        byte[] late = new FrameScript().Data(1, false, new byte[16]).ToArray();
        for (int i = 0; i < (1 << 20) / 16; i++)
        {
            server.Feed(late);
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }

    [Fact]
    public void A_client_that_opens_a_thousand_streams_more_than_it_may_before_it_reads_the_limit()
    {
        using Peer server = Peer.Server(new() { MaxConcurrentStreams = 10 });
        FrameScript script = new FrameScript().Preface();
        for (int id = 1; id < 2020; id += 2)
        {
            script.Headers(id, true, FrameScript.Request);
        }

        server.Feed(script);
        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        Assert.Equal(1000, server.Sent().Count(line => line.EndsWith("REFUSED_STREAM", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_client_that_doubles_its_window_while_it_measures_its_bandwidth()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript script = new();
        for (int id = 1; id < 2000; id += 2)
        {
            script.Headers(id, false, FrameScript.Request);
        }

        for (int window = 1 << 16; window <= 1 << 24; window <<= 1)
        {
            script.Settings((4, (uint)window)).Ping();
        }

        server.Feed(script);
        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
    }
}
