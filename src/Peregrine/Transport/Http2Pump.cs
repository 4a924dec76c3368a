// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Peregrine.Transport;

/// <summary>
/// Owns the I/O of one HTTP/2 connection, for either role: moves bytes between a <see cref="ByteDuplex"/> and the sans-IO
/// <see cref="Http2Connection"/>, and hands its events to the streams.
/// </summary>
/// <remarks>
/// One lock guards the core. Everything else is a role that one thread at a time holds:
/// <code>
///   read role     receive -> core (lock) -> events -> apply -> run ready user code -> flush -> receive ...
///   apply role    whoever finds events and no applier applies them, in order (a timer or an abort may, too)
///   write role    whoever finds output and no writer sends (see WriteRole)
/// </code>
/// Output made by the thread that holds the read role waits until its batch ends, so that the answers to one read leave in one
/// send. User code may hold the thread: then <see cref="DispatchWatchdog"/> takes the read role away from it
/// (<see cref="TakeOver"/>), another thread goes on with the rest of the batch, and what the held thread sends from then on leaves
/// at once.
/// </remarks>
[SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "Core and clock are disposed in FinishAsync, when nobody reads or writes any more.")]
internal sealed class Http2Pump : IThreadPoolWorkItem, IDisposable
{
    // Output of a batch beyond this is sent before the batch ends: it is a bulk answer, and would only cost memory.
    private const int MaxBatchedOutput = 256 * 1024;

    // Room for events (56 octets each) that an idle connection keeps: what one read of small calls brings.
    private const int MaxIdleEvents = 512;

    // ---- Guarded by this lock: the core, the events that nobody has applied yet, and who applies and writes.
    private readonly Lock _gate = new();
    private readonly Http2Connection _core;
    private List<Http2Event> _pending = [];
    private List<Http2Event> _applied = [];
    private readonly List<TransportStream> _released = [];
    private bool _applying;
    private bool _finishing;
    private volatile uint _peerMaxHeaderListSize = Http2Settings.Initial.MaxHeaderListSize;
    private volatile uint _peerMaxConcurrentStreams = Http2Settings.Initial.MaxConcurrentStreams;

    // A peer that does not speak HTTP/2, until its bytes say what it speaks.
    private ForeignPeer? _foreign;

    private readonly ReadyBatch _batch = new();
    private readonly WriteRole _output;
    private readonly ByteDuplex _duplex;
    private readonly ConnectionHandler _handler;
    private readonly DeadlineClock _clock;
    private readonly TaskCompletionSource _readEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _cause;
    private bool _closedSeen;

    public Http2Pump(Http2Role role, ByteDuplex duplex, Http2ConnectionOptions options, TimeProvider time, ConnectionHandler handler)
    {
        _duplex = duplex;
        _output = new WriteRole(this, duplex, time);
        _handler = handler;
        _clock = new DeadlineClock(time, OnTimer);
        _core = new Http2Connection(role, options, Now());
    }

    /// <summary>The lock of <see cref="Core"/>.</summary>
    internal Lock Gate => _gate;

    /// <summary>The connection core; touched under <see cref="Gate"/> only.</summary>
    internal Http2Connection Core => _core;

    /// <summary>The messages of its streams.</summary>
    internal MessageCounters Messages = new();

    /// <summary>Ends when the connection is closed and its socket given back. Never faults.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Numbers what runs on the reading thread: odd while user code runs.</summary>
    public long Turn => _batch.Turn;

    /// <summary>Streams that are open either way.</summary>
    public int ActiveStreams
    {
        get
        {
            lock (_gate)
            {
                return _core.ActiveStreams;
            }
        }
    }

    /// <summary>The header list size that the peer accepts.</summary>
    public long PeerMaxHeaderListSize => _peerMaxHeaderListSize;

    /// <summary>The streams that the peer accepts at a time.</summary>
    public long PeerMaxConcurrentStreams => _peerMaxConcurrentStreams;

