// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Guards;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Sending;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// What a connection knows, and how each frame of the peer changes it: the streams and their ends, settings, windows, GOAWAY. The owner's
/// side of it is <see cref="Http2Connection"/>; frames come from <see cref="FrameReader"/>.
/// </summary>
internal sealed class Http2Session
{
    // PING and SETTINGS acknowledgments and library resets that wait unsent because the peer does not read. The most that an honest
    // peer causes within one read of a block is far below.
    private const int MaxUnsentReplies = 4000;

    // A call that was reset lives on in its handler until that sees it. So many for each call that may be open are more than any
    // honest client leaves behind; what a peer opens beyond them is refused, so that resets do not lift the limit of concurrency.
    private const int HeldStreamsPerConcurrent = 4;
    private const int MinHeldStreams = 100;

    // Told apart from the owner's pings by this payload.
    public const ulong KeepAlivePing = 0x4B45_4550_414C_4956;

    public readonly Http2ConnectionOptions Options;
    public readonly FrameReader Reader;
    public readonly OutboundHalf Outbound;
    public readonly StreamTable Streams = new();
    private readonly ClosedStreams _closedStreams = new();
    public readonly List<Http2Stream> Quarantine = [];
    public ReceiveWindow ReceiveFlow;
    private BandwidthEstimator _bandwidth;
    private FloodGuard _floodGuard;
    public KeepAlive KeepAliveTimer;
    public PingPolicy Pings;
    public long Now;
    public long SettingsDeadline;
    public int LastLocalId;
    public int LastRemoteId;
    public int LocalStreams;
    private int _remoteStreams;
    public StreamCounters Counted = new();
    public long KeepAlivesSent;

    // Streams of the peer whose owner still works on them or holds what they brought, also those that are closed.
    private int _heldStreams;
    private long _headerBytes;
    public int AcceptedInitialWindow;
    public int UnsentReplies;
    private bool _settingsAcknowledged;
    public bool StreamsBecameAvailable;
    private bool _closedTold;

    public Http2Session(Http2Role role, Http2ConnectionOptions options, long now)
    {
        Role = role;
        Options = options;
        Now = now;
        Reader = new FrameReader(this, options);
        Outbound = new OutboundHalf(this, options.StreamSendQueueLimit);
        Outbound.Start();
        Drain = new GracefulEnd(this);
        Fields = new FieldSections(this);
        _floodGuard = new FloodGuard(options.MaxConcurrentStreams, now);
        KeepAliveTimer = new KeepAlive(options, now);
        Pings = new PingPolicy(options);
        ReceiveFlow = new ReceiveWindow(options.ConnectionWindow, options.ConnectionWindow);
        _bandwidth = new BandwidthEstimator(options.InitialStreamWindow, options.MaxStreamWindow);
        SettingsDeadline = options.SettingsTimeout > 0 ? now + options.SettingsTimeout : long.MaxValue;

        // Until the peer acknowledges our SETTINGS it may send by the protocol's initial window.
        AcceptedInitialWindow = Math.Max(options.InitialStreamWindow, FlowWindow.InitialSize);
        LocalSettings = new Http2Settings(
            (uint)options.HeaderTableSize,
            false,
            (uint)options.MaxConcurrentStreams,
            (uint)options.InitialStreamWindow,
            (uint)options.MaxFrameSize,
            (uint)options.MaxHeaderListSize);
        RemoteSettings = Http2Settings.Initial;
    }

    public Http2Role Role { get; }

    public Http2Settings LocalSettings { get; }

    public Http2Settings RemoteSettings { get; private set; }

    public bool RemoteSettingsReceived { get; private set; }

    public GracefulEnd Drain { get; }

    public FieldSections Fields { get; }

    public bool IsClosed { get; set; }

    public Http2Error CloseError { get; private set; }

    /// <summary>How many streams a client may open now.</summary>
    public int AvailableStreams
    {
        get
        {
            if (Role == Http2Role.Server || IsClosed || Drain.State != DrainState.Open)
            {
                return 0;
            }

            int byPeer = (int)Math.Min(RemoteSettings.MaxConcurrentStreams, int.MaxValue) - LocalStreams;
            int byNumber = (int.MaxValue - LastLocalId) / 2;
            return Math.Max(0, Math.Min(byPeer, byNumber));
        }
    }

