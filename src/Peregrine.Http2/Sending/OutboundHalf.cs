// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Sending;

/// <summary>
/// The sending side of a connection: what may go out now is written, what must wait for windows is queued a stream, and whenever the
/// writer asks, DATA frames are cut from the queues in turn.
/// </summary>
internal sealed class OutboundHalf(Http2Session connection, int queueLimit)
{
    /// <summary>How much one batch holds: a socket takes no more at once, and a control frame waits no longer than this.</summary>
    public const int BatchSize = 256 << 10;

    // Frames larger than this save nothing and hold up other streams, whatever the peer would accept.
    private const int LargestDataFrame = 64 << 10;

    // Linked data up to this size is copied right into the output when it may go at once.
    private const int LargestEagerCopy = 4096;

    private readonly Stack<OutgoingHeaders> _trailerPool = new();
    private SendScheduler _ready;

    // Whose DATA frame may still grow, and the size of the frame that what is reserved now joins; 0 for none.
    private int _joinable;
    private int _joined;
    private FlowWindow _window = new(FlowWindow.InitialSize);

    public OutputBuffer Output { get; } = new();

    public FrameWriter Frames { get; private set; } = null!;

    public int Window => _window.Available;

    /// <summary>Octets of DATA that wait in the queues of all streams.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>Streams in the scheduler's circle, those included that are over.</summary>
    public int StreamsInTurn => _ready.Count;

    public bool HasOutput => Output.PendingBytes > 0 || (!_ready.IsEmpty && _window.Available > 0);

    public void Start() => Frames = new FrameWriter(Output);

    public bool TryGrowWindow(int increment) => _window.TryGrow(increment);

    public bool TryGrowWindow(Http2Stream stream, int increment)
    {
        if (!stream.SendFlow.TryGrow(increment))
        {
            return false;
        }

        _ready.AddIfReady(stream);
        return true;
    }

    /// <summary>Whether a message of this length can be written into the output right now.</summary>
    public bool FitsNow(Http2Stream stream, int length) =>
        stream.Queue.Bytes == 0
        && length <= stream.SendFlow.Available
        && length <= _window.Available
        && length <= Frames.MaxFrameSize
        && Output.PendingBytes < BatchSize;

    /// <summary>
    /// Room for DATA that <see cref="FitsNow"/>. It joins the DATA frame of the same stream that stands last in the output, if there is one:
    /// small messages that wait for the writer together cost the peer one frame.
    /// </summary>
    public Span<byte> ReserveData(Http2Stream stream, int length)
    {
        _joined = stream.Id == _joinable ? Output.FindMarked(length).Length : 0;
        if (_joined > 0 && _joined + length - FrameHeader.Size <= Frames.MaxFrameSize)
        {
            return Output.Reserve(length);
        }

        _joined = 0;
        return Output.Reserve(FrameHeader.Size + length)[FrameHeader.Size..];
    }

    /// <summary>Makes what was reserved last, or its first part, DATA.</summary>
    public void CommitData(Http2Stream stream, int length, bool endStream)
    {
        int frame = length + (_joined > 0 ? _joined : FrameHeader.Size);
        Output.Advance(frame - _joined);
        Output.Mark(frame);
        FrameHeader.Write(
            Output.FindMarked(growth: 0),
            frame - FrameHeader.Size,
            FrameType.Data,
            endStream ? FrameFlags.EndStream : FrameFlags.None,
            stream.Id);
        _joinable = endStream ? 0 : stream.Id;
        stream.SendFlow.Take(length);
        _window.Take(length);
        connection.OnDataSent(length);
        if (endStream)
        {
            connection.OnEndStreamSent(stream);
        }
    }

