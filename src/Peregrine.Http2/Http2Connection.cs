// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Guards;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Sending;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// An HTTP/2 connection (RFC 9113) as a state machine for either role: bytes and time go in, events and bytes come out. It knows no
/// socket, task or clock, and it never throws on what a peer sends; exceptions mean that the owner misused it.
/// </summary>
/// <remarks>
/// Not thread-safe: every member is called under one lock of the owner, who handles events after releasing it. All times are
/// milliseconds of one monotonic clock. Reading: <see cref="GetReceiveMemory"/>, then <see cref="Receive(int, long, List{Http2Event})"/>.
/// Writing: <see cref="TryTakeOutput"/>, then <see cref="CompleteOutput"/>.
/// </remarks>
public sealed class Http2Connection : IDisposable
{
    /// <summary>Largest message, in octets, that <see cref="TryReserveData"/> lets be written in place.</summary>
    public const int MaxInPlaceMessage = 16384;

    // Recycled objects kept: what one busy connection has in use at once; more are left to the collector.
    private const int PoolLimit = 128;

    // PING and SETTINGS acknowledgments and library resets that wait unsent because the peer does not read. The most that an honest
    // peer causes within one read of a block is far below.
    private const int MaxUnsentReplies = 4000;

    // Told apart from the owner's pings by these payloads.
    private const ulong DrainPing = 0x5045_5245_4752_494E;
    private const ulong KeepAlivePing = 0x4B45_4550_414C_4956;

    private readonly Http2ConnectionOptions _options;
    private readonly FrameReader _reader;
    private readonly OutboundHalf _outbound;
    private readonly StreamTable _streams = new();
    private readonly ClosedStreams _closedStreams = new();
    private readonly Stack<Http2Stream> _streamPool = new();
    private readonly List<Http2Stream> _quarantine = [];
    private readonly Stack<HeaderList> _headerPool = new();
    private ReceiveWindow _receiveWindow;
    private FloodGuard _floodGuard;
    private KeepAlive _keepAlive;
    private Http2Stream? _reservedStream;
    private int _reservedLength;
    private long _now;
    private long _settingsDeadline;
    private long _drainDeadline = long.MaxValue;
    private int _lastLocalId;
    private int _lastRemoteId;
    private int _goAwaySent = int.MaxValue;
    private int _goAwayReceived = int.MaxValue;
    private int _localStreams;
    private int _remoteStreams;
    private int _acceptedInitialWindow;
    private int _unsentReplies;
    private int _takenReplies;
    private bool _settingsAcknowledged;
    private bool _streamsAvailable;
    private bool _drained;
    private bool _closedTold;

    /// <summary>Starts a connection; its preface and SETTINGS are the first output (a server's once the client's preface came).</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">Limits and times; read, never changed.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public Http2Connection(Http2Role role, Http2ConnectionOptions options, long now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ConnectionWindow, FlowWindow.InitialSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.InitialStreamWindow, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.HeaderTableSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentStreams, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxFrameSize, SettingsPayload.SmallestMaxFrameSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxFrameSize, SettingsPayload.LargestMaxFrameSize, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxHeaderListSize, 1 << 24, nameof(options));
        Role = role;
        _options = options;
        _now = now;
        _reader = new FrameReader(this, options);
        _outbound = new OutboundHalf(this, options.StreamSendQueueLimit);
        _outbound.Start();
        _floodGuard = new FloodGuard(options.MaxConcurrentStreams, now);
        _keepAlive = new KeepAlive(options.KeepAliveInterval, options.KeepAliveTimeout, options.KeepAliveWithoutStreams, now);
        _receiveWindow = new ReceiveWindow(options.ConnectionWindow);
        _settingsDeadline = options.SettingsTimeout > 0 ? now + options.SettingsTimeout : long.MaxValue;