    /// <summary>Ends a stream at the owner's wish.</summary>
    internal void ResetStream(Http2Stream stream, Http2ErrorCode code)
    {
        Outbound.Frames.WriteReset(stream.Id, code);
        CloseStream(stream, StreamEnding.ResetByUs);
    }

    /// <summary>Octets of memory that the peer makes this end hold: header lists, and output that does not leave.</summary>
    internal long BufferedBytes => _headerBytes + Outbound.Output.UnsentBytes + Outbound.QueuedBytes;

    /// <summary>Sends a PING of keepalive.</summary>
    internal void SendKeepAlive()
    {
        KeepAlivesSent++;
        Outbound.Frames.WritePing(KeepAlivePing, ack: false);
    }

    internal bool HasStream(int id) => Streams.Find(id) is not null;

    /// <summary>
    /// Whether a stream was never opened by the end that its number belongs to. One that the peer opened behind our final GOAWAY is not
    /// idle: its frames are ignored.
    /// </summary>
    internal bool IsIdle(int id) => id > (IsRemoteId(id) ? LastRemoteId : LastLocalId) && !Drain.Refuses(id);


    /// <summary>Counts a frame that carries nothing; false when there were too many.</summary>
    internal bool SpendFrame(int cost, List<Http2Event> events)
    {
        if (_floodGuard.TrySpendFrame(cost, Now))
        {
            return true;
        }

        Fail(Http2ErrorCode.EnhanceYourCalm, "Too many frames that carry nothing.", events);
        return false;
    }

    /// <summary>Takes a DATA frame from the connection's window.</summary>
    internal bool TryReceiveData(int length, List<Http2Event> events)
    {
        if (ReceiveFlow.TryReceive(length))
        {
            if (_bandwidth.OnData(length, Now))
            {
                Outbound.Frames.WritePing(BandwidthEstimator.PingPayload, ack: false);
            }

            return true;
        }

        Fail(Http2ErrorCode.FlowControlError, "DATA exceeds the connection's window.", events);
        return false;
    }

    /// <summary>Checks a DATA frame against its stream; false when its payload is to be skipped.</summary>
    internal bool TryAcceptData(int id, int frameLength, int dataLength, bool endStream, List<Http2Event> events)
    {
        if (dataLength == 0 && !endStream)
        {
            if (!SpendFrame(FloodGuard.EmptyFrameCost, events))
            {
                return false;
            }
        }

        Http2Stream? stream = Streams.Find(id);
        if (stream is null)
        {
            if (IsIdle(id))
            {
                // RFC 9113 section 5.1, "idle": any frame but HEADERS and PRIORITY is a connection error PROTOCOL_ERROR.
                Fail(Http2ErrorCode.ProtocolError, "DATA was received on a stream that was never opened.", events);
            }
            else
            {
                OnFrameAfterClose(id, carriesData: dataLength > 0, opens: false, events);
            }

            return false;
        }

        if (stream.RemoteEnded)
        {
            // RFC 9113 section 5.1, "half-closed (remote)": "it MUST respond with a stream error of type STREAM_CLOSED".
            FailStream(stream, Http2ErrorCode.StreamClosed, "DATA was received behind END_STREAM.", events);
            return false;
        }

        if (stream.LocallyOpened && !stream.FinalHeadersReceived)
        {
            FailStream(stream, Http2ErrorCode.ProtocolError, "DATA was received before the response head.", events);
            return false;
        }

        if (!stream.ReceiveFlow.TryReceive(frameLength))
        {
            FailStream(stream, Http2ErrorCode.FlowControlError, "DATA exceeds the stream's window.", events);
            return false;
        }

        stream.ReceivedLength += dataLength;
        if (stream.ExpectedLength >= 0
            && (stream.ReceivedLength > stream.ExpectedLength
                || (endStream && stream.ReceivedLength != stream.ExpectedLength)))
        {
            // RFC 9113 section 8.1.1: a message whose content-length "does not equal the sum of the DATA frame payload lengths" is malformed.
            FailStream(stream, Http2ErrorCode.ProtocolError, "The body does not have the length that content-length says.", events);
            return false;
        }

        if (dataLength > 0 || endStream)
        {
            _floodGuard.EarnData(dataLength);
        }

        return true;
    }

