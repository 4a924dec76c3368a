// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;
using Peregrine.Protocol;

namespace Peregrine.Transport;

/// <summary>
/// One RPC on a connection, for either side: what a call sends leaves through it, what arrives waits in it until it is read.
/// </summary>
/// <remarks>
/// Thread-safe, for one sender and one reader at a time. Sending never blocks: bytes that the windows do not admit are queued, and
/// <see cref="WaitWritableAsync"/> is how a sender lets itself be held back. Received DATA is credited to the sender only as it is
/// read. The methods that send answer false when the stream is gone already, which is a race with the peer and not an error.
/// Lock order: <see cref="_gate"/>, then the pump's lock.
/// </remarks>
internal sealed class TransportStream
{
    // What one in-place send may hold: the largest DATA payload that the connection core reserves at once.
    private const int MaxInPlaceLength = 16384;

    // Whose the run of received messages is: there is none; nobody's right now; the reader's, who has a message of it; and the same when the
    // stream is closed. Who closes it gives a run back that is nobody's; the reader else, behind its message.
    private const int NoRun = 0;
    private const int RunWaits = 1;
    private const int RunIsRead = 2;
    private const int RunClosed = 3;
    private const int RunIsReadClosed = 4;

    private readonly Lock _gate = new();
    private Http2Pump _pump;
    private ReceiveQueue _received;
    private ReceivedRun _run;
    private int _runState;
    private StreamSignal? _readSignal;
    private StreamSignal? _writeSignal;
    private int _arrivals;
    private int _seenArrivals;

    // What had come when the last message was sent; guarded by the pump's lock.
    private int _answeredArrivals = -1;
    private bool _remoteEnded;
    private bool _failed;
    private volatile bool _closed;

    internal TransportStream(Http2Pump pump, StreamHandler handler)
    {
        _pump = pump;
        Handler = handler;
        handler.Stream = this;
    }

    /// <summary>The connection.</summary>
    public Http2Pump Pump => _pump;

    /// <summary>The stream identifier.</summary>
    public int Id { get; private set; }

    /// <summary>The call.</summary>
    internal StreamHandler Handler { get; }

    /// <summary>The core's stream; touched under the pump's lock only, and not after <see cref="Released"/>.</summary>
    internal Http2Stream? Inner { get; private set; }

    /// <summary>Client: how many batches of output the pump had sent when the stream was opened. Guarded by the pump's lock.</summary>
    internal long OpenedBeforeOutput { get; set; } = -1;

    /// <summary>The call is over and touches the stream no more. Guarded by the pump's lock.</summary>
    internal bool Released { get; set; }

    /// <summary>The length that the prefix of a message announced which <see cref="TryReadMessage"/> refused as too large.</summary>
    public uint AnnouncedLength => _received.AnnouncedLength;

    /// <summary>Whether more DATA would be sent or queued without much delay.</summary>
    public bool IsWritable
    {
        get
        {
            lock (_pump.Gate)
            {
                // A stream that is gone counts as writable: nobody is to wait for it.
                return Released || Inner!.IsClosed || Inner.IsWritable;
            }
        }
    }

    /// <summary>What <see cref="IsWritable"/> was behind the DATA sent last; for the sender.</summary>
    public bool TakesMore { get; private set; }

    /// <summary>Sends a response head. A server's 1xx head is not the last one.</summary>
    public bool SendHeaders(OutgoingHeaders headers, bool endStream = false, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released && _pump.Core.SendHeaders(Inner!, headers, endStream);
            duty = sent && flush ? _pump.Claim() : Duty.None;
        }

