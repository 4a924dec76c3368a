// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>
/// Calls of a client and a server at the ends of a path that delays, loses and may be cut, under virtual time: it goes from one moment at which
/// something happens to the next. What must hold at every moment is checked at each; <see cref="Run"/> checks what must be left.
/// </summary>
internal sealed class CallsOnPath : IDisposable
{
    private const int PieceSize = 16_000;
    private const int MostMoments = 1_000_000;
    private const int LongestUntilNoticed = 3_000;

    private readonly PathPlan _plan;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (long At, int Order)> _timetable = new();
    private readonly Dictionary<int, PathCall> _calls = [];
    private readonly PathEnd _client;
    private readonly PathEnd _server;
    private int _toOpen;
    private int _unread;
    private int _scheduled;
    private long _now;
    private bool _isCut;
    private bool _waitsForRoom;

    public CallsOnPath(PathPlan plan)
    {
        _plan = plan;
        _random = new Random(plan.Seed);
        int delay = _random.Next(1, 100);
        int rate = _random.Next(50, 5000);
        _client = new PathEnd(
            Peer.Client(plan.Client), plan.Client, new PathDirection(delay, rate, plan.Loss, _random.Next()), plan.CutToServer);
        _server = new PathEnd(
            Peer.Server(plan.Server), plan.Server, new PathDirection(delay, rate, plan.Loss, _random.Next()), plan.CutToClient);
        _toOpen = plan.Calls;
        Schedule(0, Open);
    }

    /// <summary>Octets that arrived at the server.</summary>
    public long ArrivedAtServer => _client.Arrived;

    /// <summary>Octets that arrived at the client.</summary>
    public long ArrivedAtClient => _server.Arrived;

    /// <summary>Segments that were lost on the way.</summary>
    public int Lost => _client.Way.Lost + _server.Way.Lost;

    /// <summary>PINGs that the client sent.</summary>
    public int ClientPings => _client.Pings;

    /// <summary>Milliseconds that it took.</summary>
    public long Now => _now;

    /// <summary>Why the server's connection is closed.</summary>
    public Http2Error ServerError => _server.Connection.CloseError;

    /// <summary>Goes on until all calls have ended, or both ends have noticed the cut.</summary>
    public void Run()
    {
        int moments = 0;
        for (long next = 0; next < long.MaxValue; next = NextMoment())
        {
            Assert.InRange(++moments, 0, MostMoments);
            GoOn(next);
            foreach (PathEnd end in (PathEnd[])[_client, _server])
            {
                CheckBounds(end);
            }
        }

        foreach (PathCall call in _calls.Values)
        {
            CheckEnd(call);
        }

        Assert.Equal((0, 0), (_client.Connection.ActiveStreams, _server.Connection.ActiveStreams));
        Assert.Equal(_isCut ? (1, 1) : (0, 0), (_client.Closed, _server.Closed));
        if (!_isCut)
        {
            Assert.Equal(_plan.Calls, _calls.Count);
            CheckWindows(_client, _server);
            CheckWindows(_server, _client);
        }

        CheckNothingIsLeft(_client);
        CheckNothingIsLeft(_server);
    }

    /// <summary>Goes on until one end closes the connection for the other's fault.</summary>
    public void RunUntilClosed()
    {
        for (long next = 0; !_client.Connection.IsClosed && !_server.Connection.IsClosed; next = NextMoment())
        {
            Assert.NotEqual(long.MaxValue, next);
            GoOn(next);
        }
    }

    public void Dispose()
    {
        _client.Peer.Dispose();
        _server.Peer.Dispose();
    }

    // ---- Time.

    private void Schedule(int milliseconds, Action action) => _timetable.Enqueue(action, (_now + milliseconds, _scheduled++));

    private long NextMoment()
    {
        bool isOver = _isCut
            ? _client.Closed + _server.Closed == 2 && _unread == 0
            : _toOpen == 0 && _unread == 0 && _calls.Values.All(call => call.Client.Ends > 0 && call.Server.Ends > 0)
                && !_client.Connection.HasOutput && !_server.Connection.HasOutput
                && _client.Way.NextArrival == long.MaxValue && _server.Way.NextArrival == long.MaxValue;
        if (isOver)
        {
            return long.MaxValue;
        }

        if (_client.Connection.HasOutput || _server.Connection.HasOutput)
        {
            return _now;
        }

        long next = Math.Min(_client.Connection.NextDeadline, _server.Connection.NextDeadline);
        next = Math.Min(next, Math.Min(_client.Way.NextArrival, _server.Way.NextArrival));
        next = _timetable.TryPeek(out _, out (long At, int Order) first) ? Math.Min(next, first.At) : next;
        return Math.Max(_now, _waitsForRoom ? Math.Min(next, _now + 1) : next);
    }