    /// <summary>Hands payload up, or credits it when nobody wants it any longer.</summary>
    internal void DeliverData(int id, ReceiveBlock? block, int offset, int length, bool endStream, List<Http2Event> events)
    {
        Http2Stream? stream = Streams.Find(id);
        if (stream is null || stream.Released)
        {
            CreditData(id, length);
        }
        else if (length > 0 || endStream)
        {
            if (block is not null)
            {
                (block, offset) = Reader.Buffer.Lease(offset, length, ref stream.CompactBlock);
            }

            events.Add(Http2Event.ForData(stream, block, offset, length, endStream));
        }

        if (stream is not null && endStream)
        {
            EndRemote(stream);
        }
    }

    internal void CreditConnection(int octets)
    {
        int increment = ReceiveFlow.Consume(octets, ConnectionWindow);
        if (increment > 0 && !IsClosed)
        {
            Outbound.Frames.WriteWindowUpdate(0, increment);
        }
    }

    // Twice the window of a stream, so that one whose owner does not read leaves room for others.
    internal int ConnectionWindow => _bandwidth.Window > Options.InitialStreamWindow
        ? (int)Math.Max(Options.ConnectionWindow, Math.Min(2L * _bandwidth.Window, int.MaxValue))
        : Options.ConnectionWindow;

    /// <summary>Opens both windows again for consumed octets.</summary>
    internal void CreditData(int id, int octets)
    {
        if (Streams.Find(id) is { RemoteEnded: false } stream)
        {
            int increment = stream.ReceiveFlow.Consume(octets, _bandwidth.Window);
            if (increment > 0)
            {
                Outbound.Frames.WriteWindowUpdate(id, increment);
            }
        }

        CreditConnection(octets);
    }

    internal void OnReset(int id, Http2ErrorCode code, List<Http2Event> events)
    {
        Http2Stream? stream = Streams.Find(id);
        if (stream is null)
        {
            // Crossed with the stream's end, or a repetition.
            SpendFrame(FloodGuard.EmptyFrameCost, events);
            return;
        }

        bool refused = Role == Http2Role.Client && code == Http2ErrorCode.RefusedStream && !stream.FinalHeadersReceived;
        CloseStream(stream, StreamEnding.ResetByPeer);
        RaiseReset(stream, new Http2Error(Http2ErrorScope.Stream, code, Http2ErrorInitiator.Remote, null), refused, events);
        if (Role == Http2Role.Server)
        {
            SpendReset(events);
        }
    }

    internal void OnSettings(ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        if (!SpendFrame(FloodGuard.SettingsCost, events))
        {
            return;
        }

        Http2Settings settings = RemoteSettings;
        uint smallestTableSize = settings.HeaderTableSize;
        if (SettingsPayload.TryApply(payload, fromServer: Role == Http2Role.Client, ref settings, ref smallestTableSize) is { } code)
        {
            Fail(code, "A setting has a value that is not allowed.", events);
            return;
        }

        // RFC 9113 section 6.9.2: a change of SETTINGS_INITIAL_WINDOW_SIZE applies to all open streams, whose windows may become negative.
        int difference = (int)((long)settings.InitialWindowSize - RemoteSettings.InitialWindowSize);
        if (difference != 0)
        {
            if (!SpendFrame(Streams.Count / FloodGuard.WindowsPerCost, events))
            {
                return;
            }

            foreach (Http2Stream? stream in Streams.Slots)
            {
                if (stream is not null && !Outbound.TryGrowWindow(stream, difference))
                {
                    Fail(Http2ErrorCode.FlowControlError, "SETTINGS_INITIAL_WINDOW_SIZE makes a window exceed 2^31-1.", events);
                    return;
                }
            }
        }

        bool wasFull = AvailableStreams == 0;
        RemoteSettings = settings;
        RemoteSettingsReceived = true;
        Outbound.Frames.MaxFrameSize = (int)settings.MaxFrameSize;
        Outbound.Frames.Encoder.ApplyPeerTableSize(smallestTableSize);
        Outbound.Frames.Encoder.ApplyPeerTableSize(settings.HeaderTableSize);
        Outbound.Frames.WriteSettingsAck();
        StreamsBecameAvailable |= wasFull && AvailableStreams > 0;
        events.Add(Http2Event.ForConnection(Http2EventKind.SettingsReceived));
        CountReply(events);
    }