        _pump.Continue(duty);
        return sent;
    }

    /// <summary>
    /// Sends framed messages; the bytes are copied. Here as below, those that a stream sends in a row, with nothing coming between, may wait a
    /// moment for each other (<see cref="WriteRole"/>).
    /// </summary>
    public bool SendData(ReadOnlySpan<byte> data, bool endStream, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released && SendCopy(data, endStream);
            CountSent(sent && !data.IsEmpty);
            duty = ClaimData(sent, flush, endStream);
        }

        _pump.Continue(duty);
        return sent;
    }

    /// <summary>Sends the whole response of a unary call in one step: head, one framed message (copied), and trailers with END_STREAM.</summary>
    public bool SendResponse(OutgoingHeaders head, ReadOnlySpan<byte> message, OutgoingHeaders trailers, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released
                && _pump.Core.SendHeaders(Inner!, head, endStream: false)
                && SendCopy(message, endStream: false)
                && _pump.Core.SendTrailers(Inner!, trailers);
            CountSent(sent);
            duty = sent && flush ? _pump.Claim() : Duty.None;
        }

        _pump.Continue(duty);
        return sent;
    }

    /// <summary>Sends the writer's message, a large one without a copy, and leaves the writer ready for the next one.</summary>
    public bool SendMessage(MessageWriter writer, bool endStream, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released;
            if (sent && FitsInPlace(writer.FramedLength))
            {
                sent = SendCopy(writer.Framed, endStream);
            }
            else if (sent)
            {
                for (var isLast = false; !isLast;)
                {
                    var part = writer.DetachNext(out var rented, out isLast);
                    sent = _pump.Core.SendData(Inner!, part, rented, endStream && isLast);
                }
            }

            CountSent(sent);
            duty = ClaimData(sent, flush, endStream);
        }

        writer.Reset();
        _pump.Continue(duty);
        return sent;
    }

    /// <summary>
    /// Sends a framed message, or a part of one, without a copy: the bytes stay unchanged until they are sent, and then their owner's;
    /// <see cref="ReturnAfterSending"/> gives them away.
    /// </summary>
    public bool LendData(ReadOnlyMemory<byte> data, bool isRest, bool endStream, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released && _pump.Core.SendData(Inner!, data, rented: null, endStream);
            CountSent(sent && !isRest);
            duty = ClaimData(sent, flush, endStream);
        }

        _pump.Continue(duty);
        return sent;
    }

    /// <summary>
    /// Gives an array away of which bytes were lent to this stream alone: it goes to the shared array pool as soon as nothing of it is still to
    /// be sent.
    /// </summary>
    public void ReturnAfterSending(byte[] rented)
    {
        lock (_pump.Gate)
        {
            _pump.Core.ReturnAfterSending(Inner, rented);
        }
    }

    /// <summary>Ends our direction by an empty DATA with END_STREAM.</summary>
    public bool CompleteSending(bool flush = true) => SendData([], endStream: true, flush);

    /// <summary>Sends trailers with END_STREAM behind everything queued.</summary>
    public bool SendTrailers(OutgoingHeaders trailers, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (_pump.Gate)
        {
            sent = !Released && _pump.Core.SendTrailers(Inner!, trailers);
            duty = sent && flush ? _pump.Claim() : Duty.None;
        }

        _pump.Continue(duty);
        return sent;
    }

    /// <summary>
    /// Ends the stream at once by RST_STREAM; what is queued either way is dropped. The handler hears nothing more, but for a
    /// callback that is running. Waits end. Of no effect on a stream that has ended.
    /// </summary>
    public void Reset(Http2ErrorCode code)
    {
        Close();
        Reset(code, afterSend: false);
    }

    /// <summary>Ends the stream by RST_STREAM behind everything queued: the end of a call whose peer need not send more.</summary>
    public void ResetAfterSend(Http2ErrorCode code) => Reset(code, afterSend: true);

    /// <summary>Completes when <see cref="IsWritable"/> or when the stream is gone; may complete without either: ask again.</summary>
    public ValueTask WaitWritableAsync()
    {
        lock (_gate)
        {
            if (_failed || _closed || IsWritable)
            {
                return default;
            }

            _writeSignal ??= new StreamSignal(this);
            return _writeSignal.Arm();
        }
    }

    /// <summary>Takes the next whole message, of at most <paramref name="maxSize"/> bytes (-1: any).</summary>
    public MessageReadResult TryReadMessage(int maxSize, out ReceivedMessage message) =>
        Volatile.Read(ref _runState) == RunWaits && TryReadRun(maxSize, out message) ? MessageReadResult.Message : TryReadQueue(maxSize, out message);

    private bool TryReadRun(int maxSize, out ReceivedMessage message)
    {
        message = default;
        if (Interlocked.CompareExchange(ref _runState, RunIsRead, RunWaits) != RunWaits)
        {
            return false;
        }

        if (_run.TryRead(maxSize, out var payload, out var compressed))
        {
            message = new ReceivedMessage(this, payload, compressed, isLast: false);
            return true;
        }

        EndRun();
        return false;
    }

    private MessageReadResult TryReadQueue(int maxSize, out ReceivedMessage message)
    {
        MessageReadResult result;
        lock (_gate)
        {
            if (_closed)
            {
                message = default;
                return MessageReadResult.Failed;
            }

            result = _received.TryRead(maxSize, _pump, out var payload, out var compressed);
            message = result == MessageReadResult.Message
                ? new ReceivedMessage(this, payload, compressed, isLast: _remoteEnded && _received.HasNothingBehindMessage)
                : default;
            if (result == MessageReadResult.Message)
            {
                if (_received.TryTakeRun(out _run))
                {
                    _runState = RunIsRead;
                }
            }
            else if (result == MessageReadResult.NeedMore)
            {
                _seenArrivals = _arrivals;
                result = _failed ? MessageReadResult.Failed
                    : !_remoteEnded ? MessageReadResult.NeedMore
                    : _received.InsideMessage ? MessageReadResult.Truncated
                    : MessageReadResult.EndOfStream;
            }
        }

        if (result == MessageReadResult.Message)
        {
            _pump.Messages.OnReceived(1, _pump.Now());
        }

        FlushCredit();
        return result;
    }

    /// <summary>Reads bytes that are not messages, such as the text of an HTTP error; 0: none are there now, or at the end, none will come.</summary>
    public int ReadBytes(Span<byte> destination, out bool isAtEnd)
    {
        int read;
        lock (_gate)
        {
            read = _closed ? 0 : _received.ReadBytes(destination, _pump);
            isAtEnd = read == 0 && (_closed || _failed || _remoteEnded);
            _seenArrivals = _arrivals;
        }

        FlushCredit();
        return read;
    }

    /// <summary>
    /// Completes when something came since <see cref="TryReadMessage"/> last said NeedMore; may complete without: read again.
    /// </summary>
    public ValueTask WaitToReadAsync()
    {
        lock (_gate)
        {
            if (_failed || _closed || _remoteEnded || _arrivals != _seenArrivals)
            {
                return default;
            }

            _readSignal ??= new StreamSignal(this);
            return _readSignal.Arm();
        }
    }

    /// <summary>Ends both waits, so that who waits looks at its own state: its deadline passed, its token was cancelled.</summary>
    public void Wake()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (_gate)
        {
            _arrivals++;
            wakeReader = _readSignal?.Disarm() ?? false;
            wakeWriter = _writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    /// <summary>Runs user code: inline behind the events of this read when called on the reading thread, else on the thread pool.</summary>
    public void Schedule(IReadyWork work) => _pump.Schedule(work);

    /// <summary>The call is over: unread data is dropped and credited, and the handler hears nothing more.</summary>
    /// <returns>Whether nobody waits on the stream and the connection does not know it any more, so that both may be used again.</returns>
    public bool Release()
    {
        Close();
        return _pump.ReleaseStream(this) && _readSignal is null or { IsIdle: true } && _writeSignal is null or { IsIdle: true }
            && !_received.MessageOut && Volatile.Read(ref _runState) != RunIsReadClosed;
    }

    /// <summary>The stream for a call: a call that is used again brings its own.</summary>
    internal static TransportStream For(StreamHandler handler, Http2Pump pump)
    {
        if (handler.Stream is not { } stream)
        {
            return new TransportStream(pump, handler);
        }

        stream._pump = pump;
        stream._received = default;
        stream._run = default;
        stream._runState = NoRun;
        stream._arrivals = 0;
        stream._seenArrivals = 0;
        stream._answeredArrivals = -1;
        stream._remoteEnded = false;
        stream._failed = false;
        stream._closed = false;
        stream.Inner = null;
        stream.OpenedBeforeOutput = -1;
        stream.Released = false;
        return stream;
    }

    /// <summary>The stream waits for its next call, and keeps no connection alive meanwhile.</summary>
    internal void Detach()
    {
        _pump = null!;
        Inner = null;
    }

    internal void Attach(Http2Stream inner)
    {
        Inner = inner;
        Id = inner.Id;
    }

    internal void CompleteMessage()
    {
        if (_run.MessageOut)
        {
            if (!_run.CompleteMessage() || Interlocked.CompareExchange(ref _runState, RunWaits, RunIsRead) != RunIsRead)
            {
                EndRun();
                FlushCredit();
            }

            return;
        }

        lock (_gate)
        {
            _received.CompleteMessage(_pump);
            if (_closed)
            {
                _received.Clear(_pump);
            }
        }

        FlushCredit();
    }

    // ---- What arrives; called by the thread that applies events.

    internal void HandleHeaders(HeaderList headers, bool endStream)
    {
        if (_closed)
        {
            Http2Connection.ReleaseHeaders(headers);
            return;
        }

        Handler.OnHeaders(headers, endStream);
        if (endStream)
        {
            EndRemote();
        }
    }

    internal void HandleData(in DataLease lease, bool endStream)
    {
        if (!_closed)
        {
            // The handler hears of all before its reader can see it.
            Handler.OnData(lease.Length);
            if (endStream)
            {
                Handler.OnEndOfStream(null);
            }
        }

        var wakeReader = false;
        lock (_gate)
        {
            if (_closed || lease.IsEmpty || !Handler.KeepsData)
            {
                _pump.ReleaseData(lease);
            }
            else
            {
                _received.Enqueue(lease, _pump);
            }

            _remoteEnded |= endStream;
            if (endStream || !lease.IsEmpty)
            {
                _arrivals++;
                wakeReader = _readSignal?.Disarm() ?? false;
            }
        }

        Release(wakeReader, wakeWriter: false);
    }

    internal void HandleTrailers(HeaderList trailers)
    {
        if (_closed)
        {
            Http2Connection.ReleaseHeaders(trailers);
            return;
        }

        Handler.OnEndOfStream(trailers);
        EndRemote();
    }

    internal void HandleWritable()
    {
        bool wakeWriter;
        lock (_gate)
        {
            wakeWriter = _writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader: false, wakeWriter);
    }

    internal void HandleFailed(in StreamFailure failure)
    {
        if (_closed || _failed)
        {
            return;
        }

        // The call hears of it before its reader can see it.
        Handler.OnFailed(failure);
        bool wakeReader;
        bool wakeWriter;
        lock (_gate)
        {
            // What arrived before the reset is still delivered; a direction that had ended stays ended.
            _failed = !_remoteEnded;
            _arrivals++;
            wakeReader = _readSignal?.Disarm() ?? false;
            wakeWriter = _writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    // In-place sends are for one frame's worth; the pump asks before it reserves.
    internal static bool FitsInPlace(int length) => length is > 0 and <= MaxInPlaceLength;

    // Under the pump's lock, on a stream that is not released: in place where core and windows have room, else queued.
    private bool SendCopy(ReadOnlySpan<byte> data, bool endStream)
    {
        if (!FitsInPlace(data.Length) || !_pump.Core.TryReserveData(Inner!, data.Length, out var place))
        {
            return _pump.Core.SendData(Inner!, data, endStream);
        }

        data.CopyTo(place);
        _pump.Core.CommitData(data.Length, endStream);
        return true;
    }

    // Under the pump's lock. Calls hand over one message at a time.
    private void CountSent(bool isMessage)
    {
        if (isMessage)
        {
            _pump.Messages.OnSent(_pump.Now());
        }
    }

    // Under the pump's lock, after DATA: who has to send it. It may be one message of many, unless it is the last one, the first since
    // something came, for which the peer may wait, or one behind which the writer must wait for room.
    private Duty ClaimData(bool sent, bool flush, bool endStream)
    {
        var duty = Duty.None;
        if (sent && (flush || !Inner!.IsWritable))
        {
            var arrivals = Volatile.Read(ref _arrivals);
            duty = endStream || arrivals != _answeredArrivals || !Inner!.IsWritable ? _pump.Claim() : _pump.ClaimMessage();
            _answeredArrivals = arrivals;
        }

        TakesMore = Released || Inner!.IsClosed || Inner.IsWritable;
        return duty;
    }

    // The reader's: what is left of the run goes back to the queue, or to the pump when nothing is or nobody will read it.
    private void EndRun()
    {
        lock (_gate)
        {
            if (_closed || _run.Offset == _run.Lease.Length)
            {
                ReleaseRun();
            }
            else
            {
                _received.PutBack(_run);
            }

            _runState = _closed ? RunClosed : NoRun;
            _pump.Messages.OnReceived(_run.Count, _pump.Now());
            _run = default;
        }
    }

    private void ReleaseRun()
    {
        _received.HasReturnedLeases = true;
        _pump.ReleaseData(_run.Lease);
    }

    // Under the lock, once the stream is closed.
    private void CloseRun()
    {
        if (Interlocked.CompareExchange(ref _runState, RunClosed, NoRun) == NoRun
            || Interlocked.CompareExchange(ref _runState, RunIsReadClosed, RunIsRead) is RunIsRead or RunClosed or RunIsReadClosed)
        {
            return;
        }

        // It waited a moment ago; the reader may have come between.
        if (Interlocked.CompareExchange(ref _runState, RunClosed, RunWaits) == RunWaits)
        {
            ReleaseRun();
            _pump.Messages.OnReceived(_run.Count, _pump.Now());
            _run = default;
        }
        else
        {
            CloseRun();
        }
    }

    // Reading may have queued a WINDOW_UPDATE; only then is there anything to send.
    private void FlushCredit()
    {
        if (Volatile.Read(ref _received.HasReturnedLeases) && Interlocked.Exchange(ref _received.HasReturnedLeases, false))
        {
            _pump.Flush(unlessBatched: true);
        }
    }

    // After the handler has heard of the end, so that who reads EndOfStream finds the trailers noted.
    private void EndRemote()
    {
        bool wakeReader;
        lock (_gate)
        {
            _remoteEnded = true;
            _arrivals++;
            wakeReader = _readSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter: false);
    }

    private void Close()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (_gate)
        {
            _closed = true;
            CloseRun();
            _received.Clear(_pump);
            _arrivals++;
            wakeReader = _readSignal?.Disarm() ?? false;
            wakeWriter = _writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    private void Reset(Http2ErrorCode code, bool afterSend)
    {
        Duty duty;
        lock (_pump.Gate)
        {
            if (Released || Inner!.IsClosed)
            {
                return;
            }

            if (afterSend)
            {
                _pump.Core.ResetStreamAfterSend(Inner, code);
            }
            else
            {
                _pump.Core.ResetStream(Inner, code);
            }

            duty = _pump.Claim();
        }

        _pump.Continue(duty);
    }

    private void Release(bool wakeReader, bool wakeWriter)
    {
        if (wakeReader)
        {
            _readSignal!.Release();
        }

        if (wakeWriter)
        {
            _writeSignal!.Release();
        }
    }
}