    private void GoOn(long now)
    {
        _now = _client.Peer.Now = _server.Peer.Now = now;
        while (_timetable.TryPeek(out Action? action, out (long At, int Order) first) && first.At <= now)
        {
            _timetable.Dequeue();
            action();
        }

        _waitsForRoom = false;
        Exchange(_client, _server);
        Exchange(_server, _client);
    }

    private void Exchange(PathEnd from, PathEnd to)
    {
        if (_now >= from.Connection.NextDeadline)
        {
            from.Connection.Tick(_now, from.Peer.Events);
            Handle(from);
        }

        SendMore(from);
        from.Flush(_now, _isCut);
        Handle(from);
        while (from.Way.TryLeave(_now, out ReadOnlyMemory<byte> arrived))
        {
            bool isCut = from.LeftToCut <= arrived.Length;
            arrived = isCut ? arrived[..(int)from.LeftToCut] : arrived;
            from.LeftToCut -= isCut ? 0 : arrived.Length;
            from.Arrived += arrived.Length;
            if (arrived.Length > 0)
            {
                to.Peer.Feed(arrived.Span);
                Handle(to);
            }

            if (isCut)
            {
                Cut();
            }
        }
    }

    // What is under way is lost, and each end notices in its own time: an end of the peer's direction, or a failure.
    private void Cut()
    {
        _isCut = true;
        foreach (PathEnd end in (PathEnd[])[_client, _server])
        {
            end.Way.Cut();
            Schedule(_random.Next(3) == 0 ? 0 : _random.Next(LongestUntilNoticed), () => Notice(end));
        }
    }

    private void Notice(PathEnd end)
    {
        if (_random.Next(2) == 0)
        {
            end.Connection.ReceiveEnd(_now, end.Peer.Events);
        }
        else
        {
            Http2Error error = new(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Library, "The path was cut.");
            end.Connection.Abort(error, end.Peer.Events);
        }

        Handle(end);
    }

    // ---- Calls.

    private void Open()
    {
        if (_client.Connection.IsClosed)
        {
            return;
        }

        // Before it knows the server's limit, a client may open more, and is refused.
        bool knowsLimit = _client.Connection.RemoteSettingsReceived || _plan.Server.MaxConcurrentStreams >= _plan.Calls;
        if (!knowsLimit || !_client.Connection.CanOpenStream)
        {
            Schedule(10, Open);
            return;
        }

        Http2Stream stream = _client.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false, now: _now);
        PathCall call = new(stream.Id, RandomLength(), RandomLength(), _random.Next(_plan.LongestPause + 1));
        call.Client.Stream = stream;
        call.Client.MaySend = true;
        _calls.Add(call.Id, call);
        if (_random.NextDouble() < _plan.Resets)
        {
            PathEnd end = _random.Next(2) == 0 ? _client : _server;
            Schedule(_random.Next(1000), () => Reset(end, call));
        }

