// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Transport;

/// <summary>
/// One RPC on a connection, for either side: what a call sends leaves through it, what arrives waits in it until it is read.
/// </summary>
/// <remarks>
/// Thread-safe, for one sender and one reader at a time. Sending never blocks: bytes that the windows do not admit are queued, and
/// <see cref="WaitWritableAsync"/> is how a sender lets itself be held back. Received DATA is credited to the sender only as it is
/// read. The methods that send answer false when the stream is gone already, which is a race with the peer and not an error.
/// Lock order: <see cref="gate"/>, then the pump's lock.
/// </remarks>
internal sealed class TransportStream
{
    // What one in-place send may hold: the largest DATA payload that the connection core reserves at once.
    private const int MaxInPlaceLength = 16384;

    private readonly Lock gate = new();
    private readonly Http2Pump pump;
    private ReceiveQueue received;
    private StreamSignal? readSignal;
    private StreamSignal? writeSignal;
    private int arrivals;
    private int seenArrivals;
    private bool remoteEnded;
    private bool failed;
    private volatile bool closed;

    internal TransportStream(Http2Pump pump, StreamHandler handler)
    {
        this.pump = pump;
        Handler = handler;
        handler.Stream = this;
    }

    /// <summary>The connection.</summary>
    public Http2Pump Pump => pump;

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
    public uint AnnouncedLength => received.AnnouncedLength;

    /// <summary>Whether more DATA would be sent or queued without much delay.</summary>
    public bool IsWritable
    {
        get
        {
            lock (pump.Gate)
            {
                // A stream that is gone counts as writable: nobody is to wait for it.
                return Released || Inner!.IsClosed || Inner.IsWritable;
            }
        }
    }

    /// <summary>Sends a response head. A server's 1xx head is not the last one.</summary>
    public bool SendHeaders(OutgoingHeaders headers, bool endStream = false, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (pump.Gate)
        {
            sent = !Released && pump.Core.SendHeaders(Inner!, headers, endStream);
            duty = sent && flush ? pump.Claim() : Duty.None;
        }

        pump.Continue(duty);
        return sent;
    }

    /// <summary>Sends framed messages; the bytes are copied.</summary>
    public bool SendData(ReadOnlySpan<byte> data, bool endStream, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (pump.Gate)
        {
            sent = !Released && SendCopy(data, endStream);
            duty = sent && flush ? pump.Claim() : Duty.None;
        }

        pump.Continue(duty);
        return sent;
    }

    /// <summary>Sends the whole response of a unary call in one step: head, one framed message (copied), and trailers with END_STREAM.</summary>
    public bool SendResponse(OutgoingHeaders head, ReadOnlySpan<byte> message, OutgoingHeaders trailers, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (pump.Gate)
        {
            sent = !Released
                && pump.Core.SendHeaders(Inner!, head, endStream: false)
                && SendCopy(message, endStream: false)
                && pump.Core.SendTrailers(Inner!, trailers);
            duty = sent && flush ? pump.Claim() : Duty.None;
        }

        pump.Continue(duty);
        return sent;
    }

    /// <summary>
    /// Sends framed messages without a copy: the bytes stay unchanged until they are sent, <paramref name="rented"/> then goes to
    /// the shared array pool (at once if the stream is gone).
    /// </summary>
    public bool SendData(ReadOnlyMemory<byte> data, byte[]? rented, bool endStream, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (pump.Gate)
        {
            if (!Released)
            {
                sent = pump.Core.SendData(Inner!, data, rented, endStream);
            }
            else
            {
                sent = false;
                if (rented is not null)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }
            }

            duty = sent && flush ? pump.Claim() : Duty.None;
        }