    /// <summary>Client: whether a stream could be opened now.</summary>
    public bool CanOpenStream
    {
        get
        {
            lock (_gate)
            {
                return !_finishing && _core.CanOpenStream;
            }
        }
    }

    /// <summary>Whether the connection takes no new streams any more.</summary>
    public bool IsDraining
    {
        get
        {
            lock (_gate)
            {
                return _core.DrainState != DrainState.Open;
            }
        }
    }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _finishing || _core.IsClosed;
            }
        }
    }

    /// <summary>Begins to read and write, on the thread pool.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute()
    {
        Flush(unlessBatched: false);
        ArmTimer();
        _ = ReadAsync(resumed: false);
    }

    // ---- Streams.

    /// <summary>Client: opens a stream, or answers false when none may be opened now.</summary>
    public bool TryOpenStream(StreamHandler call, OutgoingHeaders headers, bool endStream, bool flush, out TransportStream? stream)
    {
        var opened = TransportStream.For(call, this);
        Duty duty;
        lock (_gate)
        {
            if (_finishing || !_core.CanOpenStream)
            {
                stream = null;
                return false;
            }

            opened.Attach(_core.OpenStream(headers, endStream, opened, Now()));
            opened.OpenedBeforeOutput = _output.BatchesTaken;
            duty = flush ? Claim() : Duty.None;
            _clock.Arm(_core.NextDeadline);
        }

        stream = opened;
        Continue(duty);
        return true;
    }

    // ---- Giving back.

    /// <summary>Returns a lease and its credit; a WINDOW_UPDATE leaves with the next flush.</summary>
    public void ReleaseData(in DataLease lease)
    {
        lock (_gate)
        {
            _core.ReleaseData(lease);
        }
    }

    /// <summary>The stream's call is over. True: nothing here refers to the stream any more.</summary>
    public bool ReleaseStream(TransportStream stream)
    {
        bool isFree;
        lock (_gate)
        {
            if (stream.Released || stream.Inner is null)
            {
                return false;
            }

            stream.Released = true;

            // Events that were taken from the core may still name the core's stream; it is recycled when they are applied.
            isFree = !_applying && _pending.Count == 0;
            if (isFree)
            {
                _core.ReleaseStream(stream.Inner);
            }
            else
            {
                _released.Add(stream);
            }
        }

        Flush(unlessBatched: true);
        return isFree;
    }

    /// <summary>Nothing comes for now: gives back what only a busy connection needs.</summary>
    internal void ReleaseIdleMemory()
    {
        lock (_gate)
        {
            _core.ReleaseIdleMemory();
            if (!_applying && _pending.Count == 0 && _pending.Capacity + _applied.Capacity > MaxIdleEvents)
            {
                SpareEvents.Keep(_pending);
                SpareEvents.Keep(_applied);
                _pending = [];
                _applied = [];
            }
        }
    }

    // ---- The life of the connection.

    /// <summary>No new streams; running ones end, then the connection closes.</summary>
    public void BeginDrain()
    {
        lock (_gate)
        {
            if (!_core.IsClosed)
            {
                _core.BeginDrain(Now());
            }
        }

        ApplyAndFlush();
    }

    /// <summary>Says GOAWAY with the code and the reason, ends all streams, and closes when that is sent.</summary>
    public void Close(Http2ErrorCode code, string reason)
    {
        lock (_gate)
        {
            if (!_core.IsClosed)
            {
                _core.Close(code, reason, _pending);
            }
        }

        ApplyAndFlush();
    }

    /// <summary>Closes at once: nothing more is sent, all streams end.</summary>
    public void Abort(Http2Error error, Exception? exception)
    {
        lock (_gate)
        {
            _cause ??= exception;
            _output.Fail();
            if (!_core.IsClosed)
            {
                _core.Abort(error, _pending);
            }
        }

        _duplex.Dispose();
        ApplyAndFlush();
    }

    /// <summary>Sends bytes that are not HTTP/2, for the answer to a peer that does not speak it, and closes.</summary>
    public async Task AnswerForeignAsync(ReadOnlyMemory<byte> answer)
    {
        var problem = await _output.SendLastAsync(answer).ConfigureAwait(false);
        lock (_gate)
        {
            _cause ??= problem;
            if (!_core.IsClosed)
            {
                _core.Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.Http11Required, Http2ErrorInitiator.Library, "the peer does not speak HTTP/2"), _pending);
            }
        }

        ApplyAndFlush();
    }

    /// <inheritdoc/>
    public void Dispose() => Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.Cancel, Http2ErrorInitiator.User, "the connection was disposed"), null);

    // ---- User code.

    /// <summary>Queues user code: behind this read's events when called by the thread that applies them, else on the thread pool.</summary>
    public void Schedule(IReadyWork work) => _batch.Schedule(work);

    /// <summary>Called by the watchdog: user code number <paramref name="stuck"/> has held the reading thread for too long. False: it has moved on.</summary>
    public bool TakeOver(long stuck)
    {
        if (!_batch.TryTakeOver(stuck))
        {
            return false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static pump => _ = pump.ReadAsync(resumed: true), this, preferLocal: false);
        return true;
    }

    // ---- The write role.

    /// <summary>Sends what there is, unless someone sends already, or unless this thread will at the end of its batch.</summary>
    public void Flush(bool unlessBatched)
    {
        // Whoever takes the batch over from now on flushes after that, and so sends what was queued before this question.
        if (unlessBatched && _batch.IsMine)
        {
            return;
        }

        Duty duty;
        lock (_gate)
        {
            duty = unlessBatched ? Claim() : ClaimAll();
        }

        Continue(duty);
    }

    /// <summary>Under the lock: what this thread has to do after it, in <see cref="Continue"/>.</summary>
    internal Duty Claim() => MustFlush() ? ClaimAll() : Duty.None;

    /// <summary>Under the lock: as <see cref="Claim"/>, after a message that others may follow at once, so that they can leave together.</summary>
    internal Duty ClaimMessage() => !MustFlush() ? Duty.None
        : _output.Gather() is var duty && duty == Duty.Send ? ClaimAll()
        : duty;

    /// <summary>Under the lock: as <see cref="Claim"/>, also of output that the batch's thread would send later.</summary>
    internal Duty ClaimAll() => TryTakeOutput() ? Duty.Send : _pending.Count > 0 && !_applying ? Duty.Apply : Duty.None;

    /// <summary>Does what was claimed; never under the lock.</summary>
    internal void Continue(Duty duty)
    {
        if (duty == Duty.Send)
        {
            _output.Send();
        }
        else if (duty == Duty.SendSoon)
        {
            _output.Queue();
        }
        else if (duty == Duty.Apply)
        {
            ApplyEvents();
        }
    }

    // Under the lock. Inside the lock is where the batch's thread must be asked: whoever takes the batch over flushes after that.
    private bool MustFlush() =>
        !_output.IsTaken && _core.HasOutput
        && (!_batch.IsMine || _core.UnsentBytes > MaxBatchedOutput);

    /// <summary>Under the lock: takes the write role if there is output and nobody writes.</summary>
    internal bool TryTakeOutput() => _output.TryTake(_pending, _finishing);

    // ---- The apply role.

    private void ApplyAndFlush()
    {
        ApplyEvents();
        Flush(unlessBatched: false);
        ArmTimer();
    }

    /// <summary>Applies the events that nobody has applied yet, unless someone does already.</summary>
    internal void ApplyEvents()
    {
        lock (_gate)
        {
            if (_applying || !TakePending())
            {
                return;
            }

            _applying = true;
        }

        while (true)
        {
            foreach (ref readonly var e in CollectionsMarshal.AsSpan(_applied))
            {
                try
                {
                    Apply(e);
                }
                catch (Exception problem)
                {
                    OnApplyFailed(problem);
                }
            }

            lock (_gate)
            {
                if (!TakePending())
                {
                    _applying = false;
                    foreach (var stream in _released)
                    {
                        _core.ReleaseStream(stream.Inner!);
                    }

                    _released.Clear();
                    return;
                }
            }
        }
    }

    // A mistake of ours, or no memory: what the event said is lost. All who wait on the connection hear so, which else would wait for ever.
    private void OnApplyFailed(Exception problem)
    {
        lock (_gate)
        {
            _cause ??= problem;
            if (!_core.IsClosed)
            {
                _core.Close(Http2ErrorCode.InternalError, "an event of the connection could not be handled", _pending);
            }
        }
    }

    private bool TakePending()
    {
        _applied.Clear();
        (_pending, _applied) = (_applied, _pending);
        return _applied.Count > 0;
    }

    private void Apply(in Http2Event e)
    {
        var stream = (TransportStream?)e.Stream?.State;
        switch (e.Kind)
        {
            case Http2EventKind.Headers when stream is null && e.Stream is { } opened:
                stream = TransportStream.For(_handler.OnRequest(e.Headers!), this);
                stream.Attach(opened);
                opened.State = stream;
                stream.HandleHeaders(e.Headers!, e.EndStream);
                break;
            case Http2EventKind.Headers:
                stream?.HandleHeaders(e.Headers!, e.EndStream);
                break;
            case Http2EventKind.Data when stream is null:
                ReleaseData(e.Data);
                break;
            case Http2EventKind.Data:
                stream.HandleData(e.Data, e.EndStream);
                break;
            case Http2EventKind.Trailers:
                stream?.HandleTrailers(e.Headers!);
                break;
            case Http2EventKind.StreamReset:
                stream?.HandleFailed(new StreamFailure(e.Error, e.Unprocessed, WasNeverSent(stream), _cause));
                break;
            case Http2EventKind.StreamWritable:
                stream?.HandleWritable();
                break;
            case Http2EventKind.StreamsAvailable:
                _handler.OnStreamsAvailable();
                break;
            case Http2EventKind.SettingsReceived:
                lock (_gate)
                {
                    _peerMaxHeaderListSize = _core.RemoteSettings.MaxHeaderListSize;
                    _peerMaxConcurrentStreams = _core.RemoteSettings.MaxConcurrentStreams;
                }

                _handler.OnReady();
                break;
            case Http2EventKind.GoAwayReceived:
                _handler.OnGoAway(e.Error);
                break;
            case Http2EventKind.Drained:
                Finish(e.Error);
                break;
            case Http2EventKind.PrefaceMismatch:
                ApplyForeign(e.Data);
                break;
            case Http2EventKind.ConnectionClosed:
                Finish(e.Error);
                break;
            default:
                break;
        }
    }

    private bool WasNeverSent(TransportStream stream)
    {
        lock (_gate)
        {
            // A batch of output is taken whole or up to a limit: a request may be said to have left that has not, never the reverse.
            return stream.OpenedBeforeOutput == _output.BatchesTaken;
        }
    }

    private void ApplyForeign(in DataLease bytes)
    {
        var peer = new ForeignPeer(_handler);
        peer.Add(bytes.Span);
        ReleaseData(bytes);
        lock (_gate)
        {
            _foreign = peer;
        }

        JudgeForeign(peer);
    }

    private void JudgeForeign(ForeignPeer peer)
    {
        var verdict = peer.Judge();
        if (verdict == ForeignVerdict.NeedMore)
        {
            return;
        }

        lock (_gate)
        {
            _foreign = null;
            if (verdict == ForeignVerdict.Refuse)
            {
                RefuseForeign();
            }
        }
    }

    private void RefuseForeign() =>
        _core.Close(Http2ErrorCode.ProtocolError, "the first bytes are not the HTTP/2 connection preface", _pending);

    // ---- The read role.

    private async Task ReadAsync(bool resumed)
    {
        try
        {
            if (resumed)
            {
                // The thread that was held had deferred its answers until the end of the batch.
                _batch.Begin();
                Flush(unlessBatched: false);
                if (!RunBatch())
                {
                    return;
                }
            }

            while (true)
            {
                lock (_gate)
                {
                    if (_finishing)
                    {
                        break;
                    }
                }

                var received = await ConnectionInput.ReceiveAsync(_duplex, this).ConfigureAwait(false);
                _batch.Begin();
                if (TakeReceived(received.Span) is { } judged)
                {
                    JudgeForeign(judged);
                }

                if (!RunBatch())
                {
                    return;
                }

                if (received.IsEmpty)
                {
                    break;
                }

                ArmTimer();
            }

            await LingeringClose.DiscardInputAsync(_duplex).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The types that the platform's TLS throws are more than it says, some of them internal: none may leave the connection without an end.
            _batch.Abandon();
            OnIoFailed(e);
        }

        _readEnded.TrySetResult();
    }

    // Gives what came to the core; or to the peer who does not speak HTTP/2, who is then to be judged again.
    private ForeignPeer? TakeReceived(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var peer = _core.IsClosed ? null : _foreign;
            if (bytes.IsEmpty)
            {
                if (peer is not null)
                {
                    RefuseForeign();
                }

                _core.ReceiveEnd(Now(), _pending);
                return null;
            }

            if (_pending.Capacity == 0)
            {
                _pending = SpareEvents.Take();
            }

            if (peer is null)
            {
                _core.Receive(bytes.Length, Now(), _pending);
            }
            else
            {
                peer.Add(bytes);
            }

            return peer;
        }
    }

    // False: the watchdog has given the batch, and the read role with it, to another thread.
    private bool RunBatch()
    {
        ApplyEvents();
        do
        {
            if (!_batch.Run(this))
            {
                return false;
            }

            Flush(unlessBatched: false);
        }
        while (!_batch.TryEnd());

        return true;
    }

    // ---- Time and the end.

    internal long Now() => _clock.Now();

    private void ArmTimer()
    {
        long next;
        lock (_gate)
        {
            next = _finishing ? long.MaxValue : _core.NextDeadline;
        }

        _clock.Arm(next);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_finishing)
            {
                return;
            }

            _core.Tick(Now(), _pending);
        }

        ApplyAndFlush();
        ArmTimer();
    }

    internal void OnIoFailed(Exception exception)
    {
        lock (_gate)
        {
            _cause ??= exception;
            _output.End();
            if (!_core.IsClosed)
            {
                _core.Abort(
                    new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.InternalError, Http2ErrorInitiator.Remote, exception.Message),
                    _pending);
            }
        }

        _duplex.Dispose();
        ApplyEvents();
    }

    // Runs once, in the apply role: the core has said its last word.
    private void Finish(in Http2Error error)
    {
        if (_closedSeen)
        {
            return;
        }

        _closedSeen = true;
        lock (_gate)
        {
            _finishing = true;
            if (_output.HasFailed)
            {
                _output.End();
            }
        }

        try
        {
            _handler.OnClosed(error, _cause);
        }
        finally
        {
            _ = FinishAsync();
        }
    }

    private async Task FinishAsync()
    {
        await Task.Yield();
        try
        {
            Flush(unlessBatched: false);
            await LingeringClose.RunAsync(_duplex, _output.Ended, _readEnded.Task).ConfigureAwait(false);
        }
        finally
        {
            // However the socket closes, the connection is over: a server that stops waits for that.
            await _clock.DisposeAsync().ConfigureAwait(false);
            await _readEnded.Task.ConfigureAwait(false);
            lock (_gate)
            {
                _core.Dispose();
            }

            _completion.TrySetResult();
        }
    }
}
