// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Frames;

namespace Peregrine.Http2.Streams;

/// <summary>
/// One stream of a connection, as its owner sees it. Read and used under the lock of the connection's owner. Objects are reused after
/// <see cref="Http2Connection.ReleaseStream"/>; without that call they are not.
/// </summary>
public sealed class Http2Stream
{
    internal StreamState Phase;
    internal FlowWindow SendFlow;
    internal ReceiveWindow ReceiveFlow;
    internal SendQueue Queue;
    internal CompactBlock CompactBlock;
    internal Http2Stream? NextReady;
    internal long ExpectedLength = -1;
    internal long ReceivedLength;
    internal int HeaderBytes;
    internal bool InReadyList;
    internal bool WasFull;
    internal bool EndQueued;
    internal bool FinalHeadersReceived;
    internal bool Released;
    internal bool LocallyOpened;
    internal bool IsHead;

    internal Http2Stream()
    {
    }

    /// <summary>The stream's number.</summary>
    public int Id { get; internal set; }

    /// <summary>A slot for the owner: the call that this stream carries.</summary>
    public object? State { get; set; }

    /// <summary>Whether our END_STREAM is sent or queued.</summary>
    public bool LocalEnded => EndQueued || Phase is StreamState.HalfClosedLocal or StreamState.Closed;

    /// <summary>Whether the peer's END_STREAM came.</summary>
    public bool RemoteEnded => Phase is StreamState.HalfClosedRemote or StreamState.Closed;

    /// <summary>Whether both ends are done or the stream was reset.</summary>
    public bool IsClosed => Phase == StreamState.Closed;

    /// <summary>Octets of DATA that wait for windows or for the writer.</summary>
    public long QueuedBytes => Queue.Bytes;

    /// <summary>
    /// Whether less than <see cref="Http2ConnectionOptions.StreamSendQueueLimit"/> was queued at the last send, and less than
    /// <see cref="Http2ConnectionOptions.MaxBufferedBytes"/> in all; <see cref="Http2EventKind.StreamWritable"/> tells when it is again.
    /// </summary>
    public bool IsWritable => !WasFull;

    /// <summary>What the peer lets this stream send now, in octets; negative after it lowered its initial window.</summary>
    public int SendWindow => SendFlow.Available;

    internal void Open(int id, int sendWindow, int receiveWindow, int announcedWindow)
    {
        Id = id;
        SendFlow = new FlowWindow(sendWindow);
        ReceiveFlow = new ReceiveWindow(receiveWindow, announcedWindow);
        Phase = StreamStates.Next(StreamState.Idle, StreamTransition.Headers);
    }

    internal void Recycle()
    {
        Id = 0;
        State = null;
        Phase = StreamState.Idle;
        ExpectedLength = -1;
        ReceivedLength = 0;
        HeaderBytes = 0;
        NextReady = null;
        WasFull = false;
        EndQueued = false;
        FinalHeadersReceived = false;
        Released = false;
        LocallyOpened = false;
        IsHead = false;
        Queue.Reset();
    }
}