        pump.Continue(duty);
        return sent;
    }

    /// <summary>Ends our direction by an empty DATA with END_STREAM.</summary>
    public bool CompleteSending(bool flush = true) => SendData([], endStream: true, flush);

    /// <summary>Sends trailers with END_STREAM behind everything queued.</summary>
    public bool SendTrailers(OutgoingHeaders trailers, bool flush = true)
    {
        bool sent;
        Duty duty;
        lock (pump.Gate)
        {
            sent = !Released && pump.Core.SendTrailers(Inner!, trailers);
            duty = sent && flush ? pump.Claim() : Duty.None;
        }

        pump.Continue(duty);
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
        lock (gate)
        {
            if (failed || closed || IsWritable)
            {
                return default;
            }

            writeSignal ??= new StreamSignal(pump, Handler);
            return writeSignal.Arm();
        }
    }

    /// <summary>Takes the next whole message, of at most <paramref name="maxSize"/> bytes (-1: any).</summary>
    public MessageReadResult TryReadMessage(int maxSize, out ReceivedMessage message)
    {
        MessageReadResult result;
        lock (gate)
        {
            if (closed)
            {
                message = default;
                return MessageReadResult.Failed;
            }

            result = received.TryRead(maxSize, pump, out var payload, out var compressed);
            message = result == MessageReadResult.Message ? new ReceivedMessage(this, payload, compressed) : default;
            if (result == MessageReadResult.NeedMore)
            {
                seenArrivals = arrivals;
                result = failed ? MessageReadResult.Failed
                    : !remoteEnded ? MessageReadResult.NeedMore
                    : received.InsideMessage ? MessageReadResult.Truncated
                    : MessageReadResult.EndOfStream;
            }
        }

        FlushCredit();
        return result;
    }

    /// <summary>Reads bytes that are not messages, such as the text of an HTTP error; 0: none are there now.</summary>
    public int ReadBytes(Span<byte> destination)
    {
        int read;
        lock (gate)
        {
            read = closed ? 0 : received.ReadBytes(destination, pump);
            seenArrivals = arrivals;
        }

        FlushCredit();
        return read;
    }

    /// <summary>
    /// Completes when something came since <see cref="TryReadMessage"/> last said NeedMore; may complete without: read again.
    /// </summary>
    public ValueTask WaitToReadAsync()
    {
        lock (gate)
        {
            if (failed || closed || remoteEnded || arrivals != seenArrivals)
            {
                return default;
            }

            readSignal ??= new StreamSignal(pump, Handler);
            return readSignal.Arm();
        }
    }

    /// <summary>Ends both waits, so that who waits looks at its own state: its deadline passed, its token was cancelled.</summary>
    public void Wake()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (gate)
        {
            arrivals++;
            wakeReader = readSignal?.Disarm() ?? false;
            wakeWriter = writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    /// <summary>Gives back a header list that a callback brought.</summary>
    public void ReleaseHeaders(HeaderList headers) => pump.ReleaseHeaders(headers);

    /// <summary>Runs user code: inline behind the events of this read when called on the reading thread, else on the thread pool.</summary>
    public void Schedule(IReadyWork work) => pump.Schedule(work);

    /// <summary>The call is over: unread data is dropped and credited, and the handler hears nothing more.</summary>
    /// <param name="headers">A header list to give back in the same step; null for none.</param>
    public void Release(HeaderList? headers = null)
    {
        Close();
        pump.ReleaseStream(this, headers);
    }

    internal void Attach(Http2Stream inner)
    {
        Inner = inner;
        Id = inner.Id;
    }

    internal void CompleteMessage()
    {
        lock (gate)
        {
            received.CompleteMessage(pump);
            if (closed)
            {
                received.Clear(pump);
            }
        }

        FlushCredit();
    }

    // ---- What arrives; called by the thread that applies events.

    internal void HandleHeaders(HeaderList headers, bool endStream)
    {
        if (closed)
        {
            pump.ReleaseHeaders(headers);
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
        var wakeReader = false;
        lock (gate)
        {
            if (closed || lease.IsEmpty)
            {
                pump.ReleaseData(lease);
            }
            else
            {
                received.Enqueue(lease);
                arrivals++;
                wakeReader = readSignal?.Disarm() ?? false;
            }

            if (closed)
            {
                return;
            }
        }

        Handler.OnData();
        if (endStream)
        {
            Handler.OnEndOfStream(null);
            EndRemote();
        }

        Release(wakeReader, wakeWriter: false);
    }

    internal void HandleTrailers(HeaderList trailers)
    {
        if (closed)
        {
            pump.ReleaseHeaders(trailers);
            return;
        }

        Handler.OnEndOfStream(trailers);
        EndRemote();
    }

    internal void HandleWritable()
    {
        bool wakeWriter;
        lock (gate)
        {
            wakeWriter = writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader: false, wakeWriter);
    }

    internal void HandleFailed(in StreamFailure failure)
    {
        if (closed || failed)
        {
            return;
        }

        // The call hears of it before its reader can see it.
        Handler.OnFailed(failure);
        bool wakeReader;
        bool wakeWriter;
        lock (gate)
        {
            // What arrived before the reset is still delivered; a direction that had ended stays ended.
            failed = !remoteEnded;
            arrivals++;
            wakeReader = readSignal?.Disarm() ?? false;
            wakeWriter = writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    // In-place sends are for one frame's worth; the pump asks before it reserves.
    internal static bool FitsInPlace(int length) => length is > 0 and <= MaxInPlaceLength;

    // Under the pump's lock, on a stream that is not released: in place where core and windows have room, else queued.
    private bool SendCopy(ReadOnlySpan<byte> data, bool endStream)
    {
        if (!FitsInPlace(data.Length) || !pump.Core.TryReserveData(Inner!, data.Length, out var place))
        {
            return pump.Core.SendData(Inner!, data, endStream);
        }

        data.CopyTo(place);
        pump.Core.CommitData(data.Length, endStream);
        return true;
    }

    // Reading may have queued a WINDOW_UPDATE; only then is there anything to send.
    private void FlushCredit()
    {
        if (Interlocked.Exchange(ref received.HasReturnedLeases, false))
        {
            pump.Flush(unlessBatched: true);
        }
    }

    // After the handler has heard of the end, so that who reads EndOfStream finds the trailers noted.
    private void EndRemote()
    {
        bool wakeReader;
        lock (gate)
        {
            remoteEnded = true;
            arrivals++;
            wakeReader = readSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter: false);
    }

    private void Close()
    {
        bool wakeReader;
        bool wakeWriter;
        lock (gate)
        {
            closed = true;
            received.Clear(pump);
            arrivals++;
            wakeReader = readSignal?.Disarm() ?? false;
            wakeWriter = writeSignal?.Disarm() ?? false;
        }

        Release(wakeReader, wakeWriter);
    }

    private void Reset(Http2ErrorCode code, bool afterSend)
    {
        Duty duty;
        lock (pump.Gate)
        {
            if (Released || Inner!.IsClosed)
            {
                return;
            }

            if (afterSend)
            {
                pump.Core.ResetStreamAfterSend(Inner, code);
            }
            else
            {
                pump.Core.ResetStream(Inner, code);
            }

            duty = pump.Claim();
        }

        pump.Continue(duty);
    }

    private void Release(bool wakeReader, bool wakeWriter)
    {
        if (wakeReader)
        {
            readSignal!.Release();
        }

        if (wakeWriter)
        {
            writeSignal!.Release();
        }
    }
}