    public void SendData(Http2Stream stream, ReadOnlySpan<byte> data, bool endStream)
    {
        if (data.IsEmpty)
        {
            Enqueue(stream, default, null, endStream);
            return;
        }

        if (data.Length <= LargestEagerCopy && FitsNow(stream, data.Length))
        {
            data.CopyTo(ReserveData(stream, data.Length));
            CommitData(stream, data.Length, endStream);
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(copy);
        Enqueue(stream, copy.AsMemory(0, data.Length), copy, endStream);
    }

    public void SendData(Http2Stream stream, ReadOnlyMemory<byte> data, byte[]? rented, bool endStream)
    {
        if (data.Length is 0 or > LargestEagerCopy || !FitsNow(stream, data.Length))
        {
            Enqueue(stream, data, rented, endStream);
            return;
        }

        data.Span.CopyTo(ReserveData(stream, data.Length));
        CommitData(stream, data.Length, endStream);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void SendTrailers(Http2Stream stream, OutgoingHeaders trailers)
    {
        if (stream.Queue.Bytes == 0)
        {
            Frames.WriteHeaders(stream.Id, trailers, endStream: true);
            connection.OnEndStreamSent(stream);
            return;
        }

        OutgoingHeaders copy = _trailerPool.Count > 0 ? _trailerPool.Pop() : new OutgoingHeaders();
        copy.CopyFrom(trailers);
        stream.Queue.Trailers = copy;
    }

    /// <summary>Cuts frames until the batch is full, the windows are closed or the queues are empty.</summary>
    public void Fill(List<Http2Event> events)
    {
        while (_window.Available > 0 && Output.PendingBytes < BatchSize && _ready.TakeNext() is { } stream)
        {
            if (stream.Queue.Bytes == 0 || stream.SendFlow.Available <= 0)
            {
                // Reset, or its window narrowed, since it joined the circle.
                connection.RecycleIfReleased(stream);
                continue;
            }

            CutFrame(stream, events);
            _ready.AddIfReady(stream);
        }
    }

    public void Drop(Http2Stream stream)
    {
        ReturnTrailers(stream);
        QueuedBytes -= stream.Queue.Bytes;
        stream.Queue.Drop(Output);
        if (stream.InReadyList && _ready.NoteDropped())
        {
            // While the connection's window is closed nobody's turn comes; streams that are over must not pile up in the circle.
            ForgetDropped();
        }
    }

    /// <summary>Takes the streams that are over out of the circle, whose turn need not come, so that they can be reused.</summary>
    public void ForgetDropped()
    {
        Http2Stream? over = _ready.TakeDropped();
        while (over is not null)
        {
            Http2Stream? next = over.NextReady;
            over.NextReady = null;
            connection.RecycleIfReleased(over);
            over = next;
        }
    }

    private void Enqueue(Http2Stream stream, ReadOnlyMemory<byte> data, byte[]? rented, bool endStream)
    {
        if (data.Length == 0)
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            if (stream.Queue.Bytes > 0)
            {
                stream.Queue.EndsWithData |= endStream;
            }
            else if (endStream)
            {
                // An empty frame needs no window.
                CommitEmptyEnd(stream);
            }

            return;
        }

        stream.Queue.Enqueue(data, rented);
        QueuedBytes += data.Length;
        stream.Queue.EndsWithData |= endStream;
        stream.WasFull |= stream.Queue.Bytes >= queueLimit || connection.BufferedBytes > connection.Options.MaxBufferedBytes;
        _ready.AddIfReady(stream);
    }

    private void CommitEmptyEnd(Http2Stream stream)
    {
        Frames.WriteDataHeader(stream.Id, 0, endStream: true);
        connection.OnEndStreamSent(stream);
    }

    private void CutFrame(Http2Stream stream, List<Http2Event> events)
    {
        int length = (int)Math.Min(stream.Queue.Bytes, Math.Min(stream.SendFlow.Available, _window.Available));
        length = Math.Min(length, Math.Min(Frames.MaxFrameSize, LargestDataFrame));
        bool last = length == stream.Queue.Bytes;
        bool end = last && stream.Queue.EndsWithData;
        Frames.WriteDataHeader(stream.Id, length, end);
        stream.Queue.MoveTo(Output, length);
        QueuedBytes -= length;
        stream.SendFlow.Take(length);
        _window.Take(length);
        connection.OnDataSent(length);
        if (stream.WasFull && stream.Queue.Bytes <= queueLimit / 2)
        {
            stream.WasFull = false;
            if (!stream.Released)
            {
                events.Add(Http2Event.ForWritable(stream));
            }
        }

        if (last)
        {
            FinishQueue(stream, end);
        }
    }

    private void FinishQueue(Http2Stream stream, bool endSent)
    {
        Http2ErrorCode? resetAfter = stream.Queue.ResetAfter;
        if (stream.Queue.Trailers is { } trailers)
        {
            Frames.WriteHeaders(stream.Id, trailers, endStream: true);
            ReturnTrailers(stream);
            endSent = true;
        }

        if (endSent)
        {
            connection.OnEndStreamSent(stream);
        }

        if (resetAfter is { } code && !stream.IsClosed)
        {
            connection.ResetStream(stream, code);
        }
    }

    private void ReturnTrailers(Http2Stream stream)
    {
        if (stream.Queue.Trailers is { } trailers)
        {
            stream.Queue.Trailers = null;
            trailers.Clear();
            if (_trailerPool.Count < 16)
            {
                _trailerPool.Push(trailers);
            }
        }
    }
}
