// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using Peregrine.Http2.FlowControl;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Guards;
using Peregrine.Http2.Hpack;
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

    private readonly Http2Session _session;
    private Http2Stream? _reservedStream;
    private int _reservedLength;
    private int _takenReplies;

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
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxBufferedBytes, nameof(options));
        _session = new Http2Session(role, options, now);
        WriteOpening();
    }

    // For the tests' invariants: windows, pools, queues.
    internal Http2Session Session => _session;

    /// <summary>Which end this is.</summary>
    public Http2Role Role => _session.Role;

    /// <summary>What this end announced.</summary>
    public Http2Settings LocalSettings => _session.LocalSettings;

    /// <summary>What the peer announced last; the protocol's initial values before <see cref="RemoteSettingsReceived"/>.</summary>
    public Http2Settings RemoteSettings => _session.RemoteSettings;

    /// <summary>Whether the peer's first SETTINGS came: only then is it known to speak HTTP/2.</summary>
    public bool RemoteSettingsReceived => _session.RemoteSettingsReceived;

    /// <summary>How far the graceful end has come.</summary>
    public DrainState DrainState => _session.Drain.State;

    /// <summary>Whether nothing is received any longer. Pending output may still be flushed.</summary>
    public bool IsClosed => _session.IsClosed;

    /// <summary>Why the connection is closed, once it is.</summary>
    public Http2Error CloseError => _session.CloseError;

    /// <summary>Streams that are open or half-closed, whoever opened them.</summary>
    public int ActiveStreams => _session.Streams.Count;

    /// <summary>Whether <see cref="OpenStream"/> may be called.</summary>
    public bool CanOpenStream => AvailableStreams > 0;

    /// <summary>How many streams a client may open now.</summary>
    public int AvailableStreams => _session.AvailableStreams;

    /// <summary>When <see cref="Tick"/> has something to do, at the latest; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline => IsClosed
        ? long.MaxValue
        : Math.Min(Math.Min(_session.SettingsDeadline, _session.Drain.Deadline), _session.KeepAliveTimer.NextDeadline(_session.Streams.Count > 0));

    /// <summary>Whether <see cref="TryTakeOutput"/> would give bytes, once the batch before is completed.</summary>
    public bool HasOutput => !OutputHeld && _session.Outbound.HasOutput;

    /// <summary>Octets written or taken, and not completed; queued DATA is counted by its stream.</summary>
    public int UnsentBytes => _session.Outbound.Output.UnsentBytes;

    /// <summary>What the connection has done so far, and its windows; also when it is closed.</summary>
    public Http2Counters Counters => new()
    {
        LocalStreamsStarted = (_session.LastLocalId + 1) / 2,
        RemoteStreamsStarted = _session.Counted.RemoteStarted,
        StreamsSucceeded = _session.Counted.Succeeded,
        StreamsFailed = _session.Counted.Failed,
        KeepAlivesSent = _session.KeepAlivesSent,
        LastLocalStream = _session.Counted.LastLocal,
        LastRemoteStream = _session.Counted.LastRemote,
        SendWindow = _session.Outbound.Window,
        ReceiveWindow = _session.ReceiveFlow.Available,
    };

    // A server keeps its SETTINGS back until it knows that the peer speaks HTTP/2, so that the owner may answer another protocol.
    private bool OutputHeld => !_session.Reader.PrefaceSeen && !IsClosed;

    /// <summary>Memory to read the socket into; valid until the next <c>Receive</c> or <see cref="ReleaseIdleMemory"/>.</summary>
    public Memory<byte> GetReceiveMemory() => _session.Reader.Buffer.GetFreeMemory(_session.Reader.NeededFrameSize);

    /// <summary>Processes bytes that were read into <see cref="GetReceiveMemory"/>.</summary>
    /// <param name="count">How many bytes were read.</param>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives what happened, in order, at its end.</param>
    public void Receive(int count, long now, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _session.Now = now;
        EndQuarantine();
        _session.Reader.Buffer.Advance(count);
        if (IsClosed)
        {
            _session.Reader.Buffer.Discard();
            return;
        }

        _session.KeepAliveTimer.Received(now);
        _session.Reader.Read(events);
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
        _session.Now = now;
        string when = !RemoteSettingsReceived ? " before it sent its SETTINGS"
            : _session.Streams.Count switch
            {
                0 => "",
                1 => " with one open stream",
                int count => $" with {count} open streams",
            };
        Http2Error end = new(Http2ErrorScope.Connection, Http2ErrorCode.NoError, Http2ErrorInitiator.Remote, $"the peer closed the connection{when}");
        _session.End(_session.Drain.Explain(end), events);
    }

    /// <summary>The owner's transport failed: all streams end, unsent output is dropped.</summary>
    /// <param name="error">What failed.</param>
    /// <param name="events">Receives the end of each open stream and of the connection.</param>
    public void Abort(Http2Error error, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _session.End(error.Initiator == Http2ErrorInitiator.Remote ? _session.Drain.Explain(error) : error, events);
        _session.Outbound.Output.DropPending();
    }

    /// <summary>Lets time pass: time-outs of SETTINGS and of draining, keepalive.</summary>
    /// <param name="now">The time.</param>
    /// <param name="events">Receives what happened.</param>
    public void Tick(long now, List<Http2Event> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _session.Now = now;
        if (IsClosed)
        {
            return;
        }

        if (now >= _session.SettingsDeadline)
        {
            // RFC 9113 section 6.5.3: the sender of SETTINGS that are not acknowledged "within a reasonable amount of time" may fail the
            // connection with SETTINGS_TIMEOUT.
            _session.Fail(Http2ErrorCode.SettingsTimeout, "SETTINGS were not acknowledged in time.", events);
            return;
        }

        if (now >= _session.Drain.Deadline)
        {
            _session.Drain.EndAnnouncement();
        }

        switch (_session.KeepAliveTimer.Check(now, _session.Streams.Count > 0))
        {
            case KeepAlive.Verdict.SendPing:
                _session.SendKeepAlive();
                break;
            case KeepAlive.Verdict.Dead:
                _session.Fail(Http2ErrorCode.NoError, "A keepalive PING was not answered in time: the peer is gone.", events);
                return;
            default:
                break;
        }

        FlushNotices(events);
    }

    /// <summary>Gives pooled memory back while there is nothing to receive or to send, all but the beginning of a frame; it is rented again when needed.</summary>
    public void ReleaseIdleMemory()
    {
        EndQuarantine();
        _session.Reader.Buffer.ReleaseIdle();
        _session.Outbound.Output.ReleaseIfEmpty();
    }

    /// <summary>Gives received bytes back, which also opens the windows for as many. Exactly once for each lease that is not empty.</summary>
    /// <exception cref="InvalidOperationException">The lease was released before.</exception>
    public void ReleaseData(in DataLease lease)
    {
        if (lease.Block is null)
        {
            return;
        }

        _session.Reader.Buffer.Release(lease.Block);
        if (lease.StreamId != 0)
        {
            _session.CreditData(lease.StreamId, lease.Length);
        }
    }

    /// <summary>
    /// Makes one lease of two whose bytes lie side by side, so that many small pieces of a stream need no more memory than their bytes.
    /// </summary>
    /// <param name="lease">The lease before; covers the bytes of both after success.</param>
    /// <param name="next">The lease behind it; not to be released after success.</param>
    /// <returns>False when they do not lie so; nothing changed then.</returns>
    public bool TryJoinData(ref DataLease lease, in DataLease next)
    {
        if (!lease.IsContinuedBy(next))
        {
            return false;
        }

        lease = new DataLease(lease.Block, lease.Offset, lease.Length + next.Length, lease.StreamId);
        _session.Reader.Buffer.Release(next.Block!);
        return true;
    }

    /// <summary>Gives a header list back; neither it nor its fields may be touched after. Any thread, no lock.</summary>
    public static void ReleaseHeaders(HeaderList headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        Spares.Keep(headers);
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
        _session.RecycleIfReleased(stream);
    }

    /// <summary>Opens a stream with its request head (client).</summary>
    /// <param name="headers">The head; read during the call only.</param>
    /// <param name="endStream">Whether nothing follows.</param>
    /// <param name="state">The stream's first <see cref="Http2Stream.State"/>.</param>
    /// <param name="now">The time, so that a peer that has been silent for long is asked whether it is still there; null to ask nothing.</param>
    /// <exception cref="InvalidOperationException"><see cref="CanOpenStream"/> is false.</exception>
    public Http2Stream OpenStream(OutgoingHeaders headers, bool endStream, object? state = null, long? now = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ThrowIfReserved();
        if (!CanOpenStream)
        {
            throw new InvalidOperationException("No stream can be opened now: ask CanOpenStream first.");
        }

        // RFC 9113 section 5.1.1: a client's streams have odd numbers, each higher than all before.
        _session.LastLocalId = _session.LastLocalId == 0 ? 1 : _session.LastLocalId + 2;
        Http2Stream stream = _session.RentStream(_session.LastLocalId);
        stream.LocallyOpened = true;
        stream.IsHead = headers.IsHead;
        stream.State = state;
        _session.LocalStreams++;
        _session.Counted.LastLocal = now ?? _session.Now;
        _session.Outbound.Frames.WriteHeaders(stream.Id, headers, endStream);
        if (now is { } time && _session.KeepAliveTimer.CheckOpening(time, isOnly: _session.Streams.Count == 1))
        {
            // Behind the HEADERS: to the server it is a ping with a stream.
            _session.SendKeepAlive();
        }

        if (endStream)
        {
            _session.OnEndStreamSent(stream);
        }

        if (_session.LastLocalId >= int.MaxValue - 1)
        {
            // RFC 9113 section 5.1.1: "A client that is unable to establish a new stream identifier can establish a new connection".
            _session.Drain.Begin();
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

        _session.Pings.OnMessageSent();
        _session.Outbound.Frames.WriteHeaders(stream.Id, headers, endStream);
        if (endStream)
        {
            _session.OnEndStreamSent(stream);
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

        _session.Pings.OnMessageSent();
        stream.EndQueued = true;
        _session.Outbound.SendTrailers(stream, trailers);
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
        _session.Outbound.SendData(stream, data, endStream);
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
        _session.Outbound.SendData(stream, data, rented, endStream);
        return true;
    }

    /// <summary>
    /// Returns an array to <see cref="ArrayPool{T}.Shared"/> of which bytes were sent by reference without giving it away, once these are sent or dropped.
    /// </summary>
    /// <param name="stream">The stream that they were sent on; it may have ended, or be another's by now. Null when nothing waits on a stream.</param>
    /// <param name="rented">The array.</param>
    public void ReturnAfterSending(Http2Stream? stream, byte[] rented)
    {
        if (stream is null || !stream.Queue.TryGive(rented))
        {
            _session.Outbound.Output.ReturnAfterPending(rented);
        }
    }

    /// <summary>
    /// Reserves memory in the output itself for one DATA frame, to serialize a message in place. No other member may be called before
    /// <see cref="CommitData"/> or <see cref="RollbackData"/>.
    /// </summary>
    /// <returns>False when it cannot go out at once (windows, queued data, full output, closed stream): send by <c>SendData</c> then.</returns>
    public bool TryReserveData(Http2Stream stream, int length, out Span<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length > MaxInPlaceMessage || !CanSend(stream) || !_session.Outbound.FitsNow(stream, length))
        {
            payload = default;
            return false;
        }

        _reservedStream = stream;
        _reservedLength = length;
        payload = _session.Outbound.ReserveData(stream, length);
        return true;
    }

    /// <summary>Makes the reserved memory, or its first part, DATA: a frame, or the rest of the stream's frame that stands last in the output.</summary>
    /// <exception cref="InvalidOperationException">Nothing is reserved.</exception>
    public void CommitData(int length, bool endStream)
    {
        Http2Stream stream = _reservedStream ?? throw new InvalidOperationException("No memory is reserved.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_reservedLength, nameof(length));
        _reservedStream = null;
        _session.Outbound.CommitData(stream, length, endStream);
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

        _session.ResetStream(stream, code);
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
            _session.Outbound.Frames.WritePing(payload, ack: false);
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
        _session.Now = now;
        if (!IsClosed)
        {
            _session.Drain.Begin();
        }
    }

    /// <summary>Ends the connection at once: GOAWAY is queued, every stream ends. Flush the output, then close the socket.</summary>
    /// <param name="code">The code of the GOAWAY.</param>
    /// <param name="reason">What the peer and the log should know, in ASCII.</param>
    /// <param name="events">Receives the end of each open stream and of the connection.</param>
    public void Close(Http2ErrorCode code, string reason, List<Http2Event> events) =>
        _session.Fail(new Http2Error(Http2ErrorScope.Connection, code, Http2ErrorInitiator.User, reason), events);

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
        if (_session.Outbound.Output.InFlight)
        {
            throw new InvalidOperationException("The batch taken before is not completed.");
        }

        segments.Clear();
        if (OutputHeld)
        {
            return false;
        }

        _session.Outbound.Fill(events);
        FlushNotices(events);
        if (_session.Outbound.Output.PendingBytes == 0)
        {
            return false;
        }

        _session.Outbound.Output.Take(segments);
        _takenReplies = _session.UnsentReplies;
        return true;
    }

    /// <summary>The batch taken last was written: its memory is free.</summary>
    public void CompleteOutput()
    {
        if (!_session.Outbound.Output.InFlight)
        {
            throw new InvalidOperationException("No batch is taken.");
        }

        _session.Outbound.Output.Complete();
        _session.UnsentReplies -= _takenReplies;
        _takenReplies = 0;
    }

    /// <summary>Gives all pooled memory back. The socket must not use a taken batch any longer.</summary>
    public void Dispose()
    {
        _session.IsClosed = true;
        foreach (Http2Stream? stream in _session.Streams.Slots)
        {
            if (stream is not null)
            {
                _session.Reader.Buffer.EndCompact(ref stream.CompactBlock);
                _session.Outbound.Drop(stream);
            }
        }

        _session.Streams.Clear();
        if (_session.Outbound.Output.InFlight)
        {
            _session.Outbound.Output.Complete();
        }

        _session.Outbound.Output.DropPending();
        _session.Outbound.Output.ReleaseIfEmpty();
        _session.Reader.Discard();
    }

    private void WriteOpening()
    {
        FrameWriter frames = _session.Outbound.Frames;
        if (Role == Http2Role.Client)
        {
            frames.WritePreface();
        }

        Span<(SettingId, uint)> settings = stackalloc (SettingId, uint)[5];
        int count = 0;
        if (_session.Options.HeaderTableSize != HpackDecoder.InitialTableSize)
        {
            settings[count++] = (SettingId.HeaderTableSize, LocalSettings.HeaderTableSize);
        }

        settings[count++] = Role == Http2Role.Client
            ? (SettingId.EnablePush, 0)
            : (SettingId.MaxConcurrentStreams, LocalSettings.MaxConcurrentStreams);
        settings[count++] = (SettingId.InitialWindowSize, LocalSettings.InitialWindowSize);
        if (_session.Options.MaxFrameSize != SettingsPayload.SmallestMaxFrameSize)
        {
            settings[count++] = (SettingId.MaxFrameSize, LocalSettings.MaxFrameSize);
        }

        settings[count++] = (SettingId.MaxHeaderListSize, LocalSettings.MaxHeaderListSize);
        frames.WriteSettings(settings[..count]);
        int increment = _session.Options.ConnectionWindow - FlowWindow.InitialSize;
        if (increment > 0)
        {
            frames.WriteWindowUpdate(0, increment);
        }
    }

    private void FlushNotices(List<Http2Event> events)
    {
        if (_session.StreamsBecameAvailable && !IsClosed)
        {
            _session.StreamsBecameAvailable = false;
            events.Add(Http2Event.ForConnection(Http2EventKind.StreamsAvailable));
        }

        if (_session.Drain.BecameDrained && !IsClosed)
        {
            _session.Drain.BecameDrained = false;
            events.Add(Http2Event.ForConnection(Http2EventKind.Drained));
        }
    }

    private void EndQuarantine()
    {
        foreach (Http2Stream stream in _session.Quarantine)
        {
            Spares.Keep(stream);
        }

        _session.Quarantine.Clear();
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
