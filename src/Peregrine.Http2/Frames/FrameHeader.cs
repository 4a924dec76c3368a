// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Http2.Frames;

/// <summary>Frame types of RFC 9113 section 6.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    RstStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>Frame flags; a number means different things on different types.</summary>
[Flags]
[SuppressMessage("Design", "CA1069", Justification = "RFC 9113 gives 0x1 two names: END_STREAM on DATA and HEADERS, ACK on SETTINGS and PING.")]
internal enum FrameFlags : byte
{
    None = 0,
    EndStream = 0x1,
    Ack = 0x1,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}

/// <summary>
/// The nine octets before each payload (RFC 9113 section 4.1).
/// <code>
/// +-----------------------------------------------+
/// |                 Length (24)                   |
/// +---------------+---------------+---------------+
/// |   Type (8)    |   Flags (8)   |
/// +-+-------------+---------------+-------------------------------+
/// |R|                 Stream Identifier (31)                      |
/// +=+=============================================================+
/// |                   Frame Payload (0...)                      ...
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly struct FrameHeader(int length, FrameType type, FrameFlags flags, int streamId)
{
    public const int Size = 9;

    public int Length { get; } = length;

    public FrameType Type { get; } = type;

    public FrameFlags Flags { get; } = flags;

    public int StreamId { get; } = streamId;

    public bool EndStream => (Flags & FrameFlags.EndStream) != 0;

    public bool IsAck => (Flags & FrameFlags.Ack) != 0;

    public bool EndHeaders => (Flags & FrameFlags.EndHeaders) != 0;

    public bool IsPadded => (Flags & FrameFlags.Padded) != 0;

    public bool HasPriority => (Flags & FrameFlags.Priority) != 0;

    /// <summary>Reads the nine octets; the reserved bit "MUST be ignored when receiving" (RFC 9113 section 4.1).</summary>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        uint lengthAndType = BinaryPrimitives.ReadUInt32BigEndian(source);
        int streamId = (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & 0x7FFF_FFFF);
        return new FrameHeader((int)(lengthAndType >> 8), (FrameType)(byte)lengthAndType, (FrameFlags)source[4], streamId);
    }

    /// <summary>Writes the nine octets.</summary>
    public static void Write(Span<byte> destination, int length, FrameType type, FrameFlags flags, int streamId)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)length << 8) | (byte)type);
        destination[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(destination[5..], streamId);
    }
}
