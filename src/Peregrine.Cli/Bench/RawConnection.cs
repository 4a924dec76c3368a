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
/// One connection of a <see cref="RawLoad"/>: the owner of a <see cref="RawLink"/>, and of another when the server has ended it. One loop reads; whoever has something to
/// send sends it unless another does so already. All state is under one lock, which nobody holds while the socket works.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    // How long to wait before another try, where the last one was in vain: connecting as fast as it can would measure nothing.
    private static readonly TimeSpan PauseOfUnavailable = TimeSpan.FromMilliseconds(100);

    // By which timers of servers are early, whose clocks go in steps.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);

    private readonly BenchPlan _plan;
    private readonly RunWindow _window;
    private readonly RawRequest _request;
    private readonly Lock _gate = new();
    [SuppressMessage("Usage", "CA2213", Justification = "Without a timer it holds nothing; connecting may still ask it.")]
    private readonly CancellationTokenSource _disposed = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<RawCall> _spare = new();
    private readonly Queue<int> _idle;
    private readonly Queue<long> _waiting = new();
    private readonly Queue<(int Slot, long Begun)> _again = new();
    private readonly Queue<long>[] _dues;
    private readonly RawCall?[] _calls;
    private readonly bool _countsMessages;
    private int _open;
    [SuppressMessage("Usage", "CA2213", Justification = "Disposed of under the lock; the one before it when another takes its place.")]
    private RawLink _link;
    private bool _isRunning;
    private bool _isReconnecting;
    private bool _scheduleEnded;

    /// <summary>Makes one over a connection that is open.</summary>
    public RawConnection(BenchPlan plan, RunWindow window, Stream stream)
    {
        _plan = plan;
        _window = window;
        _link = new RawLink(stream);
        _request = new RawRequest(plan);
        _idle = new Queue<int>(plan.Rate is null ? Enumerable.Range(0, plan.Streams) : []);
        _dues = [.. Enumerable.Range(0, plan.MessageRate is null ? 0 : plan.Streams).Select(_ => new Queue<long>())];
        _calls = new RawCall?[plan.Streams];
        _countsMessages = plan.Kind != MethodType.Unary;
        Recorder = new LatencyRecorder(window);
    }

    /// <summary>Takes down how calls ended.</summary>
    public LatencyRecorder Recorder { get; }

    /// <summary>How many calls are under way, or wait for a stream, about: nobody is held up for it.</summary>
    public int Outstanding => _open + _waiting.Count + _again.Count;

    /// <summary>Sends the preface and waits for the server's.</summary>
    /// <exception cref="ToolException">The server does not speak HTTP/2.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => _link.OpenAsync(_plan.Connection, cancellationToken);

    /// <summary>Makes calls until the window's end; when the server ends the connection, on another one. Done when all have ended.</summary>
    public Task RunAsync()
    {
        RawLink link;
        lock (_gate)
        {
            link = _link;
            _isRunning = true;
            Fill(_window.Time.GetTimestamp());
        }

        Use(link);
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
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed.Cancel();
            _link.Dispose();
            EndIfDone(_window.Time.GetTimestamp());
        }
    }

    private void Use(RawLink link)
    {
        Send();
        EndWith(ReadAsync(link));
    }

    // What no code foresaw ends the run.
    private void EndWith(Task work) => _ = work.ContinueWith(
        failed => _ended.TrySetException(failed.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task ReadAsync(RawLink link)
    {
        try
        {
            while (!link.Core.IsClosed)
            {
                Memory<byte> memory;
                lock (_gate)
                {
                    memory = link.Core.GetReceiveMemory();
                }

                Received(link, await link.Stream.ReadAsync(memory).ConfigureAwait(false));
                Send();
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            Fail(link, exception);
        }
    }

    // Until the server takes calls again, or none is to be made any longer. What would have begun at a try in vain fails with it.
    private async Task ReconnectAsync()
    {
        var (before, why) = (_link, _link.Core.IsClosed ? _link.Core.CloseError.ToString() : "The server ended the connection, and no call was answered on it.");
        before.Dispose();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        _ = _window.Stopped.ContinueWith(_ => CancelUnlessDisposed(over), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var (isInVain, pauses) = (!before.HasEndedCall, !before.HasServed);
        while (true)
        {
            if (isInVain && FailWaiting(why))
            {
                return;
            }

            if (pauses)
            {
                await Task.Delay(PauseOfUnavailable, _window.Time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            try
            {
                var link = new RawLink(await RawSocket.ConnectAsync(_plan.Connection, over.Token).ConfigureAwait(false));
                if (await TryOpenAsync(link, over.Token).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (ToolException exception)
            {
                (isInVain, pauses, why) = (true, true, exception.Message);
            }
            catch (OperationCanceledException)
            {
                _ = FailWaiting(why);
                _ = _ended.TrySetResult();
                return;
            }
        }
    }

    private async Task<bool> TryOpenAsync(RawLink link, CancellationToken cancellationToken)
    {
        try
        {
            await link.OpenAsync(_plan.Connection, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            link.Dispose();
            throw;
        }

        lock (_gate)
        {
            _link = link;
            _isReconnecting = false;
            Fill(_window.Time.GetTimestamp());
        }

        Use(link);
        return true;
    }

    // Whether no call is to be made any longer.
    private bool FailWaiting(string why)
    {
        lock (_gate)
        {
            var now = _window.Time.GetTimestamp();
            FailBegun(now, why);
            for (var i = 0; i < _idle.Count && _window.TryBegin(now); i++)
            {
                Recorder.Call(now, now, StatusCode.Unavailable, why);
            }

            EndIfDone(now);
            return _ended.Task.IsCompleted;
        }
    }

    private void FailBegun(long now, string why)
    {
        while (_waiting.TryDequeue(out var due))
        {
            Recorder.Call(due, now, StatusCode.Unavailable, why);
        }

        while (_again.TryDequeue(out var deferred))
        {
            Recorder.Call(deferred.Begun, now, StatusCode.Unavailable, why);
            if (deferred.Slot >= 0)
            {
                _idle.Enqueue(deferred.Slot);
            }
        }
    }

    private static void CancelUnlessDisposed(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run has ended long after this connection was made anew.
        }
    }

    private void Received(RawLink link, int count)
    {
        lock (_gate)
        {
            link.Receive(count);
            Handle(link, _window.Time.GetTimestamp());
        }
    }

    // Does not wait: as long as the socket takes nothing, the loop that reads must go on, or both ends may wait for each other.
    private void Send() => _ = FlushAsync(_link);

    private async Task FlushAsync(RawLink link)
    {
        lock (_gate)
        {
            if (link.IsWriting || !TryTakeOutput(link))
            {
                return;
            }

            link.IsWriting = true;
        }

        try
        {
            while (true)
            {
                foreach (var segment in link.Segments)
                {
                    await link.Stream.WriteAsync(segment).ConfigureAwait(false);
                }

                lock (_gate)
                {
                    link.Core.CompleteOutput();
                    if (!TryTakeOutput(link))
                    {
                        link.IsWriting = false;
                        return;
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or SocketException)
        {
            Fail(link, exception);
        }
    }

    private bool TryTakeOutput(RawLink link)
    {
        while (true)
        {
            var taken = link.Core.TryTakeOutput(link.Segments, link.Events);
            if (link.Events.Count == 0)
            {
                return taken;
            }

            // This may give more to send.
            Handle(link, _window.Time.GetTimestamp());
            if (taken)
            {
                return true;
            }
        }
    }

    private void Fail(RawLink link, Exception exception)
    {
        lock (_gate)
        {
            link.Core.Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Library, exception.GetBaseException().Message), link.Events);
            Handle(link, _window.Time.GetTimestamp());
        }
    }

    private void Handle(RawLink link, long now)
    {
        if (link != _link)
        {
            // Of one that has ended, or that no call uses yet.
            link.Events.Clear();
            return;
        }

        for (var i = 0; i < link.Events.Count; i++)
        {
            var happened = link.Events[i];
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
                case Http2EventKind.StreamReset when call is not null && happened.Unprocessed && link.IsEnded:
                    Defer(call);
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

        link.Events.Clear();
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
            _link.HasServed = true;
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

        _link.Core.ReleaseData(data);
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
        _link.Core.ResetStream(call.Stream, Http2ErrorCode.Cancel);
        _link.Core.ReleaseStream(call.Stream);
        _link.HasEndedCall = true;
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

    // A call that crossed with the server's GOAWAY, and that nobody has looked at, is made on the next connection.
    private void Defer(RawCall call)
    {
        _link.Core.ReleaseStream(call.Stream);
        _open--;
        if (call.Slot >= 0)
        {
            _calls[call.Slot] = null;
        }

        _again.Enqueue((call.Slot, call.Begun));
        _spare.Push(call);
    }

    // Begins what may begin.
    private void Fill(long now)
    {
        while (_link.Core.CanOpenStream && _again.TryDequeue(out var deferred))
        {
            Open(deferred.Slot, deferred.Begun, now);
        }

        while (_link.Core.CanOpenStream && _waiting.TryDequeue(out var due))
        {
            Open(-1, due, now);
        }

        while (_idle.Count > 0 && _link.Core.CanOpenStream && _window.TryBegin(now))
        {
            Open(_idle.Dequeue(), now, now);
        }

        EndIfDone(now);
    }

    private void EndIfDone(long now)
    {
        var hasEnded = _link.IsEnded;
        if (hasEnded && !_link.IsEndTold)
        {
            _link.IsEndTold = true;
            if (now < _window.Until)
            {
                Recorder.ConnectionEnded();
            }
        }

        if (!_isRunning || _open > 0)
        {
            return;
        }

        var isOver = _disposed.IsCancellationRequested
            || (_again.Count == 0
                && (_plan.Rate is not null ? _scheduleEnded && _waiting.Count == 0
                    : now >= _window.Until || _window.CallsLeft == 0 || (!hasEnded && _idle.Count == _plan.Streams)));
        if (isOver)
        {
            FailBegun(now, _link.Core.CloseError.ToString());
            _ = _ended.TrySetResult();
        }
        else if (hasEnded && !_isReconnecting)
        {
            _isReconnecting = true;
            EndWith(Task.Run(ReconnectAsync));
        }
    }

    private void Open(int slot, long begun, long now)
    {
        var call = _spare.Count > 0 ? _spare.Pop() : new RawCall();
        call.Begin(slot, begun);
        _open++;
        call.Stream = _link.Core.OpenStream(_request.Headers, endStream: false, call);
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
            _ = _link.Core.SendData(call.Stream, default(ReadOnlySpan<byte>), endStream: true);
        }
    }

    private void Write(RawCall call, byte[] message, bool isLast)
    {
        if (_link.Core.TryReserveData(call.Stream, message.Length, out var payload))
        {
            message.CopyTo(payload);
            _link.Core.CommitData(message.Length, isLast);
        }
        else
        {
            _ = _link.Core.SendData(call.Stream, message.AsMemory(), rented: null, isLast);
        }
    }
}
