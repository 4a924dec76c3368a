// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>Turns metadata into header fields.</summary>
internal static class MetadataWriter
{
    private const int StackBytes = 256;

    /// <summary>
    /// Adds every entry whose name is not reserved. Binary values become unpadded base64; blanks at the ends of text values are
    /// left out, as HTTP/2 forbids them (RFC 9113 section 8.2.1). Credentials are kept out of the peers' header tables.
    /// </summary>
    public static void Write(OutgoingHeaders headers, Metadata? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }

        byte[]? rented = null;
        Span<byte> buffer = stackalloc byte[StackBytes];
        for (int i = 0; i < metadata.Count; i++)
        {
            Metadata.Entry entry = metadata[i];

            // EncodeToUtf8 writes its padding, too, before it is left out: four bytes for every three begun.
            int valueLength = entry.IsBinary ? (entry.BinaryValue.Length + 2) / 3 * 4 : entry.Value.Length;
            int needed = entry.Key.Length + valueLength;
            if (needed > buffer.Length)
            {
                if (rented is not null)
                {
                    ArrayPool<byte>.Shared.Return(rented);
                }

                buffer = rented = ArrayPool<byte>.Shared.Rent(needed);
            }

            Span<byte> name = buffer[..entry.Key.Length];
            Encoding.ASCII.GetBytes(entry.Key, name);
            if (HeaderNames.IsReserved(name))
            {
                continue;
            }

            Span<byte> value = buffer[name.Length..];
            value = entry.IsBinary
                ? value[..BinaryMetadata.Encode(entry.BinaryValue, value)]
                : value[..Encoding.Latin1.GetBytes(entry.Value, value)].Trim(" \t"u8);
            headers.Add(name, value, IndexingOf(name));
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>What the entries count against a peer's header list limit (RFC 9113 section 6.5.2: name + value + 32).</summary>
    public static long SizeOf(Metadata? metadata)
    {
        long size = 0;
        if (metadata is not null)
        {
            for (int i = 0; i < metadata.Count; i++)
            {
                Metadata.Entry entry = metadata[i];
                size += entry.Key.Length + 32
                    + (entry.IsBinary ? BinaryMetadata.EncodedLength(entry.BinaryValue.Length) : entry.Value.Length);
            }
        }

        return size;
    }

    // RFC 7541 section 7.1.3: secrets must not enter a table that a guesser could probe.
    private static HeaderIndexing IndexingOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("authorization"u8) || name.SequenceEqual("cookie"u8) || name.SequenceEqual("proxy-authorization"u8)
            ? HeaderIndexing.NeverIndexed
            : HeaderIndexing.WithoutIndexing;
}
