// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;

namespace Peregrine.Compression;

/// <summary>Decompresses one message into a pooled array, and stops one byte past the limit: a bomb costs no more than that.</summary>
internal static class MessageDecompressor
{
    private const int FirstBuffer = 4096;

    /// <summary>
    /// Decompresses a message. One of no bytes is an empty message: peers that compress with the platform's streams send it so, since
    /// these write nothing for nothing.
    /// </summary>
    /// <param name="provider">Its encoding.</param>
    /// <param name="compressed">The message.</param>
    /// <param name="maxLength">The limit of the decompressed length; negative for none.</param>
    /// <param name="rented">The decompressed message, at its start; the caller returns it to the shared pool. Null unless done.</param>
    /// <param name="length">The decompressed length.</param>
    /// <param name="failure">What the decoder said about broken data.</param>
    public static DecompressionResult Decompress(
        ICompressionProvider provider,
        ReadOnlySequence<byte> compressed,
        int maxLength,
        out byte[]? rented,
        out int length,
        out Exception? failure)
    {
        rented = null;
        failure = null;
        length = 0;
        long limit = maxLength < 0 ? Array.MaxLength : maxLength;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(compressed.Length * 2, FirstBuffer, Math.Max(FirstBuffer, limit)));
        bool keep = false;
        try
        {
            if (compressed.IsEmpty)
            {
                keep = true;
                rented = buffer;
                return DecompressionResult.Done;
            }

            using var source = new SequenceStream(compressed);
            using Stream decompressor = provider.CreateDecompressionStream(source);
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Array.MaxLength));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                int room = (int)Math.Min(buffer.Length - length, limit + 1 - length);
                int count = decompressor.Read(buffer, length, room);
                if (count == 0)
                {
                    break;
                }

                length += count;
                if (length > limit)
                {
                    return DecompressionResult.TooLarge;
                }
            }

            if (IsTruncated(provider, compressed, source, length))
            {
                failure = new InvalidDataException("The compressed data ends too early.");
                return DecompressionResult.Malformed;
            }

            keep = true;
            rented = buffer;
            return DecompressionResult.Done;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            failure = exception;
            return DecompressionResult.Malformed;
        }
        finally
        {
            if (!keep)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    /// <summary>
    /// The platform's decoders take a cut input for its end. Both formats tell: gzip ends with the plain length modulo 2^32 (RFC 1952
    /// section 2.3.1; one member, as every gRPC implementation writes it), and a zlib decoder that has seen its checksum asks for no
    /// more input. Providers of users check for themselves.
    /// </summary>
    private static bool IsTruncated(
        ICompressionProvider provider, ReadOnlySequence<byte> compressed, SequenceStream source, int length)
    {
        const int gzipFrame = 18; // ten bytes of header, eight of trailer
        if (provider is not GzipCompressionProvider)
        {
            return provider is DeflateCompressionProvider && source.WasReadPastEnd;
        }

        if (compressed.Length < gzipFrame)
        {
            return true;
        }

        Span<byte> size = stackalloc byte[sizeof(int)];
        compressed.Slice(compressed.Length - size.Length).CopyTo(size);
        return BinaryPrimitives.ReadInt32LittleEndian(size) != length;
    }
}
