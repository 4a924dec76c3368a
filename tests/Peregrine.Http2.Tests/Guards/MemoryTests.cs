// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Guards;

/// <summary>What a peer can make a connection hold in memory, in octets.</summary>
public sealed class MemoryTests
{
    // Twice the connection's window of 4 MiB, 1 MiB of blocks before pieces are copied together, and a block for each stream.
    private const long MostReceived = (8 << 20) + (1 << 20) + (1000 * 4096) + (1 << 20);

    // ---- Beginnings of frames

    [Fact]
    public void The_beginning_of_a_preface_or_a_frame_holds_little_more_than_its_octets_while_nothing_comes()
    {
        byte[] bytes = new FrameScript().Preface().SettingsAck().Headers(1, false, FrameScript.Request).Data(1, true, new byte[100]).ToArray();
        string? whole = null;
        for (int piece = bytes.Length; piece > 0; piece--)
        {
            using Peer server = Peer.Server();
            List<string> told = [];
            int received = 0;
            for (int at = 0; at < bytes.Length; at += piece)
            {
                server.Feed(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
                received += server.Events.Sum(item => item.Data.Length);
                told.AddRange(server.Told().Where(line => !line.StartsWith("Data ", StringComparison.Ordinal)));
                server.Connection.ReleaseIdleMemory();
                Assert.InRange(server.Connection.Session.Reader.Buffer.RentedBytes, 0, 2 * bytes.Length);
            }

            told.Add($"{received} octets");
            whole ??= string.Join('\n', told);
            Assert.Equal(whole, string.Join('\n', told));
        }

        Assert.EndsWith("100 octets", whole, StringComparison.Ordinal);
    }

    // ---- Received DATA that the owner does not read

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 255)]
    [InlineData(16, 0)]
    [InlineData(16, 255)]
    [InlineData(4096, 0)]
    public void Small_unread_pieces_hold_little_more_than_their_octets(int octets, int padding)
    {
        using Peer server = Peer.Server().Opened();
        FrameScript heads = new();
        for (int id = 1; id < 200; id += 2)
        {
            heads.Headers(id, false, FrameScript.Request);
        }

        server.Feed(heads).Told();
        byte[] payload = padding == 0 ? new byte[octets] : [(byte)padding, .. new byte[octets + padding]];
        Dictionary<int, List<DataLease>> unread = [];
        FrameScript round = new();
        for (int id = 1; id < 200; id += 2)
        {
            round.Frame(0, padding == 0 ? 0 : 8, id, payload);
        }

        long held = 0;
        for (int i = 0; i < Math.Min(4000, 19_000 / octets); i++)
        {
            server.Feed(round);
            foreach (Http2Event item in server.Events)
            {
                List<DataLease> leases = unread.TryGetValue(item.StreamId, out List<DataLease>? known) ? known : unread[item.StreamId] = [];
                DataLease last = leases.Count > 0 ? leases[^1] : default;
                if (server.Connection.TryJoinData(ref last, item.Data))
                {
                    leases[^1] = last;
                }
                else
                {
                    leases.Add(item.Data);
                }
            }

            server.Events.Clear();
            server.Take();
            held = Math.Max(held, server.Connection.Session.Reader.Buffer.RentedBytes);
        }

        Assert.False(server.Connection.IsClosed, server.Connection.CloseError.ToString());
        long received = unread.Values.Sum(leases => leases.Sum(lease => (long)lease.Length));
        Assert.InRange(held, 0, (2 * received) + (1 << 20) + (100 * 4096) + (256 << 10));

        // Joined, the leases are few, too: beyond the first 4096 one for each 4 KiB.
        Assert.InRange(server.Connection.Session.Reader.Buffer.Leases, 0, 4096 + (received / 2048) + 200);
        foreach (DataLease lease in unread.Values.SelectMany(leases => leases))
        {
            server.Connection.ReleaseData(lease);
        }

        server.Connection.ReleaseIdleMemory();
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.Leases);
    }

    [Fact]
    public void An_unread_octet_between_much_that_is_read_does_not_hold_its_block()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request).Headers(3, false, FrameScript.Request)).Told();
        List<DataLease> unread = [];
        long held = 0;
        for (int i = 0; i < 2000; i++)
        {
            FrameScript script = new FrameScript().Data(1, false, 7);
            for (int frame = 0; frame < 4; frame++)
            {
                script.Data(3, false, new byte[16_000]);
            }

            server.Feed(script);
            foreach (Http2Event item in server.Events.Where(item => item.Kind == Http2EventKind.Data))
            {
                if (item.StreamId == 1)
                {
                    unread.Add(item.Data);
                }
                else
                {
                    server.Connection.ReleaseData(item.Data);
                }
            }

            server.Events.Clear();
            server.Take();
            held = Math.Max(held, server.Connection.Session.Reader.Buffer.RentedBytes);
        }

        // 128 MB have passed; 2000 octets are unread.
        Assert.InRange(held, 0, 3 << 20);
        Assert.All(unread, lease => Assert.Equal(7, lease.Span[0]));
        unread.ForEach(lease => server.Connection.ReleaseData(lease));
    }

    [Fact]
    public void Copied_and_joined_pieces_keep_their_octets_and_their_credit()
    {
        using Peer server = Peer.Server().Opened();
        server.Feed(new FrameScript().Headers(1, false, FrameScript.Request)).Told();
        List<DataLease> leases = [];
        for (int i = 0; i < 20_000; i++)
        {
            server.Feed(new FrameScript().Data(1, i == 19_999, (byte)i, (byte)(i >> 8)));
            DataLease next = server.Events[0].Data;
            DataLease last = leases.Count > 0 ? leases[^1] : default;
            if (server.Connection.TryJoinData(ref last, next))
            {
                leases[^1] = last;
            }
            else
            {
                leases.Add(next);
            }

            server.Events.Clear();
        }

        Assert.InRange(leases.Count, 4096, 4110);
        byte[] all = [.. leases.SelectMany(lease => lease.Span.ToArray())];
        Assert.Equal(40_000, all.Length);
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Equal(i & 0xFFFF, all[2 * i] | (all[(2 * i) + 1] << 8));
        }

        leases.ForEach(lease => server.Connection.ReleaseData(lease));
        ReceiveWindow window = server.Connection.Session.ReceiveFlow;
        Assert.Equal(4 << 20, window.Available + window.Credit);
    }

    [Theory]
    [InlineData("END_STREAM")]
    [InlineData("RST_STREAM")]
    [InlineData("reset by the owner")]
    [InlineData("end of the connection")]
    public void Copied_pieces_outlive_their_stream_and_leave_nothing_behind(string end)
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        List<DataLease> leases = [];
        for (int i = 0; i < 6000; i++)
        {
            server.Feed(new FrameScript().Data(1, false, (byte)i));
            leases.Add(server.Events[0].Data);
            server.Events.Clear();
        }

        Http2Stream stream = server.Connection.Session.Streams.Find(1)!;
        Assert.NotNull(stream.CompactBlock.Block);
        switch (end)
        {
            case "END_STREAM":
                server.Feed(new FrameScript().Data(1, true));
                break;
            case "RST_STREAM":
                server.Feed(new FrameScript().Reset(1));
                break;
            case "reset by the owner":
                server.Connection.ResetStream(stream, Http2ErrorCode.Cancel);
                break;
            default:
                server.Connection.ReceiveEnd(0, server.Events);
                break;
        }

        Assert.Null(stream.CompactBlock.Block);
        for (int i = 0; i < leases.Count; i++)
        {
            Assert.Equal((byte)i, leases[i].Span[0]);
            server.Connection.ReleaseData(leases[i]);
        }

        Assert.Throws<InvalidOperationException>(() => server.Connection.ReleaseData(leases[^1]));
        server.Connection.ReleaseIdleMemory();
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.RentedBlocks);
        Assert.Equal(0, server.Connection.Session.Reader.Buffer.RentedBytes);
    }

    [Fact]
    public void Leases_of_different_streams_or_apart_are_not_joined()
    {
        using Peer server = Conformance.Established(Http2Role.Server);
        server.Feed(new FrameScript().Data(1, false, 1).Data(1, false, 2).Data(3, false, 3));
        DataLease first = server.Events[0].Data;
        Assert.False(server.Connection.TryJoinData(ref first, server.Events[1].Data));
        Assert.False(server.Connection.TryJoinData(ref first, server.Events[2].Data));
        DataLease none = default;
        Assert.False(server.Connection.TryJoinData(ref none, first));
        Assert.Equal(1, first.Length);
    }

    // ---- Header lists and output: one budget

    [Fact]
    public void Requests_are_refused_while_heads_and_unsent_output_exceed_the_budget()
    {
        using Peer server = Peer.Server(new() { MaxBufferedBytes = 200_000 }).Opened();
        (string, string)[] large = [.. FrameScript.Request, ("x", new string('x', 7000))];
        List<Http2Stream> open = [];
        int id = 1;
        for (; id < 200; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, true, large));
            foreach (Http2Event item in server.Events)
            {
                open.Add(item.Stream!);
            }

            server.Events.Clear();
        }

        Assert.InRange(open.Count, 5, 25);
        Assert.Contains($"RST_STREAM {id - 2} REFUSED_STREAM", server.Sent());
        Assert.InRange(server.Connection.Session.BufferedBytes, 200_000, 240_000);
        foreach (Http2Stream stream in open)
        {
            server.Connection.SendHeaders(stream, Peer.Fields((":status", "200")), endStream: true);
            server.Connection.ReleaseStream(stream);
        }

        server.Take();
        Assert.Equal(0, server.Connection.Session.BufferedBytes);
        server.Feed(new FrameScript().Headers(id, true, large));
        Assert.Equal(Http2EventKind.Headers, Assert.Single(server.Events).Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_peer_that_opens_no_window_holds_no_more_than_the_budget(int window)
    {
        const int message = 40_000;
        using Peer server = Peer.Server(new() { MaxBufferedBytes = 1 << 20 });
        server.Feed(new FrameScript().Preface().Settings((4, (uint)window)).SettingsAck()).Told();
        List<Http2Stream> open = [];
        for (int id = 1; id < 2000; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, true, FrameScript.Request));
            Http2Stream? stream = server.Events.Count > 0 ? server.Events[0].Stream : null;
            server.Told();
            if (stream is not null)
            {
                open.Add(stream);
                server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
                server.Connection.SendData(stream, new byte[message], endStream: false);
            }

            server.Take();
        }

        Assert.InRange(open.Count, 20, 27);
        Assert.InRange(server.Connection.Session.BufferedBytes, 1 << 20, (1 << 20) + (2 * message));
        Assert.Contains(open, stream => !stream.IsWritable);

        // Who opens it again gets everything, and writers go on.
        FrameScript grant = new FrameScript().WindowUpdate(0, 10_000_000);
        open.ForEach(stream => grant.WindowUpdate(stream.Id, message));
        server.Feed(grant);
        Assert.Equal(open.Count * message, server.Sent().Where(line => line.StartsWith("DATA", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)) + (window * open.Count));
        Assert.All(open, stream => Assert.True(stream.IsWritable));
        Assert.False(server.Connection.IsClosed);
    }

    [Fact]
    public void One_octet_of_window_at_a_time_costs_the_peer_more_than_this_end()
    {
        using Peer server = Peer.Server();
        server.Feed(new FrameScript().Preface().Settings((4, 0)).SettingsAck().Headers(1, true, FrameScript.Request));
        Http2Stream stream = server.Events.First(item => item.Stream is not null).Stream!;
        server.Told();
        server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        server.Connection.SendData(stream, new byte[60_000], endStream: true);
        server.Take();
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] grant = new FrameScript().WindowUpdate(1, 1).ToArray();
        List<ArraySegment<byte>> segments = [];
        long sent = 0;
        for (int i = 0; i < 50_000; i++)
        {
            server.Feed(grant);
            while (server.Connection.TryTakeOutput(segments, server.Events))
            {
                sent += segments.Sum(segment => segment.Count);
                server.Connection.CompleteOutput();
            }
        }

        Assert.False(server.Connection.IsClosed);
        Assert.Equal(50_000 * 10, sent);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.Equal(0, server.Connection.UnsentBytes);
    }

    [Fact]
    public void Responses_without_a_body_that_nobody_reads_stop_at_the_budget()
    {
        using Peer server = Peer.Server(new() { MaxBufferedBytes = 1 << 20 }).Opened();
        OutgoingHeaders answer = Peer.Fields((":status", "200"), ("grpc-status", "12"), ("grpc-message", new string('m', 500)));
        int answered = 0;
        for (int id = 1; !server.Connection.IsClosed && id < 200_000; id += 2)
        {
            server.Feed(new FrameScript().Headers(id, true, FrameScript.Request));
            if (server.Events.FirstOrDefault(item => item.Kind == Http2EventKind.Headers).Stream is { } stream)
            {
                server.Connection.SendHeaders(stream, answer, endStream: true);
                server.Told();
                server.Connection.ReleaseStream(stream);
                answered++;
            }

            server.Events.Clear();
        }

        // Then requests are refused, and the refusals are replies that wait.
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, server.Connection.CloseError.Code);
        Assert.InRange(server.Connection.UnsentBytes, 1 << 20, (1 << 20) + (4002 * 13) + 1000);
        Assert.InRange(answered, 2000, 10_000);
    }

    [Fact]
    public void The_whole_received_window_unread_stays_within_its_bound()
    {
        using Peer server = Peer.Server().Opened();
        FrameScript heads = new();
        for (int id = 1; id < 2000; id += 2)
        {
            heads.Headers(id, false, FrameScript.Request);
        }

        server.Feed(heads).Told();
        FrameScript round = new();
        for (int id = 1; id < 2000; id += 2)
        {
            round.Data(id, false, new byte[1000]);
        }

        for (int i = 0; i < 4; i++)
        {
            server.Feed(round);
            Assert.InRange(server.Connection.Session.Reader.Buffer.RentedBytes, 0, MostReceived);
        }

        Assert.False(server.Connection.IsClosed);
    }
}
