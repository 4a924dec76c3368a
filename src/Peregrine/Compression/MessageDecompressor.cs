// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.IO;

namespace Peregrine.Compression;

/// <summary>
/// Decompresses one message into a pooled array. A bomb costs less memory than the limit: gzip says its length (RFC 1952 section 2.3.1),
/// and what is longer is only counted; of other encodings no more is kept than the limit.
/// </summary>
internal static class MessageDecompressor
{
    private const int FirstBuffer = 4096;

    // Deflate's best: 258 bytes for two bits (RFC 1951 section 3.2.5). Who says more says it to have memory taken.
    private const int MostExpansion = 1032;

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
        long? declared = DeclaredLength(provider, compressed);
        bool isKept = declared is null || (declared <= limit && declared <= compressed.Length * MostExpansion);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(
            (int)(!isKept ? FirstBuffer : declared ?? Math.Min(Math.Max(FirstBuffer, compressed.Length * 2), limit)));
        try
        {
            if (compressed.IsEmpty)
            {
                (rented, buffer) = (buffer, []);
                return DecompressionResult.Done;
            }

            using var source = new SequenceStream(compressed);
            using Stream decompressor = provider.CreateDecompressionStream(source);
            long total = 0;
            int kept = 0;
            Span<byte> oneMore = stackalloc byte[1];
            while (true)
            {
                if (isKept && kept == buffer.Length && kept < limit && declared is null)
                {
                    Grow(ref buffer, (int)Math.Min(kept * 2L, limit));
                }

                // Behind a full buffer the end is all that may come.
                Span<byte> room = kept < buffer.Length ? buffer.AsSpan(kept) : oneMore;
                int count = decompressor.Read(room);
                if (count == 0)
                {
                    break;
                }

                total += count;
                kept = isKept ? (int)Math.Min(total, buffer.Length) : 0;
                if (total > limit)
                {
                    return DecompressionResult.TooLarge;
                }

                if (isKept && total > buffer.Length)
                {
                    break;
                }
            }

            if (!isKept || IsTruncated(provider, declared, source, total))
            {
                failure = new InvalidDataException("The compressed data ends too early, or is not as long as it says.");
                return DecompressionResult.Malformed;
            }

            length = kept;
            (rented, buffer) = (buffer, []);
            return DecompressionResult.Done;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            failure = exception;
            return DecompressionResult.Malformed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    // What gzip says of itself: the plain length modulo 2^32 at its end, of the one member that every gRPC implementation writes. What is
    // shorter than its frame says nothing.
    private static long? DeclaredLength(ICompressionProvider provider, ReadOnlySequence<byte> compressed)
    {
        const int frame = 18; // ten bytes of header, eight of trailer
        if (provider is not GzipCompressionProvider || compressed.Length < frame)
        {
            return null;
        }

        Span<byte> size = stackalloc byte[sizeof(uint)];
        compressed.Slice(compressed.Length - size.Length).CopyTo(size);
        return BinaryPrimitives.ReadUInt32LittleEndian(size);
    }

    // The platform's decoders take a cut input for its end. Both formats tell: gzip by its length, and a zlib decoder that has seen its
    // checksum asks for no more input. Providers of users check for themselves.
    private static bool IsTruncated(ICompressionProvider provider, long? declared, SequenceStream source, long total) => provider switch
    {
        GzipCompressionProvider => declared != total,
        DeflateCompressionProvider => source.WasReadPastEnd,
        _ => false,
    };
}
