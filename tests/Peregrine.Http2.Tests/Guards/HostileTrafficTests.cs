// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.Guards;

/// <summary>
/// Random frames, mostly almost right, in random pieces, against an owner that does random things: nothing throws, what is sent are
/// frames, a connection that ends says GOAWAY, each stream ends once, and no memory stays behind. <c>HTTP2_SEEDS=1000</c> in the
/// environment runs that many seeds instead of the usual few.
/// </summary>
public sealed class HostileTrafficTests
{
    private static readonly int[] Ids = [0, 1, 3, 5, 7, 2, 9, 11, 0x7FFF_FFFF];

    public static IEnumerable<TheoryDataRow<int>> Seeds()
    {
        string? wanted = Environment.GetEnvironmentVariable("HTTP2_SEEDS");
        int count = wanted is null ? 60 : int.Parse(wanted, CultureInfo.InvariantCulture);
        return Enumerable.Range(1, count).Select(seed => new TheoryDataRow<int>(seed));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_server_survives(int seed) => Run(new Random(seed), Http2Role.Server);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_client_survives(int seed) => Run(new Random(seed), Http2Role.Client);

    private static void Run(Random random, Http2Role role)
    {
        Http2ConnectionOptions options = new()
        {
            MaxConcurrentStreams = random.Next(1, 10),
            InitialStreamWindow = random.Next(2) == 0 ? 1000 : 1 << 20,
            HeaderTableSize = random.Next(3) * 4096,
            MaxBufferedBytes = random.Next(2) == 0 ? 10_000 : 64 << 20,
        };
        using Peer peer = new Peer(role, options).Opened();
        List<DataLease> leases = [];
        Dictionary<Http2Stream, int> open = [];
        List<byte> sent = [];
        for (int step = 0; step < 400 && !peer.Connection.IsClosed; step++)
        {
            if (role == Http2Role.Client && peer.Connection.CanOpenStream && random.Next(3) == 0)
            {
                Http2Stream stream = peer.Connection.OpenStream(Peer.Fields(FrameScript.Request), random.Next(2) == 0);
                open.Add(stream, stream.Id);
            }

            FeedInPieces(peer, random, RandomFrame(random, role, hostile: random.Next(20) == 0));
            Handle(peer, random, leases, open);
            foreach (Http2Stream stream in open.Keys.Where(_ => random.Next(4) == 0).ToArray())
            {
                Act(peer.Connection, random, stream, role);
            }

            if (random.Next(3) != 0)
            {
                sent.AddRange(peer.Take());
            }
        }

        sent.AddRange(peer.Take());
        CheckFrames(sent.ToArray(), peer.Connection);
        peer.Connection.ReceiveEnd(peer.Now, peer.Events);
        Handle(peer, random, leases, open);
        leases.ForEach(lease => peer.Connection.ReleaseData(lease));
        foreach (Http2Stream stream in open.Keys)
        {
            Assert.True(stream.IsClosed);
            peer.Connection.ReleaseStream(stream);
        }

        peer.Take();
        peer.Connection.ReleaseIdleMemory();
        Assert.Equal((0, 0L, 0), (peer.Connection.Session.Reader.Buffer.RentedBlocks, peer.Connection.Session.Reader.Buffer.RentedBytes, peer.Connection.Session.Reader.Buffer.Leases));
        Assert.False(peer.Connection.Session.Outbound.Output.HoldsMemory);
        Assert.Equal(0, peer.Connection.Session.BufferedBytes);
    }

    private static void FeedInPieces(Peer peer, Random random, byte[] bytes)
    {
        int at = 0;
        while (at < bytes.Length)
        {
            int length = random.Next(3) == 0 ? bytes.Length - at : random.Next(1, Math.Min(bytes.Length - at, 40) + 1);
            peer.Feed(bytes.AsSpan(at, length));
            at += length;
        }
    }

    private static byte[] RandomFrame(Random random, Http2Role role, bool hostile)
    {
        FrameScript script = new();
        int id = Ids[random.Next(hostile ? Ids.Length : 5)];
        byte[] payload = new byte[random.Next(4) == 0 ? random.Next(5000) : random.Next(20)];
        random.NextBytes(payload);
        if (hostile)
        {
            return script.Frame(random.Next(12), random.Next(256), id, payload).ToArray();
        }

        (string, string)[] head = role == Http2Role.Server ? FrameScript.Request : FrameScript.Response;
        return (random.Next(9) switch
        {
            0 or 1 when id != 0 => script.Headers(id, random.Next(3) == 0, head),
            2 when id != 0 => script.Headers(id, true, ("t", "1")),
            3 when id != 0 => script.Frame(0, random.Next(2), id, payload),
            4 when id != 0 => script.Frame(0, 8, id, [(byte)Math.Min(payload.Length, 255), .. payload]),
            5 when id != 0 && random.Next(4) == 0 => script.Reset(id, (Http2ErrorCode)random.Next(15)),
            6 => script.WindowUpdate(random.Next(2) == 0 ? 0 : id, random.Next(0, 1000) + (random.Next(10) == 0 ? 0 : 1)),
            7 => script.Settings((random.Next(1, 7), (uint)random.Next(2) * 16384)),
            _ => script.Ping((ulong)random.Next()),
        }).ToArray();
    }

    private static void Handle(Peer peer, Random random, List<DataLease> leases, Dictionary<Http2Stream, int> open)
    {
        foreach (Http2Event item in peer.Events)
        {
            if (item.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }

            if (item.Kind == Http2EventKind.Data && !item.Data.IsEmpty)
            {
                leases.Add(item.Data);
            }

            if (item.Kind == Http2EventKind.Headers && peer.Connection.Role == Http2Role.Server)
            {
                open.Add(item.Stream!, item.StreamId);
            }

            if (item.Kind == Http2EventKind.StreamReset && open.Remove(item.Stream!))
            {
                Assert.True(item.Stream!.IsClosed);
                peer.Connection.ReleaseStream(item.Stream);
            }
        }

        peer.Events.Clear();
        while (leases.Count > 0 && random.Next(3) == 0)
        {
            int chosen = random.Next(leases.Count);
            peer.Connection.ReleaseData(leases[chosen]);
            leases.RemoveAt(chosen);
        }
    }

    private static void Act(Http2Connection connection, Random random, Http2Stream stream, Http2Role role)
    {
        if (stream.LocalEnded)
        {
            return;
        }

        switch (random.Next(5))
        {
            case 0 when role == Http2Role.Server:
                connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: random.Next(4) == 0);
                break;
            case 1:
                connection.SendData(stream, new byte[random.Next(20_000)], endStream: random.Next(4) == 0);
                break;
            case 2 when connection.TryReserveData(stream, 100, out Span<byte> place):
                place.Clear();
                connection.CommitData(100, endStream: false);
                break;
            case 3 when random.Next(4) == 0:
                connection.SendTrailers(stream, Peer.Fields(("grpc-status", "0")));
                break;
            case 4 when random.Next(8) == 0:
                connection.ResetStream(stream, Http2ErrorCode.Cancel);
                break;
            default:
                break;
        }
    }

    private static void CheckFrames(ReadOnlySpan<byte> bytes, Http2Connection connection)
    {
        FrameType last = FrameType.Data;
        while (!bytes.IsEmpty)
        {
            FrameHeader header = FrameHeader.Read(bytes);
            Assert.InRange(header.Length, 0, 16384);
            Assert.InRange((int)header.Type, 0, 9);
            last = header.Type;
            bytes = bytes[(FrameHeader.Size + header.Length)..];
        }

        if (connection.IsClosed)
        {
            Assert.Equal(FrameType.GoAway, last);
            Assert.NotEqual(Http2ErrorCode.InternalError, connection.CloseError.Code);
        }
    }
}
