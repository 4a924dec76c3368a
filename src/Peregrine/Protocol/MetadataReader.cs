// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Protocol;

/// <summary>Turns received header fields into metadata.</summary>
internal static class MetadataReader
{
    /// <summary>
    /// Reads every field whose name is not reserved, in order. Blanks at the ends of text values are stripped; other characters
    /// legal in HTTP are kept. A binary value that is not base64 is left out and named.
    /// </summary>
    /// <param name="headers">The received fields.</param>
    /// <param name="metadata">The entries, frozen; <see cref="Metadata.Empty"/> when there are none.</param>
    /// <param name="malformedKey">The first key whose value is not base64; null when there is none.</param>
    /// <returns>Whether every value was readable.</returns>
    public static bool TryRead(HeaderList headers, out Metadata metadata, out string? malformedKey)
    {
        malformedKey = null;
        Metadata? result = null;
        List<byte[]>? values = null;
        foreach (ref readonly HeaderField field in headers.Fields)
        {
            ReadOnlySpan<byte> name = field.Name;
            if (HeaderNames.IsReserved(name))
            {
                continue;
            }

            result ??= new Metadata(headers.Count);
            string key = Encoding.ASCII.GetString(name);
            if (!HeaderNames.IsBinary(name))
            {
                result.Add(Metadata.Entry.Received(key, Encoding.Latin1.GetString(field.Value.Trim(" \t"u8))));
                continue;
            }

            values ??= [];
            values.Clear();
            if (!BinaryMetadata.TryDecode(field.Value, values))
            {
                malformedKey ??= key;
                continue;
            }

            foreach (byte[] value in values)
            {
                result.Add(Metadata.Entry.Received(key, value));
            }
        }

        metadata = result is null ? Metadata.Empty : result.Freeze();
        return malformedKey is null;
    }

    /// <summary>The status of a call whose metadata cannot be read: the call ends, the connection goes on.</summary>
    public static Status MalformedBinaryValue(string key) =>
        new(StatusCode.Internal, $"The value of the binary metadata entry '{key}' is not valid base64.");
}