        // Until the peer acknowledges our SETTINGS it may send by the protocol's initial window.
        _acceptedInitialWindow = Math.Max(options.InitialStreamWindow, FlowWindow.InitialSize);
        LocalSettings = new Http2Settings(
            (uint)options.HeaderTableSize,
            false,
            (uint)options.MaxConcurrentStreams,
            (uint)options.InitialStreamWindow,
            (uint)options.MaxFrameSize,
            (uint)options.MaxHeaderListSize);
        RemoteSettings = Http2Settings.Initial;
        WriteOpening();
    }

    /// <summary>Which end this is.</summary>
    public Http2Role Role { get; }

    /// <summary>What this end announced.</summary>
    public Http2Settings LocalSettings { get; }

    /// <summary>What the peer announced last; the protocol's initial values before <see cref="RemoteSettingsReceived"/>.</summary>
    public Http2Settings RemoteSettings { get; private set; }

    /// <summary>Whether the peer's first SETTINGS came: only then is it known to speak HTTP/2.</summary>
    public bool RemoteSettingsReceived { get; private set; }

    /// <summary>How far the graceful end has come.</summary>
    public DrainState DrainState { get; private set; }

    /// <summary>Whether nothing is received any longer. Pending output may still be flushed.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Why the connection is closed, once it is.</summary>
    public Http2Error CloseError { get; private set; }

    /// <summary>Streams that are open or half-closed, whoever opened them.</summary>
    public int ActiveStreams => _streams.Count;

    /// <summary>Whether <see cref="OpenStream"/> may be called.</summary>
    public bool CanOpenStream => AvailableStreams > 0;

    /// <summary>How many streams a client may open now.</summary>
    public int AvailableStreams
    {
        get
        {
            if (Role == Http2Role.Server || IsClosed || DrainState != DrainState.Open)
            {
                return 0;
            }

            int byPeer = (int)Math.Min(RemoteSettings.MaxConcurrentStreams, int.MaxValue) - _localStreams;
            int byNumber = (int.MaxValue - _lastLocalId) / 2;
            return Math.Max(0, Math.Min(byPeer, byNumber));
        }
    }

    /// <summary>When <see cref="Tick"/> has something to do, at the latest; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline => IsClosed
        ? long.MaxValue
        : Math.Min(Math.Min(_settingsDeadline, _drainDeadline), _keepAlive.NextDeadline(_streams.Count > 0));

    /// <summary>Whether <see cref="TryTakeOutput"/> would give bytes, once the batch before is completed.</summary>
    public bool HasOutput => !OutputHeld && _outbound.HasOutput;

    /// <summary>Octets written or taken, and not completed; queued DATA is counted by its stream.</summary>
    public int UnsentBytes => _outbound.Output.UnsentBytes;

    // A server keeps its SETTINGS back until it knows that the peer speaks HTTP/2, so that the owner may answer another protocol.
    private bool OutputHeld => !_reader.PrefaceSeen && !IsClosed;

    /// <summary>Memory to read the socket into; valid until the next <c>Receive</c> or <see cref="ReleaseIdleMemory"/>.</summary>
    public Memory<byte> GetReceiveMemory() => _reader.Buffer.GetFreeMemory(_reader.NeededFrameSize);

    /// <summary>Processes bytes that were read into <see cref="GetReceiveMemory"/>.</summary>
    /// <param name="count">How many bytes were read.</param>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives what happened, in order, at its end.</param>
    public void Receive(int count, long now, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _now = now;
        EndQuarantine();
        _reader.Buffer.Advance(count);
        if (IsClosed)
        {
            _reader.Buffer.Discard();
            return;
        }

        _keepAlive.Received(now);
        _reader.Read(events);
        FlushNotices(events);
    }

    /// <summary>Processes bytes of any origin, by copy.</summary>
    /// <param name="bytes">The bytes received.</param>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives what happened, in order, at its end.</param>
    public void Receive(ReadOnlySpan<byte> bytes, long now, List<Http2Event> events)
    {
        do
        {
            Span<byte> memory = GetReceiveMemory().Span;
            int length = Math.Min(memory.Length, bytes.Length);
            bytes[..length].CopyTo(memory);
            bytes = bytes[length..];
            Receive(length, now, events);
        }
        while (!bytes.IsEmpty);
    }

    /// <summary>The peer closed its sending side: no stream can go on.</summary>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives the end of each open stream and of the connection.</param>
    public void ReceiveEnd(long now, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _now = now;
        string reason = RemoteSettingsReceived
            ? $"The peer closed the connection while {_streams.Count} streams were open."
            : "The peer closed the connection before it sent its SETTINGS.";
        End(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.NoError, Http2ErrorInitiator.Remote, reason), events);
    }

    /// <summary>The owner's transport failed: all streams end, unsent output is dropped.</summary>
    /// <param name="error">What failed.</param>
    /// <param name="events">Receives the end of each open stream and of the connection.</param>
    public void Abort(Http2Error error, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        End(error, events);
        _outbound.Output.DropPending();
    }

    /// <summary>Lets time pass: time-outs of SETTINGS and of draining, keepalive.</summary>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives what happened.</param>
    public void Tick(long now, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _now = now;
        if (IsClosed)
        {
            return;
        }

        if (now >= _settingsDeadline)
        {
            // RFC 9113 section 6.5.3: the sender of SETTINGS that are not acknowledged "within a reasonable amount of time" may fail the
            // connection with SETTINGS_TIMEOUT.
            Fail(Http2ErrorCode.SettingsTimeout, "SETTINGS were not acknowledged in time.", events);
            return;
        }

        if (now >= _drainDeadline)
        {
            EndAnnouncement();
        }

        switch (_keepAlive.Check(now, _streams.Count > 0))
        {
            case KeepAlive.Verdict.SendPing:
                _outbound.Frames.WritePing(KeepAlivePing, ack: false);
                break;
            case KeepAlive.Verdict.Dead:
                Fail(Http2ErrorCode.NoError, "A keepalive PING was not answered in time: the peer is gone.", events);
                return;
            default:
                break;
        }

        FlushNotices(events);
    }

    /// <summary>Gives pooled memory back while there is nothing to receive or to send; it is rented again when needed.</summary>
    public void ReleaseIdleMemory()
    {
        EndQuarantine();
        _reader.Buffer.ReleaseIfEmpty();
        _outbound.Output.ReleaseIfEmpty();
        if (_streams.Count == 0)
        {
            _streamPool.Clear();
            _streamPool.TrimExcess();
            _headerPool.Clear();
            _headerPool.TrimExcess();
        }
    }

    /// <summary>Gives received bytes back, which also opens the windows for as many. Exactly once for each lease that is not empty.</summary>
    /// <exception cref="InvalidOperationException">The lease was released before.</exception>
    public void ReleaseData(in DataLease lease)
    {
        if (lease.Block is null)
        {
            return;
        }

        _reader.Buffer.Release(lease.Block);
        if (lease.StreamId != 0)
        {
            CreditData(lease.StreamId, lease.Length);
        }
    }

    /// <summary>Gives a header list back; neither it nor its fields may be touched after.</summary>
    public void ReleaseHeaders(HeaderList headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        headers.Reset();
        if (_headerPool.Count < PoolLimit)
        {
            _headerPool.Push(headers);
        }
    }

    /// <summary>
    /// Tells that the owner will not touch the stream again. It is reused once it is closed; until then its events are suppressed and its
    /// DATA is credited. An open stream is not reset by this. Events taken before may still name the object: compare
    /// <see cref="Http2Event.StreamId"/> when such are handled after the next <c>Receive</c>.
    /// </summary>
    public void ReleaseStream(Http2Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Released)
        {
            throw new InvalidOperationException($"Stream {stream.Id} was released twice.");
        }

        stream.Released = true;
        stream.State = null;
        RecycleIfReleased(stream);
    }

    /// <summary>Opens a stream with its request head (client).</summary>
    /// <param name="headers">The head; read during the call only.</param>
    /// <param name="endStream">Whether nothing follows.</param>
    /// <param name="state">The stream's first <see cref="Http2Stream.State"/>.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanOpenStream"/> is false.</exception>
    public Http2Stream OpenStream(OutgoingHeaders headers, bool endStream, object? state = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ThrowIfReserved();
        if (!CanOpenStream)
        {
            throw new InvalidOperationException("No stream can be opened now: ask CanOpenStream first.");
        }

        // RFC 9113 section 5.1.1: a client's streams have odd numbers, each higher than all before.
        _lastLocalId = _lastLocalId == 0 ? 1 : _lastLocalId + 2;
        Http2Stream stream = RentStream(_lastLocalId);
        stream.LocallyOpened = true;
        stream.State = state;
        _localStreams++;
        _outbound.Frames.WriteHeaders(stream.Id, headers, endStream);
        if (endStream)
        {
            OnEndStreamSent(stream);
        }

        return stream;
    }

    /// <summary>Sends a response head (server), interim or final.</summary>
    /// <returns>False when the stream is closed, which a race with the peer may bring about; nothing was sent then.</returns>
    /// <exception cref="InvalidOperationException">The sending side has ended already.</exception>
    public bool SendHeaders(Http2Stream stream, OutgoingHeaders headers, bool endStream)
    {
        ArgumentNullException.ThrowIfNull(headers);
        if (!CanSend(stream))
        {
            return false;
        }

        _outbound.Frames.WriteHeaders(stream.Id, headers, endStream);
        if (endStream)
        {
            OnEndStreamSent(stream);
        }

        return true;
    }

    /// <summary>Sends trailers, which end the sending side, behind the stream's queued DATA.</summary>
    /// <returns>False when the stream is closed; nothing was sent then.</returns>
    /// <exception cref="InvalidOperationException">The sending side has ended already.</exception>
    public bool SendTrailers(Http2Stream stream, OutgoingHeaders trailers)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        if (!CanSend(stream))
        {
            return false;
        }

        stream.EndQueued = true;
        _outbound.SendTrailers(stream, trailers);
        return true;
    }

    /// <summary>Sends bytes by copy.</summary>
    /// <returns>False when the stream is closed; nothing was sent then.</returns>
    /// <exception cref="InvalidOperationException">The sending side has ended already.</exception>
    public bool SendData(Http2Stream stream, ReadOnlySpan<byte> data, bool endStream)
    {
        if (!CanSend(stream))
        {
            return false;
        }

        stream.EndQueued |= endStream;
        _outbound.SendData(stream, data, endStream);
        return true;
    }

    /// <summary>Sends bytes by reference: they must not change until they are sent.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="data">The bytes, best a part of <paramref name="rented"/>.</param>
    /// <param name="rented">An array of <see cref="ArrayPool{T}.Shared"/> that is returned there once it is sent or dropped.</param>
    /// <param name="endStream">Whether nothing follows.</param>
    /// <returns>False when the stream is closed; nothing was sent, the array was returned.</returns>
    /// <exception cref="InvalidOperationException">The sending side has ended already.</exception>
    public bool SendData(Http2Stream stream, ReadOnlyMemory<byte> data, byte[]? rented, bool endStream)
    {
        if (!CanSend(stream))
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }

            return false;
        }

        stream.EndQueued |= endStream;
        _outbound.SendData(stream, data, rented, endStream);
        return true;
    }

    /// <summary>
    /// Reserves memory in the output itself for one DATA frame, to serialize a message in place. No other member may be called before
    /// <see cref="CommitData"/> or <see cref="RollbackData"/>.
    /// </summary>
    /// <returns>False when it cannot go out at once (windows, queued data, full output, closed stream): send by <c>SendData</c> then.</returns>
    public bool TryReserveData(Http2Stream stream, int length, out Span<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > MaxInPlaceMessage || !CanSend(stream) || !_outbound.FitsNow(stream, length))
        {
            payload = default;
            return false;
        }

        _reservedStream = stream;
        _reservedLength = length;
        payload = _outbound.ReserveData(length);
        return true;
    }

    /// <summary>Makes the reserved memory, or its first part, a DATA frame.</summary>
    /// <exception cref="InvalidOperationException">Nothing is reserved.</exception>
    public void CommitData(int length, bool endStream)
    {
        Http2Stream stream = _reservedStream ?? throw new InvalidOperationException("No memory is reserved.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_reservedLength, nameof(length));
        _reservedStream = null;
        _outbound.CommitData(stream, length, endStream);
    }

    /// <summary>Gives up the reserved memory: nothing of it is sent.</summary>
    public void RollbackData() => _reservedStream = null;

    /// <summary>Ends a stream by RST_STREAM at once; what it had queued is dropped. No event follows for it.</summary>
    public void ResetStream(Http2Stream stream, Http2ErrorCode code)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ThrowIfReserved();
        if (IsClosed || stream.IsClosed)
        {
            return;
        }

        _outbound.Frames.WriteReset(stream.Id, code);
        CloseStream(stream, StreamEnding.ResetByUs);
    }

    /// <summary>
    /// Ends a stream by RST_STREAM behind its queued DATA and trailers: how a server that needs no more of the request says so, with
    /// <see cref="Http2ErrorCode.NoError"/> (RFC 9113 section 8.1).
    /// </summary>
    public void ResetStreamAfterSend(Http2Stream stream, Http2ErrorCode code)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.IsClosed || stream.Queue.Bytes == 0)
        {
            ResetStream(stream, code);
            return;
        }

        stream.Queue.ResetAfter = code;
    }

    /// <summary>Sends a PING whose answer comes as <see cref="Http2EventKind.PingAcknowledged"/>.</summary>
    public void SendPing(ulong payload)
    {
        ThrowIfReserved();
        if (!IsClosed)
        {
            _outbound.Frames.WritePing(payload, ack: false);
        }
    }

    /// <summary>
    /// Starts the graceful end: streams under way run on, no new ones are opened; <see cref="Http2EventKind.Drained"/> tells when none is
    /// left. A server does so in two steps (RFC 9113 section 6.8), so that requests already on their way are served.
    /// </summary>
    /// <param name="now">The time.</param>
    public void BeginDrain(long now)
    {
        ThrowIfReserved();
        _now = now;
        if (IsClosed || _goAwaySent != int.MaxValue || DrainState == DrainState.Announced)
        {
            return;
        }

        if (Role == Http2Role.Server && DrainState == DrainState.Open)
        {
            _outbound.Frames.WriteGoAway(int.MaxValue, Http2ErrorCode.NoError, null);
            _outbound.Frames.WritePing(DrainPing, ack: false);
            DrainState = DrainState.Announced;
            _drainDeadline = now + _options.DrainPingTimeout;
            return;
        }

        EndAnnouncement();
    }

    /// <summary>Ends the connection at once: GOAWAY is queued, every stream ends. Flush the output, then close the socket.</summary>
    /// <param name="code">The code of the GOAWAY.</param>
    /// <param name="reason">What the peer and the log should know, in ASCII.</param>
    /// <param name="events">Receives the end of each open stream and of the connection.</param>
    public void Close(Http2ErrorCode code, string reason, List<Http2Event> events) =>
        Fail(new Http2Error(Http2ErrorScope.Connection, code, Http2ErrorInitiator.User, reason), events);

    /// <summary>Takes the next batch of bytes, about 256 KiB at most, to be written in one call.</summary>
    /// <param name="segments">Is cleared and filled; the memory stays valid until <see cref="CompleteOutput"/>.</param>
    /// <param name="events">Receives what sending brought about: streams that became writable, or available, or the end of draining.</param>
    /// <returns>False when there is nothing to write.</returns>
    /// <exception cref="InvalidOperationException">The batch before is not completed.</exception>
    public bool TryTakeOutput(List<ArraySegment<byte>> segments, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(events);
        ThrowIfReserved();
        if (_outbound.Output.InFlight)
        {
            throw new InvalidOperationException("The batch taken before is not completed.");
        }

        segments.Clear();
        if (OutputHeld)
        {
            return false;
        }

        _outbound.Fill(events);
        FlushNotices(events);
        if (_outbound.Output.PendingBytes == 0)
        {
            return false;
        }

        _outbound.Output.Take(segments);
        _takenReplies = _unsentReplies;
        return true;
    }

    /// <summary>The batch taken last was written: its memory is free.</summary>
    public void CompleteOutput()
    {
        if (!_outbound.Output.InFlight)
        {
            throw new InvalidOperationException("No batch is taken.");
        }

        _outbound.Output.Complete();
        _unsentReplies -= _takenReplies;
        _takenReplies = 0;
    }

    /// <summary>Gives all pooled memory back. The socket must not use a taken batch any longer.</summary>
    public void Dispose()
    {
        IsClosed = true;
        foreach (Http2Stream? stream in _streams.Slots)
        {
            if (stream is not null)
            {
                _outbound.Drop(stream);
            }
        }

        _streams.Clear();
        if (_outbound.Output.InFlight)
        {
            _outbound.Output.Complete();
        }

        _outbound.Output.DropPending();
        _outbound.Output.ReleaseIfEmpty();
        _reader.Buffer.Discard();
    }

    internal Http2Stream? FindStream(int id) => _streams.Find(id);

    /// <summary>Whether a stream was never opened by the end that its number belongs to.</summary>
    internal bool IsIdle(int id) => id > (IsRemoteId(id) ? _lastRemoteId : _lastLocalId);

    internal HeaderList RentHeaders() => _headerPool.Count > 0 ? _headerPool.Pop() : new HeaderList();

    /// <summary>Counts a frame that carries nothing; false when there were too many.</summary>
    internal bool SpendFrame(int cost, List<Http2Event> events)
    {
        if (_floodGuard.TrySpendFrame(cost, _now))
        {
            return true;
        }

        Fail(Http2ErrorCode.EnhanceYourCalm, "Too many frames that carry nothing.", events);
        return false;
    }

    /// <summary>Takes a DATA frame from the connection's window.</summary>
    internal bool TryReceiveData(int length, List<Http2Event> events)
    {
        if (_receiveWindow.TryReceive(length))
        {
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
        else
        {
            _floodGuard.EarnData(dataLength);
        }

        Http2Stream? stream = _streams.Find(id);
        if (stream is null)
        {
            if (IsIdle(id) && !IsRefusedByDrain(id))
            {
                // RFC 9113 section 5.1, "idle": any frame but HEADERS and PRIORITY is a connection error PROTOCOL_ERROR.
                Fail(Http2ErrorCode.ProtocolError, "DATA was received on a stream that was never opened.", events);
            }
            else
            {
                OnFrameAfterClose(id, events);
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

        return true;
    }

    /// <summary>Hands payload up, or credits it when nobody wants it any longer.</summary>
    internal void DeliverData(int id, ReceiveBlock? block, int offset, int length, bool endStream, List<Http2Event> events)
    {
        Http2Stream? stream = _streams.Find(id);
        if (stream is null || stream.Released)
        {
            CreditData(id, length);
        }
        else if (length > 0 || endStream)
        {
            block?.AddReference();
            events.Add(Http2Event.ForData(stream, block, offset, length, endStream));
        }

        if (stream is not null && endStream)
        {
            EndRemote(stream);
        }
    }

    internal void CreditConnection(int octets)
    {
        int increment = _receiveWindow.Consume(octets);
        if (increment > 0 && !IsClosed)
        {
            _outbound.Frames.WriteWindowUpdate(0, increment);
        }
    }

    /// <summary>Opens both windows again for consumed octets.</summary>
    internal void CreditData(int id, int octets)
    {
        if (_streams.Find(id) is { RemoteEnded: false } stream)
        {
            int increment = stream.ReceiveFlow.Consume(octets);
            if (increment > 0)
            {
                _outbound.Frames.WriteWindowUpdate(id, increment);
            }
        }

        CreditConnection(octets);
    }

    /// <summary>A complete header list arrived: opens a stream, or is a response head or a trailer section.</summary>
    internal void OnHeaderList(int id, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        Http2Stream? stream = _streams.Find(id);
        bool kept = stream is null
            ? OnHeadersOfNoStream(id, list, endStream, selfDependent, events)
            : OnHeadersOfStream(stream, list, endStream, selfDependent, events);
        if (!kept)
        {
            ReleaseHeaders(list);
        }
    }

    internal void OnReset(int id, Http2ErrorCode code, List<Http2Event> events)
    {
        Http2Stream? stream = _streams.Find(id);
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
        if (SettingsPayload.TryApply(payload, fromServer: Role == Http2Role.Client, ref settings) is { } code)
        {
            Fail(code, "A setting has a value that is not allowed.", events);
            return;
        }

        // RFC 9113 section 6.9.2: a change of SETTINGS_INITIAL_WINDOW_SIZE applies to all open streams, whose windows may become negative.
        int difference = (int)((long)settings.InitialWindowSize - RemoteSettings.InitialWindowSize);
        if (difference != 0)
        {
            foreach (Http2Stream? stream in _streams.Slots)
            {
                if (stream is not null && !_outbound.TryGrowWindow(stream, difference))
                {
                    Fail(Http2ErrorCode.FlowControlError, "SETTINGS_INITIAL_WINDOW_SIZE makes a window exceed 2^31-1.", events);
                    return;
                }
            }
        }

        bool wasFull = AvailableStreams == 0;
        RemoteSettings = settings;
        RemoteSettingsReceived = true;
        _outbound.Frames.MaxFrameSize = (int)settings.MaxFrameSize;
        _outbound.Frames.Encoder.ApplyPeerTableSize(settings.HeaderTableSize);
        _outbound.Frames.WriteSettingsAck();
        _streamsAvailable |= wasFull && AvailableStreams > 0;
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
        _settingsDeadline = long.MaxValue;
        _reader.Decoder.ApplyAcknowledgedTableSize(_options.HeaderTableSize);
        int difference = _options.InitialStreamWindow - _acceptedInitialWindow;
        _acceptedInitialWindow = _options.InitialStreamWindow;
        if (difference != 0)
        {
            foreach (Http2Stream? stream in _streams.Slots)
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
            _outbound.Frames.WritePing(payload, ack: true);
            CountReply(events);
        }
        else if (payload == DrainPing && DrainState == DrainState.Announced)
        {
            EndAnnouncement();
        }
        else if (payload != KeepAlivePing)
        {
            events.Add(Http2Event.ForConnection(Http2EventKind.PingAcknowledged, default, payload));
        }
    }

    internal void OnGoAway(int lastStreamId, Http2ErrorCode code, ReadOnlySpan<byte> debugData, List<Http2Event> events)
    {
        // RFC 9113 section 6.8: "Endpoints MUST NOT increase the value they send in the last stream identifier".
        if (lastStreamId > _goAwayReceived)
        {
            Fail(Http2ErrorCode.ProtocolError, "A GOAWAY frame raises the last stream id of the one before.", events);
            return;
        }

        if (_goAwayReceived != int.MaxValue && !SpendFrame(FloodGuard.SettingsCost, events))
        {
            return;
        }

        _goAwayReceived = lastStreamId;
        string? reason = debugData.IsEmpty
            ? null
            : System.Text.Encoding.Latin1.GetString(debugData[..Math.Min(debugData.Length, 256)]);
        Http2Error error = new(Http2ErrorScope.Connection, code, Http2ErrorInitiator.Remote, reason);
        events.Add(Http2Event.ForConnection(Http2EventKind.GoAwayReceived, error, (ulong)lastStreamId));
        if (Role == Http2Role.Client)
        {
            if (DrainState == DrainState.Open)
            {
                DrainState = DrainState.Draining;
            }

            Http2Stream?[] open = _streams.Slots.ToArray();
            foreach (Http2Stream? stream in open)
            {
                if (stream is { LocallyOpened: true } && stream.Id > lastStreamId)
                {
                    CloseStream(stream, StreamEnding.ResetByUs);
                    RaiseReset(stream, error, unprocessed: true, events);
                }
            }
        }
        else if (DrainState == DrainState.Open)
        {
            // The client opens nothing more; what it has open runs on.
            DrainState = DrainState.Draining;
        }

        CheckDrained();
    }

    internal void OnWindowUpdate(int id, int increment, List<Http2Event> events)
    {
        if (!SpendFrame(FloodGuard.EmptyFrameCost, events))
        {
            return;
        }

        Http2Stream? stream = id == 0 ? null : _streams.Find(id);
        if (id == 0)
        {
            if (increment == 0)
            {
                Fail(Http2ErrorCode.ProtocolError, "A WINDOW_UPDATE frame has an increment of 0.", events);
            }
            else if (!_outbound.TryGrowWindow(increment))
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
            else if (!_outbound.TryGrowWindow(stream, increment))
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

    internal void OnDataSent(int octets) => _floodGuard.EarnData(octets);

    internal void RecycleIfReleased(Http2Stream stream)
    {
        // Streams in the scheduler's circle are recycled when their turn comes.
        if (stream.Released && stream.IsClosed && !stream.InReadyList)
        {
            _quarantine.Add(stream);
        }
    }

    /// <summary>Ends a stream for the peer's fault.</summary>
    internal void FailStream(Http2Stream stream, Http2ErrorCode code, string reason, List<Http2Event> events)
    {
        _outbound.Frames.WriteReset(stream.Id, code);
        CloseStream(stream, StreamEnding.ResetByUs);
        RaiseReset(stream, new Http2Error(Http2ErrorScope.Stream, code, Http2ErrorInitiator.Library, reason), unprocessed: false, events);
        CountReply(events);
        SpendReset(events);
    }

    /// <summary>Ends the connection for the peer's fault.</summary>
    internal void Fail(Http2ErrorCode code, string reason, List<Http2Event> events) =>
        Fail(new Http2Error(Http2ErrorScope.Connection, code, Http2ErrorInitiator.Library, reason), events);

    private void Fail(in Http2Error error, List<Http2Event> events)
    {
        if (!IsClosed)
        {
            _goAwaySent = Math.Min(_goAwaySent, _lastRemoteId);
            _outbound.Frames.WriteGoAway(_goAwaySent, error.Code, error.Reason);
            End(error, events);
        }
    }

    private void WriteOpening()
    {
        FrameWriter frames = _outbound.Frames;
        if (Role == Http2Role.Client)
        {
            frames.WritePreface();
        }

        Span<(SettingId, uint)> settings = stackalloc (SettingId, uint)[5];
        int count = 0;
        if (_options.HeaderTableSize != HpackDecoder.InitialTableSize)
        {
            settings[count++] = (SettingId.HeaderTableSize, LocalSettings.HeaderTableSize);
        }

        settings[count++] = Role == Http2Role.Client
            ? (SettingId.EnablePush, 0)
            : (SettingId.MaxConcurrentStreams, LocalSettings.MaxConcurrentStreams);
        settings[count++] = (SettingId.InitialWindowSize, LocalSettings.InitialWindowSize);
        if (_options.MaxFrameSize != SettingsPayload.SmallestMaxFrameSize)
        {
            settings[count++] = (SettingId.MaxFrameSize, LocalSettings.MaxFrameSize);
        }

        settings[count++] = (SettingId.MaxHeaderListSize, LocalSettings.MaxHeaderListSize);
        frames.WriteSettings(settings[..count]);
        int increment = _options.ConnectionWindow - FlowWindow.InitialSize;
        if (increment > 0)
        {
            frames.WriteWindowUpdate(0, increment);
        }
    }

    /// <returns>Whether the list was handed up.</returns>
    private bool OnHeadersOfNoStream(int id, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        if (!IsIdle(id) || IsRefusedByDrain(id))
        {
            // RFC 9113 section 5.1.1: a number that is not higher than all before is a connection error PROTOCOL_ERROR; one that is
            // remembered tells more.
            if (Role == Http2Role.Server && !IsRefusedByDrain(id) && _closedStreams.Find(id) == StreamEnding.Forgotten)
            {
                Fail(Http2ErrorCode.ProtocolError, "HEADERS opens a stream with a number that was passed already.", events);
            }
            else
            {
                OnFrameAfterClose(id, events);
            }

            return false;
        }

        // RFC 9113 section 5.1.1: clients open odd numbers; a server opens none but by push, which is disabled.
        if (Role == Http2Role.Client || (id & 1) == 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "HEADERS opens a stream whose number is not the peer's to use.", events);
            return false;
        }

        _lastRemoteId = id;
        string? problem = selfDependent ? "the stream depends on itself" : HeaderRules.CheckRequest(list);
        if (problem is null && endStream && list.ContentLength > 0)
        {
            problem = "content-length announces a body, but there is none";
        }

        if (problem is not null || _remoteStreams >= _options.MaxConcurrentStreams)
        {
            // RFC 9113 section 5.1.2: a stream beyond the limit is a stream error; REFUSED_STREAM lets the client try again.
            _outbound.Frames.WriteReset(id, problem is null ? Http2ErrorCode.RefusedStream : Http2ErrorCode.ProtocolError);
            _closedStreams.Add(id, StreamEnding.ResetByUs);
            CountReply(events);
            SpendReset(events);
            return false;
        }

        Http2Stream stream = RentStream(id);
        stream.ExpectedLength = list.ContentLength;
        stream.FinalHeadersReceived = true;
        _remoteStreams++;
        events.Add(Http2Event.ForHeaders(Http2EventKind.Headers, stream, list, endStream));
        if (endStream)
        {
            EndRemote(stream);
        }

        return true;
    }

    /// <returns>Whether the list was handed up.</returns>
    private bool OnHeadersOfStream(Http2Stream stream, HeaderList list, bool endStream, bool selfDependent, List<Http2Event> events)
    {
        if (stream.RemoteEnded)
        {
            FailStream(stream, Http2ErrorCode.StreamClosed, "HEADERS was received behind END_STREAM.", events);
            return false;
        }

        bool trailers = stream.FinalHeadersReceived;
        string? problem = selfDependent ? "the stream depends on itself"
            : trailers ? HeaderRules.CheckTrailers(list)
            : HeaderRules.CheckResponse(list);
        if (problem is null && trailers && !endStream)
        {
            // RFC 9113 section 8.1: a trailer section ends the stream; a second HEADERS frame without END_STREAM is malformed.
            problem = "trailers do not end the stream";
        }

        if (problem is null && trailers && stream.ExpectedLength >= 0 && stream.ReceivedLength != stream.ExpectedLength)
        {
            problem = "the body does not have the length that content-length says";
        }

        bool interim = !trailers && list.Status is >= 100 and < 200;
        if (problem is null && interim && endStream)
        {
            problem = "an interim response ends the stream";
        }

        if (problem is not null)
        {
            FailStream(stream, Http2ErrorCode.ProtocolError, "A header block is malformed: " + problem + ".", events);
            return false;
        }

        if (interim)
        {
            SpendFrame(FloodGuard.EmptyFrameCost, events);
            return false;
        }

        if (!trailers)
        {
            stream.FinalHeadersReceived = true;

            // A response to HEAD, or 304, has the length of a body that is not sent (RFC 9110 section 8.6).
            stream.ExpectedLength = endStream ? -1 : list.ContentLength;
        }

        bool handedUp = !stream.Released;
        if (handedUp)
        {
            events.Add(Http2Event.ForHeaders(
                trailers ? Http2EventKind.Trailers : Http2EventKind.Headers, stream, list, endStream));
        }

        if (endStream)
        {
            EndRemote(stream);
        }

        return handedUp;
    }

    /// <summary>A frame for a stream that is over, RFC 9113 section 5.1, "closed".</summary>
    private void OnFrameAfterClose(int id, List<Http2Event> events)
    {
        StreamEnding ending = IsRefusedByDrain(id) ? StreamEnding.ResetByUs : _closedStreams.Find(id);
        switch (ending)
        {
            // "an endpoint that sends a RST_STREAM frame ... MUST ignore frames that it receives on closed streams".
            case StreamEnding.ResetByUs:
                break;
            case StreamEnding.Completed:
                Fail(Http2ErrorCode.StreamClosed, "A frame was received on a stream that both ends had ended.", events);
                break;

            // A client knows all its streams: what is forgotten was reset long ago.
            case StreamEnding.Forgotten when Role == Http2Role.Client:
                SpendFrame(FloodGuard.EmptyFrameCost, events);
                break;
            default:
                _outbound.Frames.WriteReset(id, Http2ErrorCode.StreamClosed);
                _closedStreams.Add(id, StreamEnding.ResetByUs);
                CountReply(events);
                SpendReset(events);
                break;
        }
    }

    private bool IsRemoteId(int id) => ((id & 1) == 1) == (Role == Http2Role.Server);

    /// <summary>Whether a stream of the peer came after our final GOAWAY: "the endpoint MUST ignore" it (RFC 9113 section 6.8).</summary>
    private bool IsRefusedByDrain(int id) => id > _goAwaySent && IsRemoteId(id);

    private Http2Stream RentStream(int id)
    {
        Http2Stream stream = _streamPool.Count > 0 ? _streamPool.Pop() : new Http2Stream();
        stream.Open(id, (int)RemoteSettings.InitialWindowSize, _acceptedInitialWindow);
        _streams.Add(stream);
        return stream;
    }

    private void EndRemote(Http2Stream stream)
    {
        stream.Phase = StreamStates.Next(stream.Phase, StreamTransition.ReceiveEndStream);
        if (stream.Phase == StreamState.Closed)
        {
            OnStreamClosed(stream, StreamEnding.Completed);
        }
    }

    private void CloseStream(Http2Stream stream, StreamEnding ending)
    {
        stream.Phase = StreamStates.Next(stream.Phase, StreamTransition.Reset);
        _outbound.Drop(stream);
        OnStreamClosed(stream, ending);
    }

    private void OnStreamClosed(Http2Stream stream, StreamEnding ending)
    {
        _streams.Remove(stream.Id);
        _closedStreams.Add(stream.Id, ending);
        if (ending == StreamEnding.Completed)
        {
            _floodGuard.EarnCompletion();
        }

        if (stream.LocallyOpened)
        {
            bool wasFull = AvailableStreams == 0;
            _localStreams--;
            _streamsAvailable |= wasFull && AvailableStreams > 0;
        }
        else
        {
            _remoteStreams--;
        }

        CheckDrained();
        RecycleIfReleased(stream);
    }

    private static void RaiseReset(Http2Stream stream, in Http2Error error, bool unprocessed, List<Http2Event> events)
    {
        if (!stream.Released)
        {
            events.Add(Http2Event.ForReset(stream, error, unprocessed));
        }
    }

    private void SpendReset(List<Http2Event> events)
    {
        if (!_floodGuard.TrySpendReset(_now))
        {
            Fail(Http2ErrorCode.EnhanceYourCalm, "Too many streams end by a reset.", events);
        }
    }

    private void CountReply(List<Http2Event> events)
    {
        if (++_unsentReplies > MaxUnsentReplies)
        {
            Fail(Http2ErrorCode.EnhanceYourCalm, "Too many replies wait to be read.", events);
        }
    }

    private void EndAnnouncement()
    {
        _drainDeadline = long.MaxValue;
        _goAwaySent = _lastRemoteId;
        _outbound.Frames.WriteGoAway(_goAwaySent, Http2ErrorCode.NoError, null);
        DrainState = DrainState.Draining;
        CheckDrained();
    }

    private void CheckDrained()
    {
        if (DrainState == DrainState.Draining && _streams.Count == 0)
        {
            DrainState = DrainState.Drained;
            _drained = true;
        }
    }

    private void FlushNotices(List<Http2Event> events)
    {
        if (_streamsAvailable && !IsClosed)
        {
            _streamsAvailable = false;
            events.Add(Http2Event.ForConnection(Http2EventKind.StreamsAvailable));
        }

        if (_drained && !IsClosed)
        {
            _drained = false;
            events.Add(Http2Event.ForConnection(Http2EventKind.Drained));
        }
    }

    /// <summary>Ends all streams and the connection; tells it once.</summary>
    private void End(in Http2Error error, List<Http2Event> events)
    {
        if (_closedTold)
        {
            return;
        }

        _closedTold = true;
        IsClosed = true;
        CloseError = error;
        foreach (Http2Stream? stream in _streams.Slots)
        {
            if (stream is not null)
            {
                stream.Phase = StreamState.Closed;
                _outbound.Drop(stream);
                RaiseReset(stream, error, unprocessed: false, events);
            }
        }

        _streams.Clear();
        _localStreams = 0;
        _remoteStreams = 0;
        events.Add(Http2Event.ForConnection(Http2EventKind.ConnectionClosed, error));
    }

    private void EndQuarantine()
    {
        foreach (Http2Stream stream in _quarantine)
        {
            if (_streamPool.Count < PoolLimit)
            {
                stream.Recycle();
                _streamPool.Push(stream);
            }
        }

        _quarantine.Clear();
    }

    private bool CanSend(Http2Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ThrowIfReserved();
        if (stream.IsClosed || IsClosed)
        {
            return false;
        }

        return !stream.EndQueued
            ? true
            : throw new InvalidOperationException($"The sending side of stream {stream.Id} has ended already.");
    }

    private void ThrowIfReserved()
    {
        if (_reservedStream is not null)
        {
            throw new InvalidOperationException("Reserved memory was neither committed nor rolled back.");
        }
    }
}
