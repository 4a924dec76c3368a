// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Peregrine.Protobuf;

namespace Bench.Calls;

/// <summary>gRPC's frame around a message, for the baselines that write it by hand: a flag, four octets of length, the message.</summary>
internal static class MessageFrame
{
    public const int PrefixLength = 5;

    /// <summary>Writes a message and its prefix; the length of both.</summary>
    public static int Write(IBufferWriter<byte> output, IMessage message, bool gzip)
    {
        if (gzip)
        {
            return WriteCompressed(output, message);
        }

        int size = message.CalculateSize();
        Span<byte> span = output.GetSpan(PrefixLength + size);
        span[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)size);
        message.WriteTo(span.Slice(PrefixLength, size));
        output.Advance(PrefixLength + size);
        return PrefixLength + size;
    }

    /// <summary>Reads a message if all of it is there, and moves behind it.</summary>
    public static bool TryRead<T>(ref ReadOnlySequence<byte> bytes, MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        if (bytes.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        bytes.Slice(0, PrefixLength).CopyTo(prefix);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (bytes.Length < PrefixLength + length)
        {
            return false;
        }

        ReadOnlySequence<byte> content = bytes.Slice(PrefixLength, length);
        message = prefix[0] == 0 ? parser.ParseFrom(content) : parser.ParseFrom(Decompress(content));
        bytes = bytes.Slice(PrefixLength + length);
        return true;
    }

    private static int WriteCompressed(IBufferWriter<byte> output, IMessage message)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            message.WriteTo(gzip);
        }

        int size = (int)compressed.Length;
        Span<byte> span = output.GetSpan(PrefixLength + size);
        span[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], (uint)size);
        compressed.GetBuffer().AsSpan(0, size).CopyTo(span[PrefixLength..]);
        output.Advance(PrefixLength + size);
        return PrefixLength + size;
    }

    private static byte[] Decompress(ReadOnlySequence<byte> content)
    {
        using GZipStream gzip = new(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
        using MemoryStream plain = new();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }
}
