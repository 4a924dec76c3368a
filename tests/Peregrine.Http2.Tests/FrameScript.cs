// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests;

/// <summary>Writes what a peer sends, frame by frame, so that a test reads like a packet trace.</summary>
internal sealed class FrameScript
{
    private readonly List<byte> _bytes = [];

    public static readonly (string, string)[] Request =
        [(":method", "POST"), (":scheme", "http"), (":path", "/a/b"), (":authority", "test"), ("te", "trailers")];

    public static readonly (string, string)[] Response = [(":status", "200"), ("content-type", "application/grpc")];

    public byte[] ToArray() => [.. _bytes];

    public FrameScript Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public FrameScript Frame(int type, int flags, int streamId, params byte[] payload)
    {
        byte[] header = new byte[FrameHeader.Size];
        FrameHeader.Write(header, payload.Length, (FrameType)type, (FrameFlags)flags, streamId);
        return Raw(header).Raw(payload);
    }

    public FrameScript Preface() => Raw(FrameWriter.Preface).Settings();

    public FrameScript Settings(params (int Id, uint Value)[] settings)
    {
        byte[] payload = new byte[settings.Length * 6];
        for (int i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(i * 6), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return Frame(4, 0, 0, payload);
    }

    public FrameScript SettingsAck() => Frame(4, 1, 0);

    public FrameScript Ping(ulong payload = 1, bool ack = false)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, payload);
        return Frame(6, ack ? 1 : 0, 0, bytes);
    }

    public FrameScript Headers(int streamId, bool endStream, params (string Name, string Value)[] fields) =>
        Frame(1, 4 | (endStream ? 1 : 0), streamId, Encode(fields));

    public FrameScript Data(int streamId, bool endStream, params byte[] payload) => Frame(0, endStream ? 1 : 0, streamId, payload);

    public FrameScript Reset(int streamId, Http2ErrorCode code = Http2ErrorCode.Cancel) => Frame(3, 0, streamId, Number((int)code));

    public FrameScript WindowUpdate(int streamId, int increment) => Frame(8, 0, streamId, Number(increment));

    public FrameScript GoAway(int lastStreamId, Http2ErrorCode code = Http2ErrorCode.NoError) =>
        Frame(7, 0, 0, [.. Number(lastStreamId), .. Number((int)code)]);

    public byte[] Encode(params (string Name, string Value)[] fields)
    {
        // Raw literals on purpose: what is written here may be malformed.
        List<byte> block = [];
        foreach ((string name, string value) in fields)
        {
            block.Add(0);
            foreach (byte[] text in new[] { Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value) })
            {
                byte[] length = new byte[6];
                block.AddRange(length[..HpackInteger.Encode(length, 0, 7, text.Length)]);
                block.AddRange(text);
            }
        }

        return [.. block];
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
