// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Frames;

/// <summary>Writes frames into the output. One owner, since the HPACK encoder's order is the order of the bytes.</summary>
internal sealed class FrameWriter(OutputBuffer output)
{
    /// <summary>RFC 9113 section 3.4: what a client sends first.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    // Debug data of GOAWAY is for people; one line is enough.
    private const int MaxDebugLength = 256;

    // Blocks up to this bound are encoded straight into the output, which holds them in one frame for sure.
    private const int DirectBlockSize = 16384;

    private readonly HpackEncoder _encoder = new();

    public HpackEncoder Encoder => _encoder;

    /// <summary>Largest payload that the peer accepts.</summary>
    public int MaxFrameSize { get; set; } = 16384;

    public void WritePreface()
    {
        Preface.CopyTo(output.Reserve(Preface.Length));
        output.Advance(Preface.Length);
    }

    public void WriteSettings(ReadOnlySpan<(SettingId Id, uint Value)> settings)
    {
        Span<byte> frame = BeginFrame(settings.Length * SettingsPayload.EntrySize, FrameType.Settings, FrameFlags.None, 0);
        foreach ((SettingId id, uint value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(frame[2..], value);
            frame = frame[SettingsPayload.EntrySize..];
        }

        output.Advance(FrameHeader.Size + (settings.Length * SettingsPayload.EntrySize));
    }

    public void WriteSettingsAck()
    {
        BeginFrame(0, FrameType.Settings, FrameFlags.Ack, 0);
        output.Advance(FrameHeader.Size);
    }

    public void WritePing(ulong payload, bool ack)
    {
        BinaryPrimitives.WriteUInt64BigEndian(BeginFrame(8, FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0), payload);
        output.Advance(FrameHeader.Size + 8);
    }

    public void WriteWindowUpdate(int streamId, int increment)
    {
        BinaryPrimitives.WriteInt32BigEndian(BeginFrame(4, FrameType.WindowUpdate, FrameFlags.None, streamId), increment);
        output.Advance(FrameHeader.Size + 4);
    }

    public void WriteReset(int streamId, Http2ErrorCode code)
    {
        BinaryPrimitives.WriteUInt32BigEndian(BeginFrame(4, FrameType.RstStream, FrameFlags.None, streamId), (uint)code);
        output.Advance(FrameHeader.Size + 4);
    }

    public void WriteGoAway(int lastStreamId, Http2ErrorCode code, string? reason)
    {
        int debugLength = Math.Min(reason?.Length ?? 0, MaxDebugLength);
        Span<byte> payload = BeginFrame(8 + debugLength, FrameType.GoAway, FrameFlags.None, 0);
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)code);
        Encoding.ASCII.GetBytes(reason.AsSpan(0, debugLength), payload[8..]);
        output.Advance(FrameHeader.Size + 8 + debugLength);
    }

    /// <summary>Writes the header of a DATA frame; its payload is appended to the output next.</summary>
    public void WriteDataHeader(int streamId, int length, bool endStream)
    {
        FrameHeader.Write(
            output.Reserve(FrameHeader.Size), length, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId);
        output.Advance(FrameHeader.Size);
    }

    /// <summary>Writes HEADERS, and CONTINUATION frames when the block needs them; nothing comes between (RFC 9113 section 4.3).</summary>
    public void WriteHeaders(int streamId, OutgoingHeaders headers, bool endStream)
    {
        FrameFlags flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        int bound = headers.MaxEncodedSize + HpackEncoder.MaxUpdateSize;
        if (bound <= DirectBlockSize)
        {
            Span<byte> frame = output.Reserve(FrameHeader.Size + bound);
            int length = _encoder.Encode(headers, frame[FrameHeader.Size..]);
            FrameHeader.Write(frame, length, FrameType.Headers, flags | FrameFlags.EndHeaders, streamId);
            output.Advance(FrameHeader.Size + length);
            return;
        }

        byte[] scratch = ArrayPool<byte>.Shared.Rent(bound);
        ReadOnlySpan<byte> block = scratch.AsSpan(0, _encoder.Encode(headers, scratch));
        FrameType type = FrameType.Headers;
        do
        {
            int length = Math.Min(block.Length, MaxFrameSize);
            if (length == block.Length)
            {
                flags |= FrameFlags.EndHeaders;
            }

            block[..length].CopyTo(BeginFrame(length, type, flags, streamId));
            output.Advance(FrameHeader.Size + length);
            block = block[length..];
            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }
        while (!block.IsEmpty);
        ArrayPool<byte>.Shared.Return(scratch);
    }

    private Span<byte> BeginFrame(int length, FrameType type, FrameFlags flags, int streamId)
    {
        Span<byte> frame = output.Reserve(FrameHeader.Size + length);
        FrameHeader.Write(frame, length, type, flags, streamId);
        return frame[FrameHeader.Size..];
    }
}
