// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>
/// One random run of a client and a server back to back: calls of all shapes, cancelled, reset and finished early at random, read and
/// sent in random pieces. Whenever both ends are silent the windows must agree to the octet.
/// </summary>
internal sealed class RandomSchedule : IDisposable
{
    private readonly Random _random;
    private readonly Http2ConnectionOptions _clientOptions;
    private readonly Http2ConnectionOptions _serverOptions;
    private readonly ConnectionPair _pair;
    private readonly Dictionary<int, Call> _calls = [];

    // Arrays sent without giving them away, which happens later.
    private readonly Queue<(Http2Connection Connection, Http2Stream Stream, byte[] Array)> _lent = [];
    private readonly End _client;
    private readonly End _server;

    public RandomSchedule(int seed)
    {
        _random = new Random(seed);
        _clientOptions = Options();
        _serverOptions = Options();
        _pair = new ConnectionPair(_clientOptions, _serverOptions);
        _client = new End(_pair.Client, _pair.ClientEvents, _clientOptions, IsClient: true);
        _server = new End(_pair.Server, _pair.ServerEvents, _serverOptions, IsClient: false);
    }

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Step();
            if (_random.Next(60) == 0)
            {
                _pair.Settle();
                CheckWindows();
            }
        }

        if (_random.Next(2) == 0)
        {
            (_random.Next(2) == 0 ? _client : _server).Connection.BeginDrain(_pair.Now);
        }

        Finish();
    }

    public void Dispose() => _pair.Dispose();

    private static byte Octet(int id, int position) => (byte)((id * 31) + (position * 7) + (position >> 8));

    private Http2ConnectionOptions Options() => new()
    {
        HeaderTableSize = _random.Next(3) switch { 0 => 0, 1 => 100, _ => 4096 },
        MaxConcurrentStreams = _random.Next(1, 20),
        InitialStreamWindow = _random.Next(1, _random.Next(2) == 0 ? 100 : 100_000),
        ConnectionWindow = 65535 + _random.Next(0, 100_000),
        MaxFrameSize = 16384 + (_random.Next(2) * 30_000),
        StreamSendQueueLimit = 20_000,
    };

    private void Step()
    {
        switch (_random.Next(10))
        {
            case 0:
            case 1:
                _pair.Move(true, _random.Next(1, 5000));
                break;
            case 2:
            case 3:
                _pair.Move(false, _random.Next(1, 5000));
                break;
            case 4:
                Handle(_client);
                break;
            case 5:
                Handle(_server);
                break;
            case 6 when _client.Connection.CanOpenStream:
                OpenCall();
                break;
            case 7:
                SendMore();
                break;
            case 8 when _random.Next(10) == 0:
                ResetSome();
                break;
            case 9 when _random.Next(10) == 0:
                End end = _random.Next(2) == 0 ? _client : _server;
                end.Connection.SendPing((ulong)++end.Pings);
                break;
            default:
                _pair.Now++;
                break;
        }
    }

    private void OpenCall()
    {
        bool bare = _random.Next(5) == 0;
        Http2Stream stream = _client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: bare);
        Call call = new(stream.Id);
        call.Client.Stream = stream;
        call.Client.ToSend = bare ? 0 : RandomSize(_serverOptions);
        call.Client.EndSent = bare;
        call.Server.ToSend = RandomSize(_clientOptions);
        _calls.Add(stream.Id, call);
    }

    // A window of a few octets needs a round trip for each few octets: what is sent through it stays short.
    private int RandomSize(Http2ConnectionOptions receiver) =>
        _random.Next(0, Math.Min(_random.Next(3) == 0 ? 60_000 : 500, receiver.InitialStreamWindow * 100));

    private void SendMore()
    {
        foreach (Call call in _calls.Values)
        {
            if (_random.Next(3) != 0)
            {
                Send(call, _client, call.Client);
            }

            if (_random.Next(3) != 0)
            {
                Send(call, _server, call.Server);
            }
        }
    }

    private void Send(Call call, End end, Half half)
    {
        if (half.Stream is not { IsClosed: false } stream || half.EndSent || !stream.IsWritable)
        {
            return;
        }

        if (!end.IsClient && !half.HeadSent)
        {
            half.HeadSent = true;
            if (_random.Next(4) == 0)
            {
                end.Connection.SendHeaders(stream, Peer.Fields((":status", "103")), endStream: false);
            }

            end.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        }

        int length = Math.Min(half.ToSend - half.Sent, _random.Next(0, 20_000));
        bool last = half.Sent + length == half.ToSend && (end.IsClient || call.RequestComplete || _random.Next(10) == 0);
        bool endWithData = last && end.IsClient && _random.Next(2) == 0;
        SendPiece(call, end.Connection, stream, half.Sent, length, endWithData);
        half.Sent += length;
        if (last && !endWithData && !stream.IsClosed)
        {
            end.Connection.SendTrailers(stream, Peer.Fields(("grpc-status", "0"), ("x-trailer-" + _random.Next(50), "v")));
        }

        half.EndSent = last;
        if (last && !end.IsClient)
        {
            // A server that needs no more of the request says so behind its trailers.
            if (!call.RequestComplete)
            {
                call.Broken = true;
                end.Connection.ResetStreamAfterSend(stream, Http2ErrorCode.NoError);
            }

            ReleaseMaybe(end.Connection, half);
        }
    }

    private void SendPiece(Call call, Http2Connection connection, Http2Stream stream, int from, int length, bool end)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        for (int i = 0; i < length; i++)
        {
            rented[i] = Octet(call.Id, from + i);
        }

        switch (_random.Next(4))
        {
            case 0 when length <= Http2Connection.MaxInPlaceMessage && connection.TryReserveData(stream, length, out Span<byte> payload):
                if (_random.Next(4) == 0)
                {
                    payload.Fill(0xEE);
                    connection.RollbackData();
                    goto default;
                }

                rented.AsSpan(0, length).CopyTo(payload);
                connection.CommitData(length, end);
                break;
            case 1:
                Assert.True(connection.SendData(stream, rented.AsMemory(0, length), rented, end));
                return;
            case 2:
                Assert.True(connection.SendData(stream, rented.AsMemory(0, length), null, end));
                _lent.Enqueue((connection, stream, rented));
                while (_lent.Count > _random.Next(10))
                {
                    var (owner, sentOn, array) = _lent.Dequeue();
                    owner.ReturnAfterSending(sentOn, array);
                }

                return;
            default:
                Assert.True(connection.SendData(stream, rented.AsSpan(0, length), end));
                break;
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    private void ResetSome()
    {
        if (_calls.Count == 0)
        {
            return;
        }

        Call call = _calls.Values.ElementAt(_random.Next(_calls.Count));
        bool byClient = _random.Next(2) == 0;
        Half half = byClient ? call.Client : call.Server;
        if (half.Stream is { IsClosed: false } stream)
        {
            Http2Connection connection = byClient ? _pair.Client : _pair.Server;
            connection.ResetStream(stream, Http2ErrorCode.Cancel);
            call.Broken = true;
            ReleaseMaybe(connection, half);
        }
    }

    private void ReleaseMaybe(Http2Connection connection, Half half)
    {
        if (half.Stream is { } stream && _random.Next(2) == 0)
        {
            half.Stream = null;
            connection.ReleaseStream(stream);
        }
    }

    private void Handle(End end)
    {
        Http2Event[] events = [.. end.Events];
        end.Events.Clear();
        foreach (Http2Event item in events)
        {
            if (item.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }

            Assert.NotEqual(Http2EventKind.ConnectionClosed, item.Kind);
            switch (item.Kind)
            {
                case Http2EventKind.PingAcknowledged:
                    Assert.Equal((ulong)++end.PingsAnswered, item.PingPayload);
                    break;
                case Http2EventKind.Drained:
                    end.DrainedTold++;
                    break;
                default:
                    if (item.Stream is not null)
                    {
                        OnStreamEvent(end, item, _calls[item.StreamId]);
                    }

                    break;
            }
        }

        while (end.Leases.Count > 0 && _random.Next(5) != 0)
        {
            int chosen = _random.Next(end.Leases.Count);
            DataLease lease = end.Leases[chosen];
            end.Connection.ReleaseData(lease);
            end.Leases.RemoveAt(chosen);
            end.Released++;
        }
    }

    private void OnStreamEvent(End end, in Http2Event item, Call call)
    {
        Half half = end.IsClient ? call.Client : call.Server;
        switch (item.Kind)
        {
            case Http2EventKind.Headers when !end.IsClient:
                half.Stream = item.Stream;
                break;
            case Http2EventKind.Data:
                foreach (byte octet in item.Data.Span)
                {
                    Assert.Equal(Octet(call.Id, half.Received++), octet);
                }

                if (!item.Data.IsEmpty)
                {
                    end.Leases.Add(item.Data);
                }

                break;
            case Http2EventKind.StreamReset:
                half.Resets++;
                call.Broken |= !half.Ended;
                ReleaseMaybe(end.Connection, half);
                break;
            default:
                break;
        }

        if (!item.EndStream)
        {
            return;
        }

        Assert.False(half.Ended, $"stream {call.Id} ended twice");
        half.Ended = true;
        if (!end.IsClient)
        {
            call.RequestComplete = true;
            return;
        }

        if (half.Stream is { IsClosed: false } open && _random.Next(2) == 0)
        {
            // The answer is complete, the rest of the request needless.
            call.Broken |= !half.EndSent;
            _pair.Client.ResetStream(open, Http2ErrorCode.NoError);
        }

        if (half.Stream is { IsClosed: true })
        {
            ReleaseMaybe(_pair.Client, half);
        }
    }

    private void Finish()
    {
        long progress = -1;
        for (int round = 0, idle = 0; idle < 50; round++)
        {
            Assert.InRange(round, 0, 20_000);
            long passed = _client.Released + _server.Released
                + _calls.Values.Sum(call => (long)call.Client.Received + call.Server.Received + call.Client.Sent + call.Server.Sent);
            idle = passed == progress ? idle + 1 : 0;
            progress = passed;
            SendMore();
            _pair.Settle();
            CheckWindows();
            Handle(_client);
            Handle(_server);
            if (_pair.Client.ActiveStreams + _pair.Server.ActiveStreams + _client.Leases.Count + _server.Leases.Count == 0
                && !_pair.Client.HasOutput && !_pair.Server.HasOutput)
            {
                break;
            }
        }

        Assert.Equal((0, 0), (_pair.Client.ActiveStreams, _pair.Server.ActiveStreams));
        _pair.Settle();
        Handle(_client);
        Handle(_server);
        foreach (Call call in _calls.Values)
        {
            Assert.InRange(call.Client.Resets, 0, 1);
            Assert.InRange(call.Server.Resets, 0, 1);
            if (!call.Broken)
            {
                Assert.True(call.Client.Ended && call.Server.Ended, $"stream {call.Id} did not end");
                Assert.Equal(call.Client.ToSend, call.Server.Received);
                Assert.Equal(call.Server.ToSend, call.Client.Received);
            }
        }

        foreach (End end in new[] { _client, _server })
        {
            Assert.Equal(end.Pings, end.PingsAnswered);
            Assert.Equal(end.Connection.DrainState == DrainState.Drained ? 1 : 0, end.DrainedTold);
            Assert.Empty(end.Leases);
            CheckWindows();
            end.Connection.ReleaseIdleMemory();
            Assert.Equal(0, end.Connection.Session.Reader.Buffer.RentedBlocks);
            Assert.False(end.Connection.Session.Outbound.Output.HoldsMemory);
        }
    }

    /// <summary>Both ends are silent: what one may send is what the other grants, and nothing waits that could go.</summary>
    private void CheckWindows()
    {
        CheckWindows(_client, _server);
        CheckWindows(_server, _client);
    }

    private void CheckWindows(End from, End to)
    {
        Dictionary<int, int> unreleased = [];
        foreach (DataLease lease in to.Leases.Concat(to.Events.Select(item => item.Data)))
        {
            unreleased[lease.StreamId] = unreleased.GetValueOrDefault(lease.StreamId) + lease.Length;
        }

        ReceiveWindow window = to.Connection.Session.ReceiveFlow;
        Assert.Equal(from.Connection.Session.Outbound.Window, window.Available);
        Assert.Equal(window.Announced, window.Available + window.Credit + unreleased.Values.Sum());
        Assert.InRange(window.Credit, 0, window.Announced / 2);
        Assert.InRange(window.Announced, to.Options.ConnectionWindow, Math.Max(to.Options.ConnectionWindow, 2 * to.Options.MaxStreamWindow));
        int open = 0;
        foreach (Http2Stream? sending in from.Connection.Session.Streams.Slots)
        {
            if (sending is null)
            {
                continue;
            }

            open++;
            Http2Stream? receiving = to.Connection.Session.Streams.Find(sending.Id);
            Assert.NotNull(receiving);
            if (receiving.RemoteEnded)
            {
                continue;
            }

            Assert.Equal(sending.SendWindow, receiving.ReceiveFlow.Available);
            int held = unreleased.GetValueOrDefault(sending.Id);
            Assert.Equal(receiving.ReceiveFlow.Announced, receiving.ReceiveFlow.Available + receiving.ReceiveFlow.Credit + held);
            if (sending.QueuedBytes > 0)
            {
                // Only what the reader holds back may keep it waiting.
                Assert.True(
                    (sending.SendWindow <= 0 && held > 0) || (window.Available <= 0 && unreleased.Values.Sum() > 0),
                    $"stream {sending.Id} waits with {sending.QueuedBytes} octets, windows {sending.SendWindow} and {window.Available}");
            }
        }

        Assert.Equal(open, to.Connection.ActiveStreams);
    }

    private sealed record End(Http2Connection Connection, List<Http2Event> Events, Http2ConnectionOptions Options, bool IsClient)
    {
        public List<DataLease> Leases { get; } = [];

        public int Pings { get; set; }

        public int PingsAnswered { get; set; }

        public int DrainedTold { get; set; }

        public int Released { get; set; }
    }

    private sealed class Call(int id)
    {
        public readonly int Id = id;
        public readonly Half Client = new();
        public readonly Half Server = new();
        public bool RequestComplete;
        public bool Broken;
    }

    private sealed class Half
    {
        public Http2Stream? Stream;
        public int ToSend;
        public int Sent;
        public int Received;
        public int Resets;
        public bool HeadSent;
        public bool EndSent;
        public bool Ended;
    }
}