    internal void OnSettingsAck(List<Http2Event> events)
    {
        if (_settingsAcknowledged)
        {
            SpendFrame(FloodGuard.EmptyFrameCost, events);
            return;
        }

        _settingsAcknowledged = true;
        SettingsDeadline = long.MaxValue;
        Reader.Decoder.ApplyAcknowledgedTableSize(Options.HeaderTableSize);
        int difference = Options.InitialStreamWindow - AcceptedInitialWindow;
        AcceptedInitialWindow = Options.InitialStreamWindow;
        if (difference != 0)
        {
            foreach (Http2Stream? stream in Streams.Slots)
            {
                stream?.ReceiveFlow.Adjust(difference);
            }
        }

        events.Add(Http2Event.ForConnection(Http2EventKind.SettingsAcknowledged));
    }

    internal void OnPing(ulong payload, bool ack, List<Http2Event> events)
    {
        if (!SpendFrame(FloodGuard.EmptyFrameCost, events))
        {
            return;
        }

        if (!ack)
        {
            if (Role == Http2Role.Server && !Pings.Accept(Now, Streams.Count > 0))
            {
                Fail(Http2ErrorCode.EnhanceYourCalm, PingPolicy.Reason, events);
                return;
            }

            Outbound.Frames.WritePing(payload, ack: true);
            CountReply(events);
        }
        else if (payload == GracefulEnd.PingPayload && Drain.State == DrainState.Announced)
        {
            Drain.EndAnnouncement();
        }
        else if (payload == BandwidthEstimator.PingPayload)
        {
            _bandwidth.OnAnswer(Now);
        }
        else if (payload != KeepAlivePing)
        {
            events.Add(Http2Event.ForConnection(Http2EventKind.PingAcknowledged, default, payload));
        }
    }

    internal void OnWindowUpdate(int id, int increment, List<Http2Event> events)
    {
        if (!SpendFrame(FloodGuard.EmptyFrameCost, events))
        {
            return;
        }

        Http2Stream? stream = id == 0 ? null : Streams.Find(id);
        if (id == 0)
        {
            if (increment == 0)
            {
                Fail(Http2ErrorCode.ProtocolError, "A WINDOW_UPDATE frame has an increment of 0.", events);
            }
            else if (!Outbound.TryGrowWindow(increment))
            {
                Fail(Http2ErrorCode.FlowControlError, "WINDOW_UPDATE makes the connection's window exceed 2^31-1.", events);
            }
        }
        else if (stream is not null)
        {
            if (increment == 0)
            {
                FailStream(stream, Http2ErrorCode.ProtocolError, "A WINDOW_UPDATE frame has an increment of 0.", events);
            }
            else if (!Outbound.TryGrowWindow(stream, increment))
            {
                FailStream(stream, Http2ErrorCode.FlowControlError, "WINDOW_UPDATE makes the stream's window exceed 2^31-1.", events);
            }
        }
    }

    internal void OnEndStreamSent(Http2Stream stream)
    {
        stream.EndQueued = true;
        stream.Phase = StreamStates.Next(stream.Phase, StreamTransition.SendEndStream);
        if (stream.Phase == StreamState.Closed)
        {
            OnStreamClosed(stream, StreamEnding.Completed);
        }
    }

    internal void OnDataSent(int octets)
    {
        Pings.OnMessageSent();
        _floodGuard.EarnData(octets);
    }

