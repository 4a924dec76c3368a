// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;
using Peregrine.TestKit;

namespace Peregrine.Http2.Tests;

/// <summary>Whole exchanges: the same on every split of the bytes, and without an allocation once warm.</summary>
public sealed class SteadyStateTests
{
    [Fact]
    public void An_exchange_reads_the_same_on_every_split()
    {
        byte[] bytes = new FrameScript().Preface().SettingsAck()
            .Headers(1, false, FrameScript.Request)
            .Frame(0, 8, 1, 2, 7, 8, 9, 0, 0)
            .Ping().WindowUpdate(1, 5)
            .Frame(1, 0, 3, 0x83, 0x86).Frame(9, 4, 3, 0x84)
            .Data(1, true, 1, 2).Frame(77, 0, 0, 1, 2, 3).Reset(3).GoAway(0).ToArray();
        string? expected = null;
        foreach ((string label, IReadOnlyList<ReadOnlyMemory<byte>> chunks) in SplitSequences.ChunksOf(bytes))
        {
            using Peer server = Peer.Server();
            foreach (ReadOnlyMemory<byte> chunk in chunks)
            {
                if (!chunk.IsEmpty)
                {
                    server.Feed(chunk.Span);
                }
            }

            StringBuilder story = new();
            int received = 0;
            foreach (Http2Event item in server.Events.Where(item => item.Kind == Http2EventKind.Data))
            {
                received += item.Data.Length;
            }

            // A DATA frame may be handed up in several pieces; all else is equal.
            story.AppendJoin('\n', server.Told().Where(line => !line.StartsWith("Data ")));
            story.Append(received).AppendJoin('\n', server.Sent());
            expected ??= story.ToString();
            Assert.True(expected == story.ToString(), $"{label}:\n{story}\nexpected:\n{expected}");
        }

        Assert.Contains("Headers 3 :method=POST :scheme=http :path=/", expected);
        Assert.Contains("StreamReset 3 CANCEL Remote", expected);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(128)]
    public void Warm_unary_exchanges_allocate_nothing(int custom)
    {
        using ConnectionPair pair = new();
        pair.Settle();
        pair.ClientEvents.Clear();
        pair.ServerEvents.Clear();
        OutgoingHeaders request = new();
        foreach ((string name, string value) in FrameScript.Request)
        {
            request.Add(new HeaderTemplate(name, value));
        }

        for (int i = 0; i < custom; i++)
        {
            request.Add(Encoding.ASCII.GetBytes($"x-custom-{i}"), "a value of some length, sent as a literal"u8);
        }

        OutgoingHeaders response = new();
        response.Add(new HeaderTemplate(":status", "200"));
        response.Add(new HeaderTemplate("content-type", "application/grpc"));
        OutgoingHeaders trailers = new();
        trailers.Add(new HeaderTemplate("grpc-status", "0"));
        for (int i = 0; i < 200; i++)
        {
            Exchange(pair, request, response, trailers);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Exchange(pair, request, response, trailers);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static void Exchange(ConnectionPair pair, OutgoingHeaders request, OutgoingHeaders response, OutgoingHeaders trailers)
    {
        Http2Stream stream = pair.Client.OpenStream(request, endStream: false);
        Assert.True(pair.Client.TryReserveData(stream, 100, out Span<byte> payload));
        payload.Clear();
        pair.Client.CommitData(100, endStream: true);
        pair.Move(fromClient: true);
        foreach (Http2Event item in pair.ServerEvents)
        {
            if (item.Kind == Http2EventKind.Headers)
            {
                Http2Connection.ReleaseHeaders(item.Headers!);
            }
            else if (item.Kind == Http2EventKind.Data)
            {
                pair.Server.ReleaseData(item.Data);
                pair.Server.SendHeaders(item.Stream!, response, endStream: false);
                pair.Server.SendData(item.Stream!, "answer"u8, endStream: false);
                pair.Server.SendTrailers(item.Stream!, trailers);
                pair.Server.ReleaseStream(item.Stream!);
            }
        }

        pair.ServerEvents.Clear();
        pair.Move(fromClient: false);
        foreach (Http2Event item in pair.ClientEvents)
        {
            pair.Client.ReleaseData(item.Data);
            if (item.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }
        }

        pair.ClientEvents.Clear();
        pair.Client.ReleaseStream(stream);
        Assert.True(stream.IsClosed);
    }
}
