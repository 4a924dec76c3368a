// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Frames;

/// <summary>
/// The receiving side of a connection: walks the received bytes, holds every rule on a frame by itself, and tells the connection what
/// each frame means. Stops anywhere; DATA is passed on as it comes, all other frames when they are whole.
/// </summary>
internal sealed class FrameReader(Http2Session connection, Http2ConnectionOptions options)
{
    private readonly HeaderBlockAssembler _assembler = new(options.MaxHeaderListSize * 4);
    private readonly HpackDecoder _decoder = new(options.HeaderTableSize);
    private Step _step = connection.Role == Http2Role.Server ? Step.Preface : Step.Frame;
    private int _prefaceSeen;
    private bool _settingsSeen;
    private int _neededFrameSize;

    // The frame whose payload is passed on as it comes.
    private int _payloadLeft;
    private int _paddingLeft;
    private bool _payloadEndsStream;
    private int _payloadStreamId;

    private enum Step : byte
    {
        Preface,
        Mismatch,
        Frame,
        Data,
        Skip,
    }

    public ReceiveBuffer Buffer { get; } = new(connection);

    public HpackDecoder Decoder => _decoder;

    public bool PrefaceSeen => _step is not (Step.Preface or Step.Mismatch);

    /// <summary>Octets that the next frame needs in one piece, as far as known.</summary>
    public int NeededFrameSize => _neededFrameSize;

    /// <summary>Gives pooled memory back; nothing is read any longer.</summary>
    public void Discard()
    {
        Buffer.Discard();
        _assembler.End();
    }

    public void Read(List<Http2Event> events)
    {
        bool progressed = true;
        while (progressed && !connection.IsClosed)
        {
            progressed = _step switch
            {
                Step.Preface => ReadPreface(events),
                Step.Frame => ReadFrame(events),
                Step.Data => ReadData(events),
                Step.Skip => Skip(),
                _ => Ignore(),
            };
        }

        if (connection.IsClosed)
        {
            Discard();
        }
    }

    /// <summary>Drops what another protocol sends while the owner answers it.</summary>
    private bool Ignore()
    {
        Buffer.Discard();
        return false;
    }

    private bool ReadPreface(List<Http2Event> events)
    {
        // RFC 9113 section 3.4: "Clients and servers MUST treat an invalid connection preface as a connection error of type
        // PROTOCOL_ERROR. A GOAWAY frame MAY be omitted in this case, since an invalid preface indicates that the peer is not using
        // HTTP/2." The owner sees the bytes and may answer in the peer's own language.
        ReadOnlySpan<byte> preface = FrameWriter.Preface;
        ReadOnlySpan<byte> unread = Buffer.Unread;
        int length = Math.Min(unread.Length, preface.Length);
        if (!unread[..length].SequenceEqual(preface[..length]))
        {
            _step = Step.Mismatch;
            CompactBlock none = default;
            (ReceiveBlock block, int offset) = Buffer.Lease(Buffer.Start, unread.Length, ref none);
            Buffer.EndCompact(ref none);
            Http2Error error = new(
                Http2ErrorScope.Connection,
                Http2ErrorCode.ProtocolError,
                Http2ErrorInitiator.Library,
                "The first bytes are not the preface of HTTP/2.");
            events.Add(Http2Event.ForPrefaceMismatch(error, block, offset, unread.Length));
            Buffer.Discard();
            return false;
        }

        _prefaceSeen = length;
        if (_prefaceSeen < preface.Length)
        {
            return false;
        }

        Buffer.Consume(preface.Length);
        _step = Step.Frame;
        return true;
    }

