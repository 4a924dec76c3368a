// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Cli.Bench;

/// <summary>
/// One connection of a <see cref="RawLoad"/>: the owner of an <see cref="Http2Connection"/>. One loop reads; whoever has something to
/// send sends it unless another does so already. All state is under one lock, which nobody holds while the socket works.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    // By which timers of servers are early, whose clocks go in steps.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);

    private readonly BenchPlan _plan;
    private readonly RunWindow _window;
    private readonly Stream _stream;
    private readonly RawRequest _request;
    [SuppressMessage("Usage", "CA2213", Justification = "The socket may use its memory until it has noticed that it is closed.")]
    private readonly Http2Connection _core;
    private readonly Lock _gate = new();
    private readonly List<Http2Event> _events = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<RawCall> _spare = new();
    private readonly Queue<int> _idle;
    private readonly Queue<long> _waiting = new();
    private readonly Queue<long>[] _dues;
    private readonly RawCall?[] _calls;
    private readonly bool _countsMessages;
    private int _open;
    private bool _isWriting;
    private bool _isRunning;
    private bool _scheduleEnded;
    private bool _isEndTold;

    /// <summary>Makes one over a connection that is open.</summary>
    public RawConnection(BenchPlan plan, RunWindow window, Stream stream)
    {
        _plan = plan;
        _window = window;
        _stream = stream;
        _request = new RawRequest(plan);
        _core = new Http2Connection(Http2Role.Client, new Http2ConnectionOptions { MaxHeaderListSize = 64 << 10 }, Environment.TickCount64);
        _idle = new Queue<int>(plan.Rate is null ? Enumerable.Range(0, plan.Streams) : []);
        _dues = [.. Enumerable.Range(0, plan.MessageRate is null ? 0 : plan.Streams).Select(_ => new Queue<long>())];
        _calls = new RawCall?[plan.Streams];
        _countsMessages = plan.Kind != MethodType.Unary;
        Recorder = new LatencyRecorder(window);
    }

    /// <summary>Takes down how calls ended.</summary>
    public LatencyRecorder Recorder { get; }

    /// <summary>How many calls are under way, or wait for a stream, about: nobody is held up for it.</summary>
    public int Outstanding => _open + _waiting.Count;

    /// <summary>Sends the preface and waits for the server's.</summary>
    /// <exception cref="ToolException">The server does not speak HTTP/2.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_plan.Connection.ConnectTimeout);
        try
        {
            await FlushAsync().ConfigureAwait(false);
            while (!_core.RemoteSettingsReceived && !_core.IsClosed)
            {
                var count = await _stream.ReadAsync(_core.GetReceiveMemory(), limit.Token).ConfigureAwait(false);
                Received(count);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refused("no HTTP/2 SETTINGS came in time");
        }
        catch (IOException exception)
        {
            throw Refused(exception.Message);
        }

        if (_core.IsClosed)
        {
            throw Refused(_core.CloseError.ToString());
        }
    }

    /// <summary>Makes calls until the window's end. Done when all have ended.</summary>
    public Task RunAsync()
    {
        lock (_gate)
        {
            _isRunning = true;
            Fill(_window.Time.GetTimestamp());
        }

        Send();
        _ = ReadAsync().ContinueWith(
            reading => _ended.TrySetException(reading.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return _ended.Task;
    }

    /// <summary>Begins a call of an open loop.</summary>
    public void Begin(long due)
    {
        lock (_gate)
        {
            _waiting.Enqueue(due);
            Fill(due);
        }

        Send();
    }

    /// <summary>Sends a message on one of the streams, as soon as it may be sent.</summary>
    public void Send(int slot, long due)
    {
        lock (_gate)
        {
            _dues[slot].Enqueue(due);
            if (_calls[slot] is { } call)
            {
                Advance(call, due);
            }
        }

        Send();
    }

    /// <summary>No call, and no message, is due any longer.</summary>
    public void EndSchedule()
    {
        lock (_gate)
        {
            _scheduleEnded = true;
            var now = _window.Time.GetTimestamp();
            foreach (var call in _calls)
            {
                if (call is not null)
                {
                    Advance(call, now);
                }
            }

            EndIfDone(now);
        }

        Send();
    }

    /// <summary>Closes the connection; what has no end yet ends now.</summary>
    public void Dispose() => _stream.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            while (!_core.IsClosed)
            {
                Memory<byte> memory;
                lock (_gate)
                {
                    memory = _core.GetReceiveMemory();
                }

                Received(await _stream.ReadAsync(memory).ConfigureAwait(false));
                Send();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            Fail(exception);
        }
    }

    private void Received(int count)
    {
        lock (_gate)
        {
            if (count == 0)
            {
                _core.ReceiveEnd(Environment.TickCount64, _events);
            }
            else
            {
                _core.Receive(count, Environment.TickCount64, _events);
            }

            Handle(_window.Time.GetTimestamp());
        }
    }

    // Does not wait: as long as the socket takes nothing, the loop that reads must go on, or both ends may wait for each other.
    private void Send() => _ = FlushAsync();

    private async Task FlushAsync()
    {
        lock (_gate)
        {
            if (_isWriting || !TryTakeOutput())
            {
                return;
            }

            _isWriting = true;
        }

        try
        {
            while (true)
            {
                foreach (var segment in _segments)
                {
                    await _stream.WriteAsync(segment).ConfigureAwait(false);
                }

                lock (_gate)
                {
                    _core.CompleteOutput();
                    if (!TryTakeOutput())
                    {
                        _isWriting = false;
                        return;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            Fail(exception);
        }
    }

    private bool TryTakeOutput()
    {
        while (true)
        {
            var taken = _core.TryTakeOutput(_segments, _events);
            if (_events.Count == 0)
            {
                return taken;
            }

            // This may give more to send.
            Handle(_window.Time.GetTimestamp());
            if (taken)
            {
                return true;
            }
        }
    }

    private void Fail(Exception exception)
    {
        lock (_gate)
        {
            _core.Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Library, exception.GetBaseException().Message), _events);
            Handle(_window.Time.GetTimestamp());
        }
    }

    private void Handle(long now)
    {
        for (var i = 0; i < _events.Count; i++)
        {
            var happened = _events[i];
            var call = happened.Stream?.State as RawCall;
            switch (happened.Kind)
            {
                case Http2EventKind.Headers:
                    OnHead(call, happened.Headers!, happened.EndStream, now);
                    break;
                case Http2EventKind.Data:
                    OnData(call, happened.Data, happened.EndStream, now);
                    break;
                case Http2EventKind.Trailers:
                    OnTrailers(call, happened.Headers!, now);
                    break;
                case Http2EventKind.StreamReset when call is not null:
                    // A server that keeps the deadline may say so by a reset only.
                    var isLate = happened.Error.Code == Http2ErrorCode.Cancel && _plan.Timeout is { } timeout && now - call.Begun >= _window.ToTicks(timeout - ClockStep);
                    End(call, isLate ? StatusCode.DeadlineExceeded : RawStatus.Of(happened.Error), happened.Error.ToString(), now);
                    break;
                case Http2EventKind.StreamWritable when call is not null:
                    Advance(call, now);
                    break;
                case Http2EventKind.ConnectionClosed or Http2EventKind.Drained:
                    EndIfDone(now);
                    break;
                default:
                    break;
            }
        }

        _events.Clear();
        if (_isRunning)
        {
            Fill(now);
        }
    }

    private void OnHead(RawCall? call, HeaderList headers, bool isEnd, long now)
    {
        if (call is not null)
        {
            call.HasHead = headers.Status == 200;
            if (!call.HasHead)
            {
                End(call, RawStatus.OfHttp(headers.Status), RawStatus.HttpDetail(headers.Status), now);
            }
            else if (isEnd)
            {
                EndWithStatus(call, headers, now);
            }
        }

        Http2Connection.ReleaseHeaders(headers);
    }

    private void OnTrailers(RawCall? call, HeaderList headers, long now)
    {
        if (call is not null)
        {
            EndWithStatus(call, headers, now);
        }

        Http2Connection.ReleaseHeaders(headers);
    }

    private void EndWithStatus(RawCall call, HeaderList headers, long now)
    {
        var status = RawStatus.Of(headers, out var detail);
        if (status == StatusCode.OK && (call.Counter.IsInside || (!_plan.StreamsResponses && call.Received != 1)))
        {
            (status, detail) = (StatusCode.Internal, "The server ended the call with OK, but not with one whole message.");
        }

        End(call, status, detail, now);
    }

    private void OnData(RawCall? call, in DataLease data, bool isEnd, long now)
    {
        if (call is not null)
        {
            var count = call.Counter.Feed(data.Span, out var bytes);
            if (count > 0)
            {
                OnMessages(call, count, bytes, now);
            }
        }

        _core.ReleaseData(data);
        if (isEnd && call is not null)
        {
            End(call, StatusCode.Internal, "The server ended the call without trailers.", now);
        }
    }

    private void OnMessages(RawCall call, int count, long bytes, long now)
    {
        if (_countsMessages)
        {
            Recorder.Received(now, bytes, count);
        }

        if (_plan.Kind == MethodType.ServerStreaming && call.Received == 0)
        {
            Recorder.Answer(call.Begun, now);
        }

        call.Received += count;
        call.ReceivedBytes += bytes;
        for (var i = 0; i < count && call.Unanswered.TryDequeue(out var due); i++)
        {
            Recorder.Answer(due, now);
        }

        if (_plan.Kind == MethodType.DuplexStreaming)
        {
            Advance(call, now);
        }
    }

    private void End(RawCall call, StatusCode status, string? detail, long now)
    {
        // A server may answer before it has heard all.
        _core.ResetStream(call.Stream, Http2ErrorCode.Cancel);
        _core.ReleaseStream(call.Stream);
        Recorder.Call(
            call.Begun, now, status, detail,
            sent: _countsMessages ? -1 : _plan.Requests[0].Length,
            received: _countsMessages || call.Received == 0 ? -1 : call.ReceivedBytes);
        _open--;
        if (call.Slot >= 0)
        {
            _calls[call.Slot] = null;
            _idle.Enqueue(call.Slot);
        }

        _spare.Push(call);
    }

    // Begins what may begin.
    private void Fill(long now)
    {
        while (_core.CanOpenStream && _waiting.TryDequeue(out var due))
        {
            Open(-1, due, now);
        }

        while (_idle.Count > 0 && _core.CanOpenStream && _window.TryBegin(now))
        {
            Open(_idle.Dequeue(), now, now);
        }

        EndIfDone(now);
    }

    private void EndIfDone(long now)
    {
        if (_core.IsClosed || _core.DrainState != DrainState.Open)
        {
            if (!_isEndTold && now < _window.Until)
            {
                Recorder.ConnectionEnded();
            }

            _isEndTold = true;

            // What would have begun here fails as it would at once.
            while (_waiting.TryDequeue(out var due))
            {
                Recorder.Call(due, now, StatusCode.Unavailable, _core.CloseError.ToString());
            }
        }

        var isOver = _plan.Rate is not null ? _scheduleEnded && _waiting.Count == 0 : now >= _window.Until || _idle.Count == _plan.Streams;
        if (_isRunning && _open == 0 && (isOver || _core.IsClosed))
        {
            _ = _ended.TrySetResult();
        }
    }

    private void Open(int slot, long begun, long now)
    {
        var call = _spare.Count > 0 ? _spare.Pop() : new RawCall();
        call.Begin(slot, begun);
        _open++;
        call.Stream = _core.OpenStream(_request.Headers, endStream: false, call);
        if (slot >= 0)
        {
            _calls[slot] = call;
        }

        if (_plan.StreamsRequests)
        {
            Advance(call, now);
            return;
        }

        Write(call, _request.Messages[0], isLast: true);
        if (_countsMessages)
        {
            Recorder.Sent(begun, RawRequest.SizeOf(_request.Messages[0]));
        }
    }

    // Sends what a stream of requests may send.
    private void Advance(RawCall call, long now)
    {
        if (!_plan.StreamsRequests || call.Stream.LocalEnded)
        {
            return;
        }

        var isPaced = _plan.MessageRate is not null;
        while (call.Stream.IsWritable && call.Sent < (_plan.Messages ?? long.MaxValue))
        {
            var due = now;
            if (isPaced ? !_dues[call.Slot].TryDequeue(out due)
                : now >= _window.Until || (_plan.Kind == MethodType.DuplexStreaming && call.Unanswered.Count >= _plan.InFlight))
            {
                break;
            }

            var message = _request.Messages[(int)(call.Sent % _request.Messages.Count)];
            call.Sent++;
            if (_plan.Kind == MethodType.DuplexStreaming)
            {
                call.Unanswered.Enqueue(due);
            }

            Write(call, message, isLast: call.Sent == _plan.Messages);
            Recorder.Sent(due, RawRequest.SizeOf(message));
        }

        if (!call.Stream.LocalEnded && (isPaced ? _scheduleEnded && _dues[call.Slot].Count == 0 : now >= _window.Until))
        {
            _ = _core.SendData(call.Stream, default(ReadOnlySpan<byte>), endStream: true);
        }
    }

    private void Write(RawCall call, byte[] message, bool isLast)
    {
        if (_core.TryReserveData(call.Stream, message.Length, out var payload))
        {
            message.CopyTo(payload);
            _core.CommitData(message.Length, isLast);
        }
        else
        {
            _ = _core.SendData(call.Stream, message.AsMemory(), rented: null, isLast);
        }
    }

    private ToolException Refused(string why) =>
        new($"\"{_plan.Connection.Address}\" does not speak HTTP/2{(_plan.Connection.UsesTls ? "" : " without TLS")}: {why}", ExitCode.Of(StatusCode.Unavailable));
}
