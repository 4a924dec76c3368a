// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace Peregrine.TestKit;

/// <summary>One HTTP/2 frame (RFC 9113 section 4.1).</summary>
public sealed record RawFrame(RawFrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const int HeaderLength = 9;
    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;

    /// <summary>A frame whose payload is numbers of 32 bits.</summary>
    public static RawFrame OfNumbers(RawFrameType type, int stream, params uint[] numbers)
    {
        byte[] payload = new byte[numbers.Length * sizeof(uint)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(i * sizeof(uint)), numbers[i]);
        }

        return new RawFrame(type, 0, stream, payload);
    }

    /// <summary>The next frame of a connection; null when the connection ends.</summary>
    public static async Task<RawFrame?> ReadAsync(Stream connection)
    {
        byte[] header = new byte[HeaderLength];
        if (await connection.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            return null;
        }

        byte[] payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        return await connection.ReadAtLeastAsync(payload, payload.Length, throwOnEndOfStream: false) < payload.Length
            ? null
            : new RawFrame((RawFrameType)header[3], header[4], (int)(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(5)) & int.MaxValue), payload);
    }

    public bool Has(byte flag) => (Flags & flag) != 0;

    /// <summary>The number of 32 bits at the start of the payload.</summary>
    public uint Number => BinaryPrimitives.ReadUInt32BigEndian(Payload);

    /// <summary>What a DATA frame carries, without its padding.</summary>
    public ReadOnlySpan<byte> Data => Has(Padded) ? Payload.AsSpan(1, Payload.Length - 1 - Payload[0]) : Payload;

    /// <summary>The frame's octets.</summary>
    public byte[] ToArray()
    {
        using MemoryStream output = new(HeaderLength + Payload.Length);
        WriteTo(output);
        return output.ToArray();
    }

    public void WriteTo(MemoryStream output)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        header[0] = (byte)(Payload.Length >> 16);
        header[1] = (byte)(Payload.Length >> 8);
        header[2] = (byte)Payload.Length;
        header[3] = (byte)Type;
        header[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], Stream);
        output.Write(header);
        output.Write(Payload);
    }
}