        if (--_toOpen > 0)
        {
            Schedule(_random.Next(_plan.LongestPause + 1), Open);
        }
    }

    private int RandomLength() => _random.Next(_random.Next(3) == 0 ? _plan.LargestBody : Math.Min(_plan.LargestBody, 1000));

    private void Reset(PathEnd end, PathCall call)
    {
        if (end.SideOf(call) is { Stream: { } stream } side && !end.Connection.IsClosed)
        {
            call.IsReset = true;
            end.Connection.ResetStream(stream, Http2ErrorCode.Cancel);
            End(end, side);
        }
    }

    private void SendMore(PathEnd end)
    {
        foreach (PathCall call in _calls.Values)
        {
            PathCall.Side side = end.SideOf(call);
            while (side is { MaySend: true, EndSent: false, Stream.IsWritable: true } && !end.Connection.IsClosed)
            {
                if (!end.Way.HasRoom && !_isCut)
                {
                    _waitsForRoom = true;
                    return;
                }

                SendPiece(end, call, side);
                end.Flush(_now, _isCut);
            }
        }
    }

    private static void SendPiece(PathEnd end, PathCall call, PathCall.Side side)
    {
        byte[] piece = call.Octets(side.Sent, Math.Min(PieceSize, side.ToSend - side.Sent));
        side.Sent += piece.Length;
        side.EndSent = side.Sent == side.ToSend;
        Assert.True(end.Connection.SendData(side.Stream!, piece, endStream: side.EndSent && end.IsClient));
        if (side.EndSent && !end.IsClient)
        {
            Assert.True(end.Connection.SendTrailers(side.Stream!, Peer.Fields(("grpc-status", "0"))));
        }
    }

    private void Handle(PathEnd end)
    {
        Http2Event[] events = [.. end.Peer.Events];
        end.Peer.Events.Clear();
        foreach (Http2Event item in events)
        {
            Assert.Equal(0, end.Closed);
            if (item.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }

            if (item.Kind == Http2EventKind.ConnectionClosed)
            {
                end.Closed++;
                Assert.True(_isCut, end.Connection.CloseError.ToString());
            }
            else if (item.Stream is { } stream)
            {
                OnStreamEvent(end, item, stream, _calls[item.StreamId]);
            }
        }

        foreach (PathCall call in _calls.Values)
        {
            if (end.SideOf(call) is { Stream.IsClosed: true } side)
            {
                // Both directions are done.
                Assert.True(side is { EndSent: true, EndReceived: true });
                End(end, side);
            }
        }
    }

    private void OnStreamEvent(PathEnd end, in Http2Event item, Http2Stream stream, PathCall call)
    {
        PathCall.Side side = end.SideOf(call);
        Assert.Equal(0, side.Ends);
        side.Stream = stream;
        if (item.Kind == Http2EventKind.StreamReset)
        {
            Assert.True(call.IsReset || _isCut, item.Error.ToString());
            End(end, side);
            return;
        }

        if (item.Kind == Http2EventKind.Data)
        {
            Read(end, item.Data, call, side);
        }

        if (item.EndStream)
        {
            Assert.False(side.EndReceived, $"stream {call.Id} was ended twice");
            side.EndReceived = true;
            if (!end.IsClient)
            {
                Schedule(call.Pause, () => Answer(call));
            }
        }
    }

    private void Read(PathEnd end, DataLease lease, PathCall call, PathCall.Side side)
    {
        Assert.True(lease.Span.SequenceEqual(call.Octets(side.Received, lease.Length)), $"stream {call.Id}: other octets came than were sent");
        side.Received += lease.Length;
        if (lease.IsEmpty)
        {
            return;
        }

        _unread++;
        Schedule(_random.Next(2) == 0 ? 0 : _random.Next(50), () =>
        {
            _unread--;
            end.Connection.ReleaseData(lease);
        });
    }

    private void Answer(PathCall call)
    {
        if (call.Server.Stream is { } stream && _server.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false))
        {
            call.Server.MaySend = true;
        }
    }

    private static void End(PathEnd end, PathCall.Side side)
    {
        end.Connection.ReleaseStream(side.Stream!);
        side.Stream = null;
        side.Ends++;
    }

    // ---- What must hold.

    private void CheckEnd(PathCall call)
    {
        // Of a call that was cut off on its way the server has not heard.
        Assert.Equal(1, call.Client.Ends);
        Assert.InRange(call.Server.Ends, _isCut ? 0 : 1, 1);
        Assert.Null(call.Server.Stream);
        if (!call.IsReset && !_isCut)
        {
            Assert.Equal((call.Client.ToReceive, call.Server.ToReceive), (call.Client.Received, call.Server.Received));
        }
    }

    private static void CheckBounds(PathEnd end)
    {
        Http2ConnectionOptions options = end.Options;
        int most = Math.Max(options.InitialStreamWindow, options.MaxStreamWindow);
        Assert.InRange(end.Connection.Session.ReceiveFlow.Announced, options.ConnectionWindow, Math.Max(options.ConnectionWindow, 2 * most));
        foreach (Http2Stream? stream in end.Connection.Session.Streams.Slots)
        {
            if (stream is not null)
            {
                Assert.InRange(stream.ReceiveFlow.Announced, options.InitialStreamWindow, most);
                Assert.InRange(stream.QueuedBytes, 0, options.StreamSendQueueLimit + PieceSize);
            }
        }
    }

    // All is read: what one may send is what the other grants.
    private static void CheckWindows(PathEnd from, PathEnd to)
    {
        ReceiveWindow window = to.Connection.Session.ReceiveFlow;
        Assert.Equal(window.Available, from.Connection.Session.Outbound.Window);
        Assert.Equal(window.Announced, window.Available + window.Credit);
    }

    private static void CheckNothingIsLeft(PathEnd end)
    {
        Http2Connection connection = end.Connection;
        end.Flush(0, isCut: true);
        Assert.Empty(end.Peer.Events);
        Assert.Equal(0, connection.Session.BufferedBytes);
        Assert.Equal(0, connection.Session.Outbound.QueuedBytes);
        Assert.Equal(0, connection.Session.Reader.Buffer.Leases);
        if (end.Closed > 0)
        {
            Assert.Equal((0, false, long.MaxValue), (connection.AvailableStreams, connection.HasOutput, connection.NextDeadline));
        }

        connection.Dispose();
        Assert.Equal((0, 0), (connection.Session.Reader.Buffer.RentedBlocks, (int)connection.Session.Reader.Buffer.RentedBytes));
        Assert.False(connection.Session.Outbound.Output.HoldsMemory);
    }
}