    private bool ReadFrame(List<Http2Event> events)
    {
        ReadOnlySpan<byte> unread = Buffer.Unread;
        _neededFrameSize = FrameHeader.Size;
        if (unread.Length < FrameHeader.Size)
        {
            return false;
        }

        FrameHeader header = FrameHeader.Read(unread);
        if (!CheckHeader(header, events))
        {
            return !connection.IsClosed;
        }

        if (header.Type == FrameType.Data)
        {
            return BeginData(header, unread, events);
        }

        if (header.Type > FrameType.Continuation)
        {
            // RFC 9113 section 4.1: "Implementations MUST ignore and discard frames of unknown types."
            Buffer.Consume(FrameHeader.Size);
            BeginSkip(header.Length);
            return connection.SpendFrame(Guards.FloodGuard.EmptyFrameCost, events);
        }

        _neededFrameSize = FrameHeader.Size + header.Length;
        if (unread.Length < _neededFrameSize)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = unread.Slice(FrameHeader.Size, header.Length);
        Buffer.Consume(_neededFrameSize);
        switch (header.Type)
        {
            case FrameType.Headers:
                OnHeaders(header, payload, events);
                break;
            case FrameType.Continuation:
                OnContinuation(header, payload, events);
                break;
            case FrameType.Priority:
                OnPriority(header, payload, events);
                break;
            case FrameType.RstStream:
                OnReset(header, payload, events);
                break;
            case FrameType.Settings:
                OnSettings(header, payload, events);
                break;
            case FrameType.Ping:
                OnPing(header, payload, events);
                break;
            case FrameType.GoAway:
                OnGoAway(header, payload, events);
                break;
            case FrameType.WindowUpdate:
                OnWindowUpdate(header, payload, events);
                break;
            default:
                // RFC 9113 section 8.4: a server "MUST treat the receipt of a PUSH_PROMISE frame as a connection error", and section
                // 6.5.2: a client that disabled push, which ours always does, treats it so, too.
                connection.Fail(Http2ErrorCode.ProtocolError, "PUSH_PROMISE was received, but push is disabled.", events);
                break;
        }

        return true;
    }

    /// <summary>Rules that need no payload; false when the frame is refused, skipped or the connection over.</summary>
    private bool CheckHeader(in FrameHeader header, List<Http2Event> events)
    {
        if (header.Type is FrameType.Data or FrameType.Headers)
        {
            connection.KeepAliveTimer.ReceivedMessage();
        }

        if (!_settingsSeen)
        {
            // RFC 9113 section 3.4: the preface is followed by "a SETTINGS frame, which MAY be empty", the first frame of either side.
            if (header.Type != FrameType.Settings || header.IsAck)
            {
                connection.Fail(
                    Http2ErrorCode.ProtocolError, "The first frame is not SETTINGS: the peer may not speak HTTP/2.", events);
                return false;
            }

            _settingsSeen = true;
        }

        // RFC 9113 section 4.3: between HEADERS and its last CONTINUATION no other frame may come.
        if (_assembler.InProgress
            && (header.Type != FrameType.Continuation || header.StreamId != _assembler.StreamId))
        {
            connection.Fail(Http2ErrorCode.ProtocolError, "A header block was interrupted by another frame.", events);
            return false;
        }

        if (header.Length <= options.MaxFrameSize)
        {
            return true;
        }

        // RFC 9113 section 4.2: "An endpoint MUST send an error code of FRAME_SIZE_ERROR if a frame exceeds the size defined in
        // SETTINGS_MAX_FRAME_SIZE"; only frames that alter the connection's state end the connection.
        if (header.Type == FrameType.Data && header.StreamId != 0 && connection.HasStream(header.StreamId))
        {
            if (connection.TryReceiveData(header.Length, events))
            {
                Buffer.Consume(FrameHeader.Size);
                connection.CreditConnection(header.Length);
                BeginSkip(header.Length);
                _ = connection.TryFailStream(header.StreamId, Http2ErrorCode.FrameSizeError, "A DATA frame exceeds SETTINGS_MAX_FRAME_SIZE.", events);
            }

            return false;
        }

        connection.Fail(Http2ErrorCode.FrameSizeError, "A frame exceeds SETTINGS_MAX_FRAME_SIZE.", events);
        return false;
    }