    internal void RecycleIfReleased(Http2Stream stream)
    {
        // Streams in the scheduler's circle are recycled when their turn comes.
        if (stream.Released && stream.IsClosed && !stream.InReadyList)
        {
            _headerBytes -= stream.HeaderBytes;
            _heldStreams -= stream.LocallyOpened ? 0 : 1;
            Quarantine.Add(stream);
        }
    }

    // Counted until the owner has released the stream, whenever it gives the list itself back.
    internal void HoldHeaders(Http2Stream stream, HeaderList list)
    {
        stream.HeaderBytes += list.MemorySize;
        _headerBytes += list.MemorySize;
    }

    /// <summary>Ends a stream for the peer's fault, if there is one of this number.</summary>
    internal bool TryFailStream(int id, Http2ErrorCode code, string reason, List<Http2Event> events)
    {
        if (Streams.Find(id) is not { } stream)
        {
            return false;
        }

        FailStream(stream, code, reason, events);
        return true;
    }

    internal void FailStream(Http2Stream stream, Http2ErrorCode code, string reason, List<Http2Event> events)
    {
        Outbound.Frames.WriteReset(stream.Id, code);
        CloseStream(stream, StreamEnding.ResetByUs);
        RaiseReset(stream, new Http2Error(Http2ErrorScope.Stream, code, Http2ErrorInitiator.Library, reason), unprocessed: false, events);
        CountReply(events);
        SpendReset(events);
    }

    /// <summary>Ends the connection for the peer's fault.</summary>
    internal void Fail(Http2ErrorCode code, string reason, List<Http2Event> events) =>
        Fail(new Http2Error(Http2ErrorScope.Connection, code, Http2ErrorInitiator.Library, reason), events);

    internal void Fail(in Http2Error error, List<Http2Event> events)
    {
        if (!IsClosed)
        {
            Drain.Announce(LastRemoteId, error.Code, error.Reason);
            End(error, events);
        }
    }

    /// <summary>Opens a stream of the peer, whose number is the highest by now; null when it is refused instead.</summary>
    internal Http2Stream? OpenRemote(int id, HeaderList list)
    {
        if (MustRefuse())
        {
            return null;
        }

        Http2Stream stream = RentStream(id);
        stream.ExpectedLength = list.ContentLength;
        stream.FinalHeadersReceived = true;
        Counted.OnRemote(Now);
        _remoteStreams++;
        _heldStreams++;
        return stream;
    }

    /// <summary>Notes the number that the peer opens a stream with, whatever becomes of the stream.</summary>
    internal void NoteRemoteId(int id)
    {
        _closedStreams.NotePassedOver(LastRemoteId, id);
        LastRemoteId = id;
    }

    /// <summary>Ends a stream of the peer before its owner has heard of it.</summary>
    internal void Refuse(int id, Http2ErrorCode code, List<Http2Event> events)
    {
        Outbound.Frames.WriteReset(id, code);
        _closedStreams.Add(id, StreamEnding.ResetByUs);
        CountReply(events);
        SpendReset(events);
    }

    /// <summary>Whether one stream more would be beyond what this end has said, or beyond what it can hold.</summary>
    private bool MustRefuse() =>
        _remoteStreams >= Options.MaxConcurrentStreams
        || _heldStreams >= Math.Max(MinHeldStreams, HeldStreamsPerConcurrent * (long)Options.MaxConcurrentStreams)
        || BufferedBytes > Options.MaxBufferedBytes;

    /// <summary>DATA or HEADERS for a stream that is over, RFC 9113 section 5.1, "closed".</summary>
    internal void OnFrameAfterClose(int id, bool carriesData, bool opens, List<Http2Event> events)
    {
        StreamEnding ending = Drain.Refuses(id) ? StreamEnding.ResetByUs : _closedStreams.Find(id);
        switch (ending)
        {
            // Section 5.1.1: a number "that is not higher than all" before; it was skipped, so this cannot be a late frame.
            case StreamEnding.NeverOpened when opens:
                Fail(Http2ErrorCode.ProtocolError, "HEADERS opens a stream with a number that was passed over.", events);
                break;
            case StreamEnding.NeverOpened:
                Fail(Http2ErrorCode.StreamClosed, "DATA was received on a stream whose number was passed over.", events);
                break;
            case StreamEnding.Completed:
                Fail(Http2ErrorCode.StreamClosed, "A frame was received on a stream that both ends had ended.", events);
                break;
            case StreamEnding.ResetByPeer:
                Refuse(id, Http2ErrorCode.StreamClosed, events);
                break;

            // "An endpoint that sends a RST_STREAM frame ... could receive any type of frame ... MUST minimally process and then discard"
            // them; it "can perform this minimal processing for all streams that are in the "closed" state", so also for those whose
            // end is no longer known. What carries DATA is bounded by the connection's window and costs the peer more than us.
            default:
                if (!carriesData)
                {
                    SpendFrame(FloodGuard.EmptyFrameCost, events);
                }

                break;
        }
    }

