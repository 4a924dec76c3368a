// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The one way from input of any kind into a message: read, check the end, check required fields.</summary>
internal static class MessageParsing
{
    // Memory grows with what has arrived, never with what a length prefix promises.
    private const int FirstBlock = 4096;

    public static void Merge(IMessage message, ReadOnlySpan<byte> data, WireReaderOptions options)
    {
        MergePartial(message, data, options);
        RequiredFields.Check(message);
    }

    /// <summary>The same without the check of required fields.</summary>
    public static void MergePartial(IMessage message, ReadOnlySpan<byte> data, WireReaderOptions options)
    {
        WireReader reader = new(data, options);
        message.MergeFrom(ref reader);
        reader.CheckEnd();
    }

    public static void Merge(IMessage message, in ReadOnlySequence<byte> data, WireReaderOptions options)
    {
        if (data.IsSingleSegment)
        {
            Merge(message, data.FirstSpan, options);
            return;
        }

        WireReader reader = new(data, options);
        message.MergeFrom(ref reader);
        reader.CheckEnd();
        RequiredFields.Check(message);
    }

    public static void Merge(IMessage message, Stream input, WireReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        Merge(message, ReadBytes(input, options.SizeLimit, mayEndEarly: true, options.SizeLimit), options);
    }

    public static void MergeDelimited(IMessage message, Stream input, WireReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        int length = ReadLength(input);
        Merge(message, ReadBytes(input, length, mayEndEarly: false, options.SizeLimit), options);
    }

    private static int ReadLength(Stream input)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxLength];
        for (int i = 0; i < bytes.Length; i++)
        {
            int next = input.ReadByte();
            if (next < 0)
            {
                throw InvalidProtocolBufferException.Truncated(1, 0);
            }

            bytes[i] = (byte)next;
            if (next < 0x80)
            {
                _ = Varint.TryRead(bytes[..(i + 1)], out ulong length);
                return length <= int.MaxValue
                    ? (int)length
                    : throw InvalidProtocolBufferException.NegativeSize((long)length);
            }
        }

        throw InvalidProtocolBufferException.MalformedVarint();
    }

    private static ReadOnlySpan<byte> ReadBytes(Stream input, int length, bool mayEndEarly, int sizeLimit)
    {
        if (length > sizeLimit)
        {
            throw InvalidProtocolBufferException.SizeLimitExceeded(sizeLimit);
        }

        byte[] buffer = new byte[Math.Min(length, FirstBlock)];
        int filled = 0;
        while (filled < length)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(Math.Min(length, Array.MaxLength), 2L * buffer.Length));
            }

            int read = input.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                return mayEndEarly
                    ? buffer.AsSpan(0, filled)
                    : throw InvalidProtocolBufferException.Truncated(length - filled, 0);
            }

            filled += read;
        }

        if (mayEndEarly && input.ReadByte() >= 0)
        {
            throw InvalidProtocolBufferException.SizeLimitExceeded(sizeLimit);
        }

        return buffer.AsSpan(0, filled);
    }
}