    // +---------------+
    // |Pad Length? (8)|
    // +---------------+-----------------------------------------------+
    // |                            Data (*)                         ...
    // +---------------------------------------------------------------+
    // |                           Padding (*)                       ...
    // +---------------------------------------------------------------+
    private bool BeginData(in FrameHeader header, ReadOnlySpan<byte> unread, List<Http2Event> events)
    {
        int overhead = 0;
        if (header.IsPadded)
        {
            if (header.Length == 0)
            {
                return Fail(Http2ErrorCode.FrameSizeError, "A padded DATA frame has no pad length.", events);
            }

            if (unread.Length <= FrameHeader.Size)
            {
                _neededFrameSize = FrameHeader.Size + 1;
                return false;
            }

            // RFC 9113 section 6.1: "If the length of the padding is the length of the frame payload or greater, the recipient MUST treat
            // this as a connection error of type PROTOCOL_ERROR."
            overhead = 1 + unread[FrameHeader.Size];
            if (overhead > header.Length)
            {
                return Fail(Http2ErrorCode.ProtocolError, "The padding of a DATA frame exceeds its payload.", events);
            }
        }

        // RFC 9113 section 6.1: DATA on stream 0 is a connection error PROTOCOL_ERROR.
        if (header.StreamId == 0)
        {
            return Fail(Http2ErrorCode.ProtocolError, "DATA was received on stream 0.", events);
        }

        if (!connection.TryReceiveData(header.Length, events))
        {
            return false;
        }

        Buffer.Consume(FrameHeader.Size + (header.IsPadded ? 1 : 0));
        int left = header.Length - (header.IsPadded ? 1 : 0);
        int length = header.Length - overhead;
        if (!connection.TryAcceptData(header.StreamId, header.Length, length, header.EndStream, events))
        {
            // The frame counts against the connection's window all the same (RFC 9113 section 6.9).
            connection.CreditConnection(header.Length);
            BeginSkip(left);
            return !connection.IsClosed;
        }

        if (overhead > 0)
        {
            connection.CreditData(header.StreamId, overhead);
        }

        _payloadStreamId = header.StreamId;
        _payloadLeft = length;
        _paddingLeft = left - length;
        _payloadEndsStream = header.EndStream;
        _step = Step.Data;
        if (length == 0)
        {
            connection.DeliverData(header.StreamId, null, 0, 0, header.EndStream, events);
            BeginSkip(_paddingLeft);
        }

        return !connection.IsClosed;
    }

    private bool ReadData(List<Http2Event> events)
    {
        int length = Math.Min(_payloadLeft, Buffer.Length);
        if (length == 0)
        {
            return false;
        }

        _payloadLeft -= length;
        connection.DeliverData(
            _payloadStreamId, Buffer.Block, Buffer.Start, length, _payloadEndsStream && _payloadLeft == 0, events);
        Buffer.Consume(length);
        if (_payloadLeft == 0)
        {
            BeginSkip(_paddingLeft);
        }

        return true;
    }

    private void BeginSkip(int length)
    {
        _payloadLeft = length;
        _step = length > 0 ? Step.Skip : Step.Frame;
    }

    private bool Skip()
    {
        int length = Math.Min(_payloadLeft, Buffer.Length);
        Buffer.Consume(length);
        _payloadLeft -= length;
        if (_payloadLeft > 0)
        {
            return false;
        }

        _step = Step.Frame;
        return true;
    }

    // +---------------+
    // |Pad Length? (8)|
    // +-+-------------+-----------------------------------------------+
    // |E|                 Stream Dependency? (31)                     |
    // +-+-------------+-----------------------------------------------+
    // |  Weight? (8)  |
    // +-+-------------+-----------------------------------------------+
    // |                   Header Block Fragment (*)                 ...
    // +---------------------------------------------------------------+
    // |                           Padding (*)                       ...
    // +---------------------------------------------------------------+
    private void OnHeaders(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        if (header.StreamId == 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "HEADERS was received on stream 0.", events);
            return;
        }

