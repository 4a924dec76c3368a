// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>Two state machines under random schedules: every call ends once at both ends, no octet is lost, invented or out of order.</summary>
public sealed class RandomScheduleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Calls_end_once_at_both_ends_whatever_the_schedule(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        Http2ConnectionOptions options = new()
        {
            MaxConcurrentStreams = random.Next(1, 20),
            InitialStreamWindow = random.Next(1, 100_000),
            ConnectionWindow = 65535 + random.Next(0, 100_000),
        };
        using ConnectionPair pair = new(options, options);
        Dictionary<Http2Stream, Call> clientCalls = [];
        Dictionary<Http2Stream, Call> serverCalls = [];
        Dictionary<int, Call> byNumber = [];
        List<Call> all = [];
        List<DataLease> clientLeases = [];
        List<DataLease> serverLeases = [];
        for (int step = 0; step < 6000; step++)
        {
            bool winding = step > 4000;
            switch (random.Next(winding ? 4 : 6))
            {
                case 0:
                    pair.Move(true, random.Next(1, 5000));
                    break;
                case 1:
                    pair.Move(false, random.Next(1, 5000));
                    break;
                case 2:
                    Drain(pair.Client, pair.ClientEvents, clientCalls, clientLeases, client: true);
                    break;
                case 3:
                    Drain(pair.Server, pair.ServerEvents, serverCalls, serverLeases, client: false);
                    break;
                case 4 when pair.Client.CanOpenStream:
                    Call call = new() { ToSend = random.Next(0, 60_000) };
                    Http2Stream stream = pair.Client.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
                    clientCalls[stream] = call;
                    byNumber[stream.Id] = call;
                    all.Add(call);
                    SendAll(pair.Client, stream, call.ToSend);
                    break;
                case 5 when clientCalls.Count > 0 && random.Next(4) == 0:
                    (Http2Stream cancelled, Call ended) = clientCalls.ElementAt(random.Next(clientCalls.Count));
                    pair.Client.ResetStream(cancelled, Http2ErrorCode.Cancel);
                    ended.ClientEnds++;
                    ended.Cancelled = true;
                    clientCalls.Remove(cancelled);
                    break;
                default:
                    break;
            }

            if (winding)
            {
                pair.Now += 10;
            }
        }

        for (int i = 0; i < 2000; i++)
        {
            Drain(pair.Client, pair.ClientEvents, clientCalls, clientLeases, client: true);
            Drain(pair.Server, pair.ServerEvents, serverCalls, serverLeases, client: false);
            clientLeases.ForEach(lease => pair.Client.ReleaseData(lease));
            clientLeases.Clear();
            serverLeases.ForEach(lease => pair.Server.ReleaseData(lease));
            serverLeases.Clear();
            pair.Settle();
        }

        Assert.False(pair.Client.IsClosed, pair.Client.CloseError.ToString());
        Assert.False(pair.Server.IsClosed, pair.Server.CloseError.ToString());
        Assert.Equal(0, pair.Client.ActiveStreams);
        Assert.Equal(0, pair.Server.ActiveStreams);
        Assert.NotEmpty(all);
        foreach (Call call in all)
        {
            Assert.Equal(1, call.ClientEnds);
            if (!call.Cancelled)
            {
                Assert.Equal(1, call.ServerEnds);
                Assert.Equal(call.ToSend, call.Requested);
                Assert.Equal(call.ToSend, call.Answered);
            }
        }

        void Drain(
            Http2Connection connection, List<Http2Event> events, Dictionary<Http2Stream, Call> calls, List<DataLease> leases, bool client)
        {
            foreach (Http2Event item in events.ToArray())
            {
                Call? call = item.Stream is null ? null : byNumber[item.StreamId];
                switch (item.Kind)
                {
                    case Http2EventKind.Headers:
                        connection.ReleaseHeaders(item.Headers!);
                        if (!client)
                        {
                            calls[item.Stream!] = call!;
                        }

                        break;
                    case Http2EventKind.Data:
                        int position = client ? call!.Answered : call!.Requested;
                        foreach (byte octet in item.Data.Span)
                        {
                            Assert.Equal((byte)position++, octet);
                        }

                        (client ? ref call.Answered : ref call.Requested) = position;
                        leases.Add(item.Data);
                        if (item.EndStream && !client)
                        {
                            connection.SendHeaders(item.Stream!, Peer.Fields(FrameScript.Response), endStream: false);
                            if (SendAll(connection, item.Stream!, call.Requested, end: false))
                            {
                                connection.SendTrailers(item.Stream!, Peer.Fields(("grpc-status", "0")));
                            }

                            call.ServerEnds++;
                        }

                        break;
                    case Http2EventKind.Trailers:
                        connection.ReleaseHeaders(item.Headers!);
                        if (calls.Remove(item.Stream!))
                        {
                            call!.ClientEnds++;
                        }

                        break;
                    case Http2EventKind.StreamReset when client && calls.Remove(item.Stream!):
                        call!.ClientEnds++;
                        call.Cancelled = true;
                        break;
                    default:
                        break;
                }
            }

            events.Clear();
            while (leases.Count > 0 && random.Next(5) != 0)
            {
                int chosen = random.Next(leases.Count);
                connection.ReleaseData(leases[chosen]);
                leases.RemoveAt(chosen);
            }
        }
    }

    private static bool SendAll(Http2Connection connection, Http2Stream stream, int count, bool end = true)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, count));
        for (int i = 0; i < count; i++)
        {
            rented[i] = (byte)i;
        }

        int cut = count / 3;
        return connection.SendData(stream, rented.AsSpan(0, cut), endStream: false)
            && connection.SendData(stream, rented.AsMemory(cut, count - cut), rented, end);
    }

    private sealed class Call
    {
        public int ToSend;
        public int Requested;
        public int Answered;
        public int ClientEnds;
        public int ServerEnds;
        public bool Cancelled;
    }
}