    private bool IsRemoteId(int id) => ((id & 1) == 1) == (Role == Http2Role.Server);

    internal Http2Stream RentStream(int id)
    {
        Http2Stream stream = Spares.TakeStream();
        stream.Open(id, (int)RemoteSettings.InitialWindowSize, AcceptedInitialWindow, Options.InitialStreamWindow);
        Streams.Add(stream);
        return stream;
    }

    internal void EndRemote(Http2Stream stream)
    {
        Reader.Buffer.EndCompact(ref stream.CompactBlock);
        stream.Phase = StreamStates.Next(stream.Phase, StreamTransition.ReceiveEndStream);
        if (stream.Phase == StreamState.Closed)
        {
            OnStreamClosed(stream, StreamEnding.Completed);
        }
    }

    internal void CloseStream(Http2Stream stream, StreamEnding ending)
    {
        Counted.OnClosing(stream);
        stream.Phase = StreamStates.Next(stream.Phase, StreamTransition.Reset);
        Outbound.Drop(stream);
        OnStreamClosed(stream, ending);
    }

    private void OnStreamClosed(Http2Stream stream, StreamEnding ending)
    {
        Reader.Buffer.EndCompact(ref stream.CompactBlock);
        Streams.Remove(stream.Id);
        _closedStreams.Add(stream.Id, ending);
        if (ending == StreamEnding.Completed)
        {
            Counted.Succeeded++;
            _floodGuard.EarnCompletion();
        }

        if (stream.LocallyOpened)
        {
            bool wasFull = AvailableStreams == 0;
            LocalStreams--;
            StreamsBecameAvailable |= wasFull && AvailableStreams > 0;
        }
        else
        {
            _remoteStreams--;
        }

        Drain.Check();
        RecycleIfReleased(stream);
    }

    internal static void RaiseReset(Http2Stream stream, in Http2Error error, bool unprocessed, List<Http2Event> events)
    {
        if (!stream.Released)
        {
            events.Add(Http2Event.ForReset(stream, error, unprocessed));
        }
    }

    private void SpendReset(List<Http2Event> events)
    {
        if (!_floodGuard.TrySpendReset(Now))
        {
            Fail(Http2ErrorCode.EnhanceYourCalm, "Too many streams end by a reset.", events);
        }
    }

    private void CountReply(List<Http2Event> events)
    {
        if (++UnsentReplies > MaxUnsentReplies)
        {
            Fail(Http2ErrorCode.EnhanceYourCalm, "Too many replies wait to be read.", events);
        }
    }

    /// <summary>Ends all streams and the connection; tells it once.</summary>
    internal void End(in Http2Error error, List<Http2Event> events)
    {
        if (_closedTold)
        {
            return;
        }

        _closedTold = true;
        IsClosed = true;
        CloseError = error;
        foreach (Http2Stream? stream in Streams.Slots)
        {
            if (stream is not null)
            {
                Counted.OnClosing(stream);
                stream.Phase = StreamState.Closed;
                Reader.Buffer.EndCompact(ref stream.CompactBlock);
                Outbound.Drop(stream);
                RaiseReset(stream, error, unprocessed: false, events);
            }
        }

        Outbound.ForgetDropped();
        Streams.Clear();
        LocalStreams = 0;
        _remoteStreams = 0;
        events.Add(Http2Event.ForConnection(Http2EventKind.ConnectionClosed, error));
    }
}