        if (header.IsPadded)
        {
            if (payload.IsEmpty)
            {
                Fail(Http2ErrorCode.FrameSizeError, "A padded HEADERS frame has no pad length.", events);
                return;
            }

            int padding = payload[0];
            if (padding >= payload.Length)
            {
                Fail(Http2ErrorCode.ProtocolError, "The padding of a HEADERS frame exceeds its payload.", events);
                return;
            }

            payload = payload[1..^padding];
        }

        bool selfDependent = false;
        if (header.HasPriority)
        {
            if (payload.Length < 5)
            {
                Fail(Http2ErrorCode.FrameSizeError, "A HEADERS frame is too short for its priority fields.", events);
                return;
            }

            selfDependent = DependencyOf(payload) == header.StreamId;
            payload = payload[5..];
        }

        if (header.EndHeaders)
        {
            OnHeaderBlock(header.StreamId, header.EndStream, selfDependent, payload, events);
            return;
        }

        _assembler.Begin(header.StreamId, header.EndStream, selfDependent);
        AppendFragment(payload, events);
    }

    private void OnContinuation(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.10: "A CONTINUATION frame MUST be preceded by a HEADERS, PUSH_PROMISE or CONTINUATION frame without the
        // END_HEADERS flag set."
        if (!_assembler.InProgress)
        {
            Fail(Http2ErrorCode.ProtocolError, "CONTINUATION was received without a header block to continue.", events);
            return;
        }

        if (!AppendFragment(payload, events) || !header.EndHeaders)
        {
            return;
        }

        int streamId = _assembler.StreamId;
        OnHeaderBlock(streamId, _assembler.EndStream, _assembler.SelfDependent, _assembler.Block, events);
        _assembler.End();
    }

    private bool AppendFragment(ReadOnlySpan<byte> fragment, List<Http2Event> events)
    {
        if (_assembler.TryAppend(fragment))
        {
            return true;
        }

        _assembler.End();
        return Fail(Http2ErrorCode.EnhanceYourCalm, "A header block takes too many octets or CONTINUATION frames.", events);
    }

    private void OnHeaderBlock(
        int streamId, bool endStream, bool selfDependent, ReadOnlySpan<byte> block, List<Http2Event> events)
    {
        HeaderList list = Spares.TakeHeaders(block.Length);
        string? problem = block.Length > options.MaxHeaderListSize * 4
            ? null
            : _decoder.Decode(block, list, options.MaxHeaderListSize, options.MaxHeaderFields);
        if (problem is not null)
        {
            Spares.Keep(list);

            // RFC 9113 section 4.3: "A receiver MUST terminate the connection with a connection error of type COMPRESSION_ERROR if it does
            // not decompress a field block."
            Fail(Http2ErrorCode.CompressionError, "A header block cannot be decoded: " + problem + ".", events);
            return;
        }

        if (block.Length > options.MaxHeaderListSize * 4 || list.Size > options.MaxHeaderListSize * 4)
        {
            Spares.Keep(list);
            Fail(Http2ErrorCode.EnhanceYourCalm, "A header list is more than four times as large as the limit announced.", events);
            return;
        }

        connection.Fields.OnHeaderList(streamId, list, endStream, selfDependent, events);
    }

    private static int DependencyOf(ReadOnlySpan<byte> payload) =>
        (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & 0x7FFF_FFFF);

    private void OnPriority(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.3: on stream 0 a connection error PROTOCOL_ERROR; another length than five octets a stream error
        // FRAME_SIZE_ERROR. A stream that was never opened cannot be reset, so there the connection ends.
        if (header.StreamId == 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "PRIORITY was received on stream 0.", events);
            return;
        }

        bool wrongLength = payload.Length != 5;
        if (wrongLength || DependencyOf(payload) == header.StreamId)
        {
            Http2ErrorCode code = wrongLength ? Http2ErrorCode.FrameSizeError : Http2ErrorCode.ProtocolError;
            string reason = wrongLength ? "A PRIORITY frame is not five octets long." : "A stream depends on itself.";
            if (!connection.TryFailStream(header.StreamId, code, reason, events))
            {
                Fail(code, reason, events);
            }

            return;
        }

        connection.SpendFrame(Guards.FloodGuard.EmptyFrameCost, events);
    }

    private void OnReset(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.4: wrong length: connection error FRAME_SIZE_ERROR; stream 0 or idle: connection error PROTOCOL_ERROR.
        if (payload.Length != 4)
        {
            Fail(Http2ErrorCode.FrameSizeError, "An RST_STREAM frame is not four octets long.", events);
        }
        else if (header.StreamId == 0 || connection.IsIdle(header.StreamId))
        {
            Fail(Http2ErrorCode.ProtocolError, "RST_STREAM was received on a stream that was never opened.", events);
        }
        else
        {
            connection.OnReset(header.StreamId, (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload), events);
        }
    }

    private void OnSettings(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.5: on another stream than 0: PROTOCOL_ERROR; an acknowledgment with a payload, or a length that is no
        // multiple of six: FRAME_SIZE_ERROR; all of the connection.
        if (header.StreamId != 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "SETTINGS was received on a stream.", events);
        }
        else if ((header.IsAck && payload.Length != 0) || payload.Length % SettingsPayload.EntrySize != 0)
        {
            Fail(Http2ErrorCode.FrameSizeError, "A SETTINGS frame has a wrong length.", events);
        }
        else if (header.IsAck)
        {
            connection.OnSettingsAck(events);
        }
        else
        {
            connection.OnSettings(payload, events);
        }
    }

    private void OnPing(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.7: on another stream than 0: PROTOCOL_ERROR; another length than eight octets: FRAME_SIZE_ERROR.
        if (header.StreamId != 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "PING was received on a stream.", events);
        }
        else if (payload.Length != 8)
        {
            Fail(Http2ErrorCode.FrameSizeError, "A PING frame is not eight octets long.", events);
        }
        else
        {
            connection.OnPing(BinaryPrimitives.ReadUInt64BigEndian(payload), header.IsAck, events);
        }
    }

    // +-+-------------------------------------------------------------+
    // |R|                  Last-Stream-ID (31)                        |
    // +-+-------------------------------------------------------------+
    // |                      Error Code (32)                          |
    // +---------------------------------------------------------------+
    // |                  Additional Debug Data (*)                    |
    // +---------------------------------------------------------------+
    private void OnGoAway(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        if (header.StreamId != 0)
        {
            Fail(Http2ErrorCode.ProtocolError, "GOAWAY was received on a stream.", events);
        }
        else if (payload.Length < 8)
        {
            Fail(Http2ErrorCode.FrameSizeError, "A GOAWAY frame is shorter than eight octets.", events);
        }
        else
        {
            connection.Drain.OnGoAway(
                DependencyOf(payload), (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]), payload[8..], events);
        }
    }

    private void OnWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload, List<Http2Event> events)
    {
        // RFC 9113 section 6.9: another length than four octets: connection error FRAME_SIZE_ERROR; an increment of 0: PROTOCOL_ERROR of
        // the stream, or of the connection on stream 0. Section 5.1: on an idle stream a connection error PROTOCOL_ERROR.
        if (payload.Length != 4)
        {
            Fail(Http2ErrorCode.FrameSizeError, "A WINDOW_UPDATE frame is not four octets long.", events);
        }
        else if (header.StreamId != 0 && connection.IsIdle(header.StreamId))
        {
            Fail(Http2ErrorCode.ProtocolError, "WINDOW_UPDATE was received on a stream that was never opened.", events);
        }
        else
        {
            connection.OnWindowUpdate(header.StreamId, DependencyOf(payload), events);
        }
    }

    /// <summary>Ends the connection; false, so that a reading step can return it.</summary>
    private bool Fail(Http2ErrorCode code, string reason, List<Http2Event> events)
    {
        connection.Fail(code, reason, events);
        return false;
    }
}
